"""The sums of months and the lines they are of give the same answers: over any window, as known at any moment, after
corrections, files undone, figures without lines and partners handed over in the middle of a month."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from drumbeat.apps.figures import months
from drumbeat.apps.figures.queries import answer, rows_behind
from drumbeat.apps.intake.actions import undo_load
from drumbeat.apps.partners.models import Assignment, Partner
from drumbeat.apps.sales.actions import record_sell_through
from drumbeat.core.metrics import Question, asked
from tests.apps.intake.channel import LINES, furnish, line, load
from tests.world import AT, World, build_world

TODAY = AT.date()
OF_SALES = "sell_through,product_cost,margin,margin_rate,active_partners,leverage"
OF_LIFE = "inactive_partners,first_partners,reactivated_partners,lapsed_partners"
DAY = st.dates(date(2025, 9, 1), date(2026, 2, 28))
LINE = st.tuples(
    st.sampled_from(["P1", "P2"]), st.integers(1, 4), DAY, st.integers(-50, 200), st.sampled_from(["", "3.5"])
)
FILES = st.lists(
    st.lists(LINE, min_size=1, max_size=4, unique_by=lambda one: one[:2]), min_size=1, max_size=4
)
EDGE = st.one_of(st.dates(date(2025, 9, 1), date(2026, 3, 1)).map(lambda day: day.replace(day=1)), DAY)


@pytest.fixture
def world() -> World:
    found = build_world()
    furnish(found)
    return found


def questions(from_on: date | None, until: date, known_at: datetime | None) -> list[Question]:
    told = {"until_on": until, "known_at": known_at}
    windowed = {**told, "from_on": from_on}
    split = ["", "month", "partner", "partner,quarter", "channel_manager"]
    found = [Question(asked([OF_SALES]), asked([by]) if by else (), **windowed) for by in split]
    found += [Question(asked([OF_LIFE]), asked([by]) if by else (), **windowed) for by in ("", "quarter")]
    found += [
        Question(
            asked(["sell_through_12m,growth_12m,sell_through_last_quarter"]), asked(["partner"]), **told
        ),
        Question(asked(["partners,partners_without_lines"]), asked(["dormancy"]), **told),
    ]
    return found


def both_ways(question: Question, monkeypatch: pytest.MonkeyPatch) -> tuple[object, object]:
    by_months = answer(question, today=TODAY).rows
    with monkeypatch.context() as patched:
        patched.setattr(months, "MOST_BY_LINES", -1)
        return by_months, answer(question, today=TODAY).rows


@pytest.mark.django_db
@settings(
    max_examples=6,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(FILES, st.one_of(st.none(), EDGE), EDGE, st.one_of(st.none(), st.integers(-1, 6)), st.integers(0, 3))
def test_months_answer_as_their_lines_would(world, monkeypatch, files, from_on, until, known, undone):
    from django.db import transaction

    if from_on and from_on >= until:
        from_on = None
    with transaction.atomic():
        partner = Partner.objects.get(external_id="P2")
        handed_on = date(2025, 11, 17)
        Assignment.objects.create(
            partner=partner, person=world.alice, from_on=date(2025, 1, 1), until_on=handed_on
        )
        Assignment.objects.create(partner=partner, person=world.bob, from_on=handed_on)
        record_sell_through(partner, date(2025, 10, 1), Decimal("77"), "EUR", received_at=AT)
        loads = [load("lines", written(file), hours=2 * n).load for n, file in enumerate(files)]
        if undone < len(loads) and loads[undone]:
            undo_load(loads[undone].pk, by=None, at=AT + timedelta(hours=9))
        known_at = None if known is None else AT + timedelta(hours=known)
        for question in questions(from_on, until, known_at):
            ours, slow = both_ways(question, monkeypatch)
            assert ours == slow, question
        transaction.set_rollback(True)


def written(file: list[tuple[str, int, date, int, str]]) -> str:
    head = "partner,order,line,sold_on,quantity,amount,currency,cost\n"
    return head + "".join(f"{one},O,{n},{on},1,{amount},EUR,{cost}\n" for one, n, on, amount, cost in file)


@pytest.mark.django_db
def test_where_too_many_months_changed_since_then_all_is_told_by_lines(world, monkeypatch):
    load("lines", LINES + line())
    load("lines", LINES + line(amount="12"), hours=5)
    monkeypatch.setattr(months, "MOST_BY_LINES", 0)
    then = Question(asked(["sell_through"]), known_at=AT + timedelta(hours=1))
    assert answer(then, today=TODAY).rows == [(Decimal("10.5"),)]


@pytest.mark.django_db
def test_rows_of_partners_say_the_last_day_that_something_was_sold(world):
    load("lines", LINES + line(on="2026-01-09") + line(number=2, on="2026-01-20"))
    question = Question(asked(["partners"]), as_of=date(2026, 1, 15), until_on=date(2026, 1, 15))
    assert [row[2] for row in rows_behind(question, today=TODAY).rows if row[0] == "P1"] == [date(2026, 1, 9)]
