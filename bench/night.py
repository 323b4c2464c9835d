"""What a night of planning costs for 1.2 million subscriptions, and a tick of the clock with nothing due among them.

100,000 partners in 40 places on 12 routines, in the real tables: the first plan of 100 days, the next night, the same night
again, and ticks. Usage: .venv/bin/python -m bench.night [partners]. Prints JSON lines, seconds by the clock on the wall.
"""

from __future__ import annotations

import json
import resource
import statistics
import sys
import time
from datetime import UTC, datetime, timedelta

from bench.beat import TEXT, django_ready, execute
from bench.database import fresh_database
from bench.planning import PLACES, RULES

AT = datetime(2026, 6, 8, 1, tzinfo=UTC)
TICKS = 50

CAST = """
INSERT INTO people_account (password, email, name, sort_name, role, zone, country, subdivision, language, works_from,
                            works_until, routine_minutes_a_day, is_active)
SELECT '', 'm' || n || '@example.org', 'Manager ' || n, 'manager ' || n, 'channel_manager', 'Europe/Berlin', 'DE', '', 'en',
       '09:00', '17:00', 360, true FROM generate_series(1, 1000) n;
INSERT INTO partners_partner (key, name, sort_name, type, status, tier, country, subdivision, city, address, postal_code,
                              phone, zone, calendar, language, gives_pos)
SELECT 'p' || n, 'Partner ' || n, 'partner ' || n, 'var', 'active', 'gold',
       (%(countries)s::text[])[1 + mod(n, %(places)s)], '', '', '', '', '', (%(zones)s::text[])[1 + mod(n, %(places)s)],
       '', 'en', false FROM generate_series(1, %(partners)s) n;
INSERT INTO partners_assignment (partner_id, person_id, from_on)
SELECT id, (SELECT min(id) FROM people_account) + mod(id, 1000), '2020-01-01' FROM partners_partner;
INSERT INTO routines_subscription (routine_id, partner_id, phase, started_on, is_by_hand)
SELECT r.id, p.id, mod(p.id, 5), '2026-06-01', false FROM routines_routine r CROSS JOIN partners_partner p;
SELECT ledger_make_month('2026-06-01');
ANALYZE
"""


def main() -> None:
    partners = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with fresh_database():
        measure(partners)


def measure(partners: int) -> None:
    django_ready()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    ready(partners)
    from drumbeat.apps.routines.models import Moment, Subscription

    count = Subscription.objects.count()
    plan("first plan of 100 days", count, AT)
    execute("VACUUM ANALYZE", {})
    plan("the next night", count, AT + timedelta(days=1))
    plan("the same night again", count, AT + timedelta(days=1))
    report(what="moments stored", subscriptions=count, moments=Moment.objects.count())
    ticks(count)


def ready(partners: int) -> None:
    from drumbeat.apps.people.actions import set_up_vendor
    from drumbeat.apps.routines.actions import publish_version, start_routine

    set_up_vendor(
        name="Bench", country="DE", subdivision="", zone="Europe/Berlin", mail_from="b@example.org", at=AT
    )
    for n, (rule, *_, is_both) in enumerate(RULES):
        text = TEXT.format(n=n).replace("FREQ=WEEKLY;BYDAY=TU", f'"{rule}"')
        text = text.replace("grace: 1bd", f"calendar: {'both' if is_both else 'partner'}\ngrace: 1bd")
        start_routine(publish_version(text, by=None, at=AT).routine, by=None, at=AT)
    zones, countries = zip(*PLACES, strict=True)
    execute(
        CAST,
        {"partners": partners, "places": len(PLACES), "zones": list(zones), "countries": list(countries)},
    )


def plan(what: str, count: int, at: datetime) -> None:
    from drumbeat.apps.routines.actions import plan_moments

    begin, mine = time.perf_counter(), time.process_time()
    done = plan_moments(at=at)
    seconds = time.perf_counter() - begin
    report(
        what=what, subscriptions=count, created=done.created, moved=done.moved, cancelled=done.cancelled,
        seconds=round(seconds, 1), own_cpu_seconds=round(time.process_time() - mine, 1),
        microseconds_a_subscription=round(seconds / count * 1e6), peak_mib=peak(),
    )  # fmt: skip


def ticks(count: int) -> None:
    """Before anything is due, as on most minutes of a day."""
    from drumbeat.apps.routines.actions import open_due
    from drumbeat.workflows.beating import tick

    early = datetime(2026, 5, 1, tzinfo=UTC)
    for what, beat in (("open_due with nothing due", open_due), ("whole tick with nothing due", tick)):
        beat(at=early)
        took = []
        for _ in range(TICKS):
            begin = time.perf_counter()
            beat(at=early)
            took.append((time.perf_counter() - begin) * 1000)
        report(
            what=what, subscriptions=count, median_ms=round(statistics.median(took), 2),
            p95_ms=round(sorted(took)[int(TICKS * 0.95)], 2),
        )  # fmt: skip


def peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def report(**line: object) -> None:
    print(json.dumps({"bench": "night"} | line), flush=True)


if __name__ == "__main__":
    main()
