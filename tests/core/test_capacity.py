"""Capacity by its formula: the worked numbers of the domain, weeks without holidays and leaves, and refusals of nonsense."""

from __future__ import annotations

from datetime import date, time

import pytest

from drumbeat.core.calendars import national_calendar
from drumbeat.core.capacity import (
    Assumptions,
    Working,
    hours_between,
    hours_by_week,
    partners_that_fit,
)
from drumbeat.core.playbook import read_routine
from drumbeat.library import routine_texts

HOURS, FIXED = 220 * 8, 182.0
NEEDS = {"registered": 1.39, "silver": 3.77, "gold": 29.26, "platinum": 58.72}
GERMANY = national_calendar("DE", None, range(2026, 2028))


@pytest.mark.parametrize(
    ("mix", "a_partner", "full", "partners"),
    [
        ({"registered": 50, "silver": 30, "gold": 15, "platinum": 5}, 9.15, 80.1, 68),
        ({"gold": 50, "platinum": 50}, 43.99, 16.7, 14),
        ({"registered": 80, "silver": 20}, 1.866, 392.9, 334),
    ],
)
def test_the_worked_numbers_of_the_domain(mix, a_partner, full, partners) -> None:
    fit = partners_that_fit(HOURS, FIXED, mix, NEEDS)
    assert (round(fit.plannable, 1), round(fit.for_partners, 1)) == (915.2, 733.2)
    assert fit.a_partner == pytest.approx(a_partner, abs=0.005)
    assert fit.full == pytest.approx(full, abs=0.05) and fit.partners == partners


@pytest.mark.parametrize(("tier", "by_cadence"), [("gold", 19.0), ("platinum", 45.67), ("silver", 0.0)])
def test_the_shipped_routines_make_up_what_cadences_need_of_a_partner_year(
    tier: str, by_cadence: float
) -> None:
    """The rest of the domain's hours comes from events (deals, leads, certifications) at rates that it assumes."""
    times = {"weekly-partner-call": 52, "monthly-checkin": 12, "quarter-review": 4}
    who = {
        "gold": ("monthly-checkin", "quarter-review"),
        "platinum": ("weekly-partner-call", "quarter-review"),
    }
    minutes = {
        key: sum(
            step.minutes
            for step in read_routine(routine_texts()[key]).routine.steps
            if step.by == "channel_manager"
        )
        for key in times
    }
    hours = sum(times[key] * minutes[key] for key in who.get(tier, ())) / 60
    assert hours == pytest.approx(by_cadence, abs=0.01) and hours <= NEEDS[tier]


def test_partners_that_need_nothing_set_no_limit_and_a_full_manager_has_room_for_none() -> None:
    assert partners_that_fit(HOURS, FIXED, {"silver": 1}, {}).partners is None
    assert partners_that_fit(HOURS, 2000, {"gold": 1}, NEEDS).partners == 0
    assert partners_that_fit(HOURS, FIXED, {}, NEEDS).partners is None


def test_a_week_leaves_out_holidays_absences_and_days_outside_the_window() -> None:
    away = ((date(2026, 5, 18), date(2026, 5, 20)),)
    working = Working(GERMANY, hours_between(time(9), time(17)), away)
    whole = Assumptions(internal=0, reserve=0)
    # From a Tuesday: 4 days; Ascension Day off; two days away; then one day before the end.
    assert hours_by_week(working, date(2026, 5, 5), date(2026, 5, 26), whole) == [32, 32, 24, 0]
    assert hours_by_week(working, date(2026, 5, 4), date(2026, 5, 9)) == [pytest.approx(40 * 0.65 * 0.8)]
