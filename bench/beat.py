"""How fast the beat opens a million due occurrences with two steps each, beside a twin that writes the same rows.

The twin is plain `INSERT … SELECT` in one process, in the same tables under the same constraints, in the same run.
Usage: .venv/bin/python -m bench.beat [occurrences]. Prints JSON lines: occurrences/s, ratio to the twin, peak memory.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import resource
import sys
import time

from bench.database import fresh_database

PARTNERS = 100_000
AT = "2026-06-08 12:00+00"
TEXT = """
routine: bench-{n}
title: Bench
purpose: A routine to measure with.
subject: partner
promise: {{by: vendor, to: partner, text: We call., kept_by: call}}
owner: channel_manager
goals: [trust]
audience: partner.status == "active"
cadence: {{rule: FREQ=WEEKLY;BYDAY=TU, at: "10:00", zone: partner}}
grace: 1bd
steps:
  - {{step: prepare, kind: task, title: Prepare, minutes: 5, due: -1bd}}
  - {{step: call, kind: task, title: Call, minutes: 20, due: 0}}
"""


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with fresh_database():
        measure(count)


def measure(count: int) -> None:
    ready(count)
    twin_s = timed(lambda: run_twin(count))
    report("twin, plain INSERT … SELECT, 1 process", count, twin_s, twin_s)
    for processes in (1, 2):
        empty(count)
        seconds = timed(lambda n=processes: run_beat(n))
        verify(count)
        report(f"beat, {processes} process{'es' * (processes > 1)}", count, seconds, twin_s)


def ready(count: int) -> None:
    """Partners and managers, a live routine for each ten of a partner's subscriptions, and the due moments."""
    django_ready()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from drumbeat.apps.routines.actions import publish_version

    at = parse_at()
    for n in range(-(-count // PARTNERS)):
        publish_version(TEXT.format(n=n), by=None, at=at)
    execute(CAST, {"partners": PARTNERS, "count": count})
    fill(count)


CAST = """
INSERT INTO people_account (password, email, name, sort_name, role, zone, country, subdivision, language, works_from,
                            works_until, routine_minutes_a_day, is_active)
SELECT '', 'm' || n || '@example.org', 'Manager ' || n, 'manager ' || n, 'channel_manager', 'Europe/Berlin', 'DE', '', 'en',
       '09:00', '17:00', 360, true FROM generate_series(1, 1000) n;
INSERT INTO partners_partner (key, name, sort_name, type, status, tier, country, subdivision, city, address, postal_code,
                              phone, zone, calendar, language, gives_pos)
SELECT 'p' || n, 'Partner ' || n, 'partner ' || n, 'var', 'active', 'gold', 'DE', '', '', '', '', '', 'Europe/Berlin', '', 'en',
       false FROM generate_series(1, %(partners)s) n;
INSERT INTO partners_assignment (partner_id, person_id, from_on)
SELECT id, (SELECT min(id) FROM people_account) + mod(id, 1000), '2020-01-01' FROM partners_partner;
INSERT INTO routines_subscription (routine_id, partner_id, phase, started_on, is_by_hand)
SELECT r.id, p.id, 0, '2020-01-01', false FROM routines_routine r CROSS JOIN partners_partner p
ORDER BY r.id, p.id LIMIT %(count)s;
SELECT ledger_make_month('2026-06-01');
ANALYZE
"""

MOMENTS = """
INSERT INTO routines_moment (subscription_id, version_id, nominal_on, opens_at, due_at, deadline_at, miss_at, step_dues,
                             step_deadlines, why)
SELECT s.id, r.version_id, '2026-06-09', '2026-06-07 22:00+00', '2026-06-09 08:00+00', '2026-06-10 08:00+00',
       '2026-06-16 08:00+00', ARRAY['2026-06-08 08:00+00', '2026-06-09 08:00+00']::timestamptz[],
       ARRAY[NULL, NULL]::timestamptz[], 'rule 2026-06-09'
FROM routines_subscription s JOIN routines_routine r ON r.id = s.routine_id LIMIT %(count)s
"""

# The same rows in the same tables: promise, entry, standing, occurrence, two steps; the moments deleted.
TWIN = """
INSERT INTO ledger_promise (id, origin, routine, owing, owed, kept_through, partner_id, person_id, promised_at,
                            original_due_at, original_deadline_at, original_miss_at, text)
SELECT m.id, 'routine', r.key, 'vendor', 'partner', 'person', s.partner_id, a.person_id, %(at)s, m.due_at, m.deadline_at,
       m.miss_at, ''
FROM routines_moment m JOIN routines_subscription s ON s.id = m.subscription_id JOIN routines_routine r ON r.id = s.routine_id
JOIN partners_assignment a ON a.partner_id = s.partner_id AND a.until_on IS NULL;
INSERT INTO ledger_entry (recorded_at, promise_id, kind, at) SELECT %(at)s, m.id, 'promised', %(at)s FROM routines_moment m;
INSERT INTO ledger_standing (promise_id, partner_id, person_id, due_at, deadline_at, miss_at, cause)
SELECT m.id, s.partner_id, a.person_id, m.due_at, m.deadline_at, m.miss_at, '' FROM routines_moment m
JOIN routines_subscription s ON s.id = m.subscription_id
JOIN partners_assignment a ON a.partner_id = s.partner_id AND a.until_on IS NULL;
INSERT INTO routines_occurrence (id, subscription_id, version_id, promise_id, nominal_on, due_at, opened_at, why)
SELECT m.id, m.subscription_id, m.version_id, m.id, m.nominal_on, m.due_at, %(at)s, m.why FROM routines_moment m;
INSERT INTO routines_step (occurrence_id, playbook_step_id, kind, side, is_machine, state, assignee_id, role, starts_at, due_at,
                           attempts, error, answer)
SELECT m.id, p.id, p.kind, p.side, false, 'open', a.person_id, p.by, m.step_dues[p.position + 1], m.step_dues[p.position + 1],
       0, '', ''
FROM routines_moment m JOIN routines_subscription s ON s.id = m.subscription_id
JOIN routines_playbookstep p ON p.version_id = m.version_id
JOIN partners_assignment a ON a.partner_id = s.partner_id AND a.until_on IS NULL;
DELETE FROM routines_moment
"""

EMPTY = """
SET session_replication_role = replica;
TRUNCATE routines_step, routines_occurrence, ledger_standing, ledger_promise, ledger_entry, ledger_ask, routines_moment,
    meetings_agendapoint, meetings_attendee, meetings_meeting, outbox_attachment, outbox_message, reports_edition CASCADE;
SET session_replication_role = origin
"""


def run_twin(count: int) -> None:  # noqa: ARG001
    execute(TWIN, {"at": AT}, atomic=True)


def run_beat(processes: int) -> None:
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=open_all) for _ in range(processes)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
        assert worker.exitcode == 0, "a beat process failed"


def open_all() -> None:
    django_ready()
    from drumbeat.apps.routines.actions import open_due

    open_due(at=parse_at())


def empty(count: int) -> None:
    execute(EMPTY, {})
    fill(count)


def fill(count: int) -> None:
    execute(MOMENTS, {"count": count})
    execute("VACUUM ANALYZE", {})
    execute("CHECKPOINT", {})


def verify(count: int) -> None:
    from drumbeat.apps.ledger.models import Entry, Standing
    from drumbeat.apps.routines.models import Moment, Occurrence, Step

    found = (
        Occurrence.objects.count(),
        Step.objects.count(),
        Standing.objects.count(),
        Entry.objects.count(),
    )
    assert found == (count, 2 * count, count, count), found
    assert not Moment.objects.exists()


def execute(statements: str, parameters: dict[str, object], *, atomic: bool = False) -> None:
    import psycopg

    with psycopg.connect(os.environ["DRUMBEAT_DATABASE_URL"], autocommit=not atomic) as connection:
        for statement in statements.split(";"):
            used = {name: value for name, value in parameters.items() if f"%({name})s" in statement}
            connection.execute(statement, used or None)


def django_ready() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "drumbeat.config.settings")
    import django

    django.setup()


def parse_at():  # type: ignore[no-untyped-def]
    from datetime import UTC, datetime

    return datetime(2026, 6, 8, 12, tzinfo=UTC)


def timed(work) -> float:  # type: ignore[no-untyped-def]
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def report(name: str, count: int, seconds: float, twin_s: float) -> None:
    peak = (
        max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        // 1024
    )
    line = {
        "bench": "beat",
        "what": name,
        "occurrences": count,
        "seconds": round(seconds, 1),
        "per_second": round(count / seconds),
        "times_the_twin": round(seconds / twin_s, 2),
        "peak_mib": peak,
    }
    print(json.dumps(line, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
