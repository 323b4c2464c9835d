"""The vendor's fiscal year, from its row to the moments that are planned by it."""

from __future__ import annotations

from datetime import date

import pytest

from drumbeat.apps.people.actions import set_fiscal_year
from drumbeat.apps.people.queries import vendor
from drumbeat.apps.routines.actions import plan_moments, publish_version, start_routine, subscribe
from drumbeat.apps.routines.bridge import Settings
from drumbeat.apps.routines.models import Moment
from drumbeat.core.fiscal import CALENDAR_YEAR, WeekYear
from drumbeat.core.playbook import read_routine
from drumbeat.core.refusal import Refused
from drumbeat.interfaces.cli.account import fiscal_year
from drumbeat.library import routine_texts
from tests.apps.routines.test_beat import TEXT
from tests.world import AT, World, build_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build_world()


def planned(world: World, rule: str) -> list[date]:
    text = (TEXT % "late").replace("rule: FREQ=WEEKLY;BYDAY=TU", f"rule: '{rule}'")
    routine = publish_version(text, by=None, at=AT).routine
    start_routine(routine, by=None, at=AT)
    subscribe(routine, [world.bergmann], on=AT.date())
    plan_moments(at=AT)
    return list(Moment.objects.order_by("nominal_on").values_list("nominal_on", flat=True))


def test_the_vendor_s_fiscal_year_reaches_the_setting(world: World) -> None:
    playbook = read_routine(routine_texts()["monthly-partner-report"]).routine
    assert Settings(playbook, vendor()).of(world.kestrel, world.bob).fiscal == CALENDAR_YEAR
    set_fiscal_year(starts=2, pattern="4-5-4", by=world.adam, at=AT)
    setting = Settings(playbook, vendor()).of(world.kestrel, world.bob)
    assert setting.fiscal == WeekYear("4-5-4", "nearest", 5, 2)


def test_moments_follow_the_fiscal_year_and_move_with_it(world: World) -> None:
    assert planned(world, "fiscal:quarter") == [date(2026, 4, 1)]
    set_fiscal_year(starts=2, pattern="4-5-4", by=world.adam, at=AT)
    assert plan_moments(at=AT)
    assert [moment.nominal_on for moment in Moment.objects.all()] == [date(2026, 5, 3)]
    assert not plan_moments(at=AT).created


def test_every_nth_working_day_counts_from_the_start_and_is_planned_once(world: World) -> None:
    days = planned(world, "every 10bd")
    assert days[:4] == [date(2026, 3, 2), date(2026, 3, 16), date(2026, 3, 30), date(2026, 4, 15)]
    again = plan_moments(at=AT)
    assert (again.created, again.moved, again.cancelled) == (0, 0, 0)


def test_fiscal_years_that_do_not_exist_and_people_who_may_not_are_refused(world: World) -> None:
    with pytest.raises(Refused, match="no pattern"):
        set_fiscal_year(starts=2, pattern="5-5-5", by=world.adam, at=AT)
    with pytest.raises(Refused, match="no month 13"):
        set_fiscal_year(starts=13, by=world.adam, at=AT)
    with pytest.raises(Refused, match="administrator"):
        set_fiscal_year(starts=2, by=world.alice, at=AT)
    assert vendor().fiscal_year_starts == 1


def test_the_operator_sets_it_by_command_and_hears_what_moved(world: World, capsys) -> None:
    planned(world, "fiscal:quarter")
    fiscal_year.callback.__wrapped__(starts=2, pattern="months", ends="nearest", weekday="SA")
    assert "begins with month 2, in months" in capsys.readouterr().out
    assert vendor().fiscal_year_starts == 2
