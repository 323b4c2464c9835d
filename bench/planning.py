"""How fast a year of due moments is planned for 100,000 partners on 12 routines, beside python-dateutil.

The arrays keep rolls, offsets, phases, pauses, blackouts and starts; the twin expands the bare rule of each subscription with
`dateutil.rrule`, on a sample, scaled to the same number of occurrences. Both are told in CPU seconds of this one run, the
arrays by the median of five times; `kernel_seconds` of it went into handing out fresh memory, which differs by machine.
Usage: .venv/bin/python -m bench.planning [partners]. Prints JSON lines: occurrences/s, ratio to the twin, peak memory.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from dataclasses import replace
from datetime import date, datetime
from itertools import product
from zoneinfo import ZoneInfo

import numpy as np
from dateutil.rrule import rrulestr
from numpy.typing import NDArray

from drumbeat.core.calendars import WorkingCalendar, national_calendar
from drumbeat.core.massplanning import Planned, broadcast, dues_by_start
from drumbeat.core.planning import Setting, wanted_moments
from drumbeat.core.playbook import Blackout, Pause, Routine, read_routine
from drumbeat.library import routine_texts

SINCE, UNTIL = date(2026, 1, 1), date(2027, 1, 1)
# Most partners were there before the year, the others join with a quarter.
STARTS = tuple(date(2026, month, 1) for month in (1, 4, 7, 10))
SAMPLE = 2_000
CHECKED = 400
PLACES = (
    ("Europe/Berlin", "DE"), ("Europe/Paris", "FR"), ("Europe/London", "GB"), ("Europe/Madrid", "ES"),
    ("Europe/Rome", "IT"), ("Europe/Warsaw", "PL"), ("Europe/Vienna", "AT"), ("Europe/Zurich", "CH"),
    ("Europe/Amsterdam", "NL"), ("Europe/Brussels", "BE"), ("Europe/Stockholm", "SE"), ("Europe/Oslo", "NO"),
    ("Europe/Copenhagen", "DK"), ("Europe/Helsinki", "FI"), ("Europe/Athens", "GR"), ("Europe/Lisbon", "PT"),
    ("Europe/Dublin", "IE"), ("Europe/Prague", "CZ"), ("Europe/Budapest", "HU"), ("Europe/Bucharest", "RO"),
    ("Europe/Istanbul", "TR"), ("Africa/Cairo", "EG"), ("Africa/Johannesburg", "ZA"), ("Asia/Jerusalem", "IL"),
    ("Asia/Riyadh", "SA"), ("Asia/Dubai", "AE"), ("Asia/Kolkata", "IN"), ("Asia/Singapore", "SG"),
    ("Asia/Shanghai", "CN"), ("Asia/Tokyo", "JP"), ("Asia/Seoul", "KR"), ("Australia/Sydney", "AU"),
    ("Pacific/Auckland", "NZ"), ("America/New_York", "US"), ("America/Chicago", "US"), ("America/Los_Angeles", "US"),
    ("America/Toronto", "CA"), ("America/Mexico_City", "MX"), ("America/Sao_Paulo", "BR"), ("America/Santiago", "CL"),
)  # fmt: skip
PAUSE, BLACKOUT = (
    (Pause(date(2000, 12, 24), date(2000, 12, 31), True),),
    Blackout((Pause(date(2026, 6, 29), date(2026, 6, 30), False),), "following"),
)
# rule, roll, offset, spread, whether the partner's calendar must agree with the vendor's
RULES = (
    ("FREQ=WEEKLY;BYDAY=TU", "following", 0, 4, True),
    ("FREQ=WEEKLY;BYDAY=WE", "preceding", 0, 2, False),
    ("FREQ=WEEKLY;BYDAY=FR", "skip", 0, 0, False),
    ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", "following", 0, 4, True),
    ("FREQ=MONTHLY;BYMONTHDAY=1", "following", 4, 0, True),
    ("FREQ=MONTHLY;BYMONTHDAY=1", "following", 9, 5, True),
    ("FREQ=MONTHLY;BYMONTHDAY=-1", "modified_preceding", 0, 0, False),
    ("FREQ=MONTHLY;BYDAY=3TU", "nearest", 0, 2, False),
    ("FREQ=YEARLY;BYMONTH=1,4,7,10;BYMONTHDAY=1", "following", 9, 10, True),
    ("FREQ=YEARLY;BYMONTH=1,4,7,10;BYMONTHDAY=1", "modified_following", -20, 4, False),
    ("FREQ=MONTHLY;INTERVAL=6;BYMONTHDAY=1", "following", 0, 4, False),
    ("FREQ=WEEKLY;BYDAY=TH", "modified_following", 1, 4, True),
)
Column = NDArray[np.int32]


def main() -> None:
    partners = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    routines, settings = [_routine(*rule) for rule in RULES], _settings()
    place, phases, start = _subscriptions(partners)
    times = []
    planned = None
    for _ in range(5):
        del planned
        begin = os.times()
        planned, rows = plan(routines, settings, place, phases, start)
        times.append(_passed(begin))
    seconds, kernel = sorted(times)[len(times) // 2]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    _verify(routines, settings, place, phases, start, planned)
    twin_each = _twin(routines, settings, place)
    twin = twin_each * planned.ids.size
    report(
        what="arrays, with rolls, offsets, phases, pauses, blackouts and starts",
        occurrences=planned.ids.size,
        triples=len({(r.cadence.rule, r.cadence.roll, r.cadence.offset, s.zone.key, s.calendar.name)
                     for (r, c) in product(routines, range(len(PLACES))) for s in [settings[r.calendar][c]]}),
        combinations=rows,
        cpu_seconds=round(seconds, 3),
        kernel_seconds=round(kernel, 3),
        all_cpu_seconds=[round(each, 3) for each, _ in times],
        per_second=round(planned.ids.size / seconds),
        peak_mib=peak,
    )  # fmt: skip
    report(
        what=f"python-dateutil, bare rules, on {SAMPLE} subscriptions, scaled to the same occurrences",
        per_second=round(1 / twin_each),
        cpu_seconds=round(twin, 1),
        times_as_long=round(twin / seconds),
    )


def _passed(begin: os.times_result) -> tuple[float, float]:
    """CPU seconds since, and how many of them the kernel took."""
    now = os.times()
    return now.user + now.system - begin.user - begin.system, now.system - begin.system


def _routine(rule: str, roll: str, offset: int, spread: int, is_both: bool) -> Routine:
    plain = read_routine(routine_texts()["monthly-partner-report"]).routine
    cadence = replace(
        plain.cadence, rule=rule, roll=roll, offset=offset, spread=spread, pause=PAUSE, blackout=BLACKOUT
    )
    return replace(plain, cadence=cadence, calendar="both" if is_both else "partner")


def _settings() -> dict[str, list[Setting]]:
    """By the routine's word for its calendar, one for each place."""
    years = range(2024, 2029)
    own: list[WorkingCalendar] = [national_calendar(country, None, years) for _, country in PLACES]
    made = {"partner": own, "both": [calendar.both_with(own[0]) for calendar in own]}
    zones = [ZoneInfo(zone) for zone, _ in PLACES]
    return {
        word: [Setting(*pair) for pair in zip(zones, calendars, strict=True)]
        for word, calendars in made.items()
    }


def _subscriptions(partners: int) -> tuple[Column, list[Column], Column]:
    """The columns of the subscriptions table: place and start of each partner, phase for each routine."""
    dice = np.random.default_rng(4)
    place = dice.integers(0, len(PLACES), partners, dtype=np.int32)
    phases = [dice.integers(0, spread + 1, partners, dtype=np.int32) for _, _, _, spread, _ in RULES]
    start = np.where(dice.random(partners) < 0.8, 0, dice.integers(0, len(STARTS), partners)).astype(np.int32)
    return place, phases, start


def plan(
    routines: list[Routine],
    settings: dict[str, list[Setting]],
    place: Column,
    phases: list[Column],
    start: Column,
) -> tuple[Planned, int]:
    """All occurrences of all subscriptions; subscription n of routine r has the id r * partners + n."""
    rows: list[NDArray[np.int64]] = []
    row_of = np.empty((len(routines), place.size), np.intp)
    for number, (routine, phase) in enumerate(zip(routines, phases, strict=True)):
        spread, begin = routine.cadence.spread + 1, len(rows)
        for setting in settings[routine.calendar]:
            by_start = dues_by_start(
                routine.cadence, setting, phases=range(spread), starts=STARTS, until=UNTIL
            )
            rows += [by_start[each, start] for start in STARTS for each in range(spread)]
        row_of[number] = begin + (place * len(STARTS) + start) * spread + phase
    ids = np.arange(row_of.size, dtype=np.int32)
    return broadcast(rows, row_of.ravel(), ids), len(rows)


def _verify(routines, settings, place, phases, start, planned: Planned) -> None:  # type: ignore[no-untyped-def]
    """Some subscriptions one by one, against the law that the product keeps."""
    chosen = np.random.default_rng(5).integers(0, len(routines) * place.size, CHECKED)
    for pk in chosen:
        number, partner = divmod(int(pk), place.size)
        routine = routines[number]
        wanted = wanted_moments(
            routine, settings[routine.calendar][place[partner]], phase=int(phases[number][partner]),
            anchor=STARTS[start[partner]], since=STARTS[start[partner]], until=UNTIL,
        )  # fmt: skip
        found = planned.due_at[planned.ids == pk].astype(np.int64).tolist()
        assert found == [int(moment.due_at.timestamp()) for moment in wanted], (pk, routine.cadence.rule)


def _twin(routines: list[Routine], settings: dict[str, list[Setting]], place: Column) -> float:
    """CPU seconds an occurrence."""
    found, begin = 0, time.process_time()
    for n in range(SAMPLE):
        routine = routines[n % len(routines)]
        zone = settings[routine.calendar][place[n]].zone
        rule = rrulestr(
            f"RRULE:{routine.cadence.rule}",
            dtstart=datetime(2026, 1, 1, routine.cadence.at.hour, tzinfo=zone),
        )
        found += len(
            rule.between(datetime(2026, 1, 1, tzinfo=zone), datetime(2027, 1, 1, tzinfo=zone), inc=True)
        )
    return (time.process_time() - begin) / found


def report(**line: object) -> None:
    print(json.dumps({"bench": "planning"} | line), flush=True)


if __name__ == "__main__":
    main()
