"""How long a quarter of a large channel takes to simulate, today beside a change, and where its capacity stands.

The channel of `bench.night`, not planned: 100,000 partners in 40 places with two contacts each on 12 routines. Usage:
.venv/bin/python -m bench.simulation [partners]. Prints JSON lines: seconds, CPU seconds, peak memory.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import date
from typing import Any

from bench.beat import TEXT, django_ready, execute
from bench.database import fresh_database
from bench.night import AT, peak, ready, report, ticks

CONTACTS = """
INSERT INTO partners_contact (partner_id, name, sort_name, email, phone, roles, language, joined_on)
SELECT p.id, 'C ' || n, 'c ' || n, 'c' || n || '.' || p.id || '@example.com', '',
       ARRAY[(ARRAY['principal','sales_lead'])[n]], '', '2024-01-01' FROM partners_partner p CROSS JOIN generate_series(1, 2) n;
INSERT INTO routines_moment (subscription_id, version_id, nominal_on, opens_at, due_at, deadline_at, miss_at, step_dues,
                             step_deadlines, why)
SELECT s.id, r.version_id, '2026-06-09', '2026-06-07 22:00+00', '2026-06-09 08:00+00', '2026-06-10 08:00+00',
       '2026-06-16 08:00+00', '{}', '{}', '' FROM routines_subscription s JOIN routines_routine r ON r.id = s.routine_id;
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
    execute(CONTACTS, {})
    from drumbeat.core.playbook import read_routine
    from drumbeat.interfaces.kit.simulated import tables_of
    from drumbeat.workflows.balancing import holdings
    from drumbeat.workflows.simulating import simulate

    window = {"from_on": date(2026, 7, 1), "until_on": date(2026, 10, 1), "at": AT}
    change = read_routine(TEXT.format(n=0).replace("FREQ=WEEKLY;BYDAY=TU", "FREQ=DAILY")).routine
    now = timed("a quarter as it is", partners, lambda: simulate(None, **window))
    both = timed("a quarter beside a change", partners, lambda: simulate(change, **window))
    timed("its tables", partners, lambda: tables_of(both))
    timed("a year's capacity", partners, lambda: holdings(from_on=date(2026, 7, 1), at=AT))
    report(
        bench="simulation",
        what="occurrences",
        now=now.now.forecast.total,
        then=both.then.forecast.total,
        meetings=now.now.meetings.size,
    )
    ticks(partners * 12)


def timed(what: str, partners: int, work: Callable[[], Any]) -> Any:
    begin, mine = time.perf_counter(), time.process_time()
    done = work()
    report(
        bench="simulation", what=what, partners=partners, seconds=round(time.perf_counter() - begin, 1),
        own_cpu_seconds=round(time.process_time() - mine, 1), peak_mib=peak(),
    )  # fmt: skip
    return done


if __name__ == "__main__":
    main()
