"""The score's cells: the same as counting every occurrence by hand, past from the ledger, coming planned or reckoned."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta

import pytest

from drumbeat.apps.routines.actions import Agreement, agree_override
from drumbeat.apps.routines.bridge import agreements_of, playbook_of
from drumbeat.apps.routines.models import Moment, Occurrence, Subscription, SubscriptionSet
from drumbeat.apps.routines.queries import Span, score_cells, setting_of
from drumbeat.apps.routines.queries.beyond import beyond_horizon
from drumbeat.core.planning import wanted_moments
from tests.interfaces.desk.scene import AT, Scene, build_scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return build_scene()


def span_of(scene: Scene, first: date, until: date, unit: str = "week") -> Span:
    zone = scene.world.alice.tz
    today_until = datetime(2026, 6, 9, 22, tzinfo=UTC)
    return Span(first, until, unit, zone, AT, today_until)  # type: ignore[arg-type]


QUARTER = date(2026, 4, 1), date(2026, 7, 1)


@pytest.mark.parametrize("rows", ["routines", "partners"])
def test_cells_count_what_a_slow_twin_counts_one_by_one(scene: Scene, rows: str) -> None:
    span = span_of(scene, *QUARTER, unit="day")
    found: Counter[tuple[int, date]] = Counter()
    for one in [*Occurrence.objects.all(), *Moment.objects.all()]:
        standing = getattr(one, "promise", None) and one.promise.standing
        on = (standing or one).due_at.astimezone(span.zone).date()
        row = one.subscription.routine_id if rows == "routines" else one.subscription.partner_id
        if span.from_on <= on < span.until_on:
            found[row, on] += 1
    cells = score_cells(Subscription.objects.all(), span, rows=rows)
    assert {(row, cell.on): cell.size for row, told in cells.items() for cell in told} == found


def test_states_are_those_of_the_ledger(scene: Scene) -> None:
    cells = score_cells(Subscription.objects.filter(routine=scene.weekly), span_of(scene, *QUARTER))
    counts = sum((Counter(cell.counts) for cell in cells[scene.weekly.pk]), Counter())
    outcomes = Counter(
        Occurrence.objects.filter(subscription__routine=scene.weekly).values_list(
            "promise__standing__outcome", flat=True
        )
    )
    assert counts["kept"] == outcomes["kept"] > 0
    assert counts["due"] == 3
    assert counts["upcoming"] > 0


def test_one_alone_is_told_in_full_and_several_are_not(scene: Scene) -> None:
    subscriptions = Subscription.objects.filter(partner=scene.world.bergmann, routine=scene.weekly)
    cells = score_cells(subscriptions, span_of(scene, *QUARTER), rows="partners")[scene.world.bergmann.pk]
    assert all(cell.mark for cell in cells if cell.size == 1)
    due = next(cell.mark for cell in cells if "due" in cell.counts)
    assert due
    assert (due.occurrence_id, due.routine) == (scene.mine.occurrence_id, "Weekly word")
    several = score_cells(Subscription.objects.all(), span_of(scene, *QUARTER))[scene.weekly.pk]
    assert {cell.mark for cell in several if cell.size > 1} == {None}


def test_beyond_the_plan_days_are_reckoned_as_planning_would(scene: Scene) -> None:
    """A year ahead holds a Tuesday a week, but for a pause at the turn of the year; where moments end, reckoning goes on
    without a gap or a double."""
    span = span_of(scene, date(2026, 6, 15), date(2027, 6, 14))
    cells = score_cells(Subscription.objects.filter(routine=scene.weekly, partner=scene.world.bergmann), span)
    told = cells[scene.weekly.pk]
    weeks = [date(2026, 6, 15) + timedelta(weeks=n) for n in range(52)]
    assert [cell.on for cell in told] == [
        on for on in weeks if not date(2026, 12, 21) <= on <= date(2027, 1, 4)
    ]
    assert {cell.size for cell in told} == {1}
    assert any(cell.moment_id for cell in told)
    assert any(not cell.moment_id for cell in told)


def test_a_state_asked_for_is_all_that_is_told(scene: Scene) -> None:
    cells = score_cells(Subscription.objects.all(), span_of(scene, *QUARTER), state="missed")
    assert cells
    assert {name for told in cells.values() for cell in told for name in cell.counts} == {"missed"}


def test_the_number_of_queries_does_not_grow(scene: Scene, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(9):
        score_cells(
            Subscription.objects.all(), span_of(scene, date(2026, 1, 1), date(2027, 1, 1)), rows="partners"
        )


def test_days_beyond_the_plan_are_those_that_planning_will_find(scene: Scene) -> None:
    """With a pause, another weekday and an opt-out agreed: reckoned before, planned afterwards."""
    on, until = AT.date(), date(2027, 3, 1)
    for one, agreed in zip(
        Subscription.objects.filter(routine=scene.weekly).order_by("pk"),
        (
            Agreement("pause", date(2026, 9, 1), "season", date(2026, 10, 15)),
            Agreement("timing", date(2026, 8, 1), "trial", until, weekday=3, at=time(14)),
            Agreement("opt_out", date(2026, 12, 1), "no_need"),
        ),
        strict=False,
    ):
        agree_override(one, agreed, by=scene.world.dora, at=AT)
    span = Span(on, date(2027, 1, 1), "day", scene.world.alice.tz, AT, AT)  # type: ignore[arg-type]
    weekly = Subscription.objects.filter(routine=scene.weekly)
    weekly.update(planned_until=on)
    assert beyond_horizon(weekly, span, rows="routines") == wanted_days(scene, weekly, span)


def wanted_days(scene: Scene, subscriptions: SubscriptionSet, span: Span) -> Counter[tuple[int, date]]:
    """One by one, by the law that planning asks."""
    found: Counter[tuple[int, date]] = Counter()
    playbook, agreed = playbook_of(scene.weekly.version), agreements_of(list(subscriptions))
    for one in subscriptions:
        moments = wanted_moments(
            playbook, setting_of(one, playbook, AT), phase=one.phase, anchor=date(2000, 1, 1), since=span.at.date(),
            until=date(2027, 6, 1), overrides=agreed.get(one.pk, ()),
        )  # fmt: skip
        days = (moment.due_at.astimezone(span.zone).date() for moment in moments if moment.due_at >= AT)
        found.update((scene.weekly.pk, day) for day in days if span.from_on <= day < span.until_on)
    return found
