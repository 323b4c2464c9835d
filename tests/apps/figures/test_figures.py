"""Figures hang together: parts sum to the whole over any split, every metric has its one expression, questions without
sense are refused, and yesterday's knowledge can be asked for."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drumbeat.apps.figures.bases import BASES
from drumbeat.apps.figures.queries import answer, rows_behind
from drumbeat.apps.partners.models import Partner
from drumbeat.apps.sales.actions import record_sell_through
from drumbeat.core.metrics import DIMENSIONS, METRICS, Question, asked
from drumbeat.core.refusal import Refused
from tests.apps.intake.channel import LINES, furnish, line, load
from tests.world import AT, World, build_world

TODAY = AT.date()
SPLITS = [name for name, one in DIMENSIONS.items() if "sales" in one.bases and name != "window"]


@pytest.fixture
def world() -> World:
    found = build_world()
    furnish(found)
    return found


def ask(metrics: str, by: str = "", **told: object) -> list[tuple[object, ...]]:
    return answer(Question(asked([metrics]), asked([by]) if by else (), **told), today=TODAY).rows


def test_every_metric_and_dimension_has_its_expression():
    for metric in METRICS.values():
        for base in metric.bases:
            assert metric.name in BASES[base].metrics, metric.name
    for dimension in DIMENSIONS.values():
        for base in dimension.bases:
            assert dimension.name in BASES[base].dimensions, (dimension.name, base)
    assert {name for base in BASES.values() for name in base.metrics} == set(METRICS)


@pytest.mark.django_db
@pytest.mark.parametrize("name", METRICS)
def test_every_metric_answers_an_empty_channel_and_a_small_one(name, world):
    ask(name)
    load("lines", LINES + line() + line(number=2, on="2025-11-30", amount="-1"))
    base = METRICS[name].bases[0]
    for dimension, one in DIMENSIONS.items():
        if base in one.bases:
            ask(name, dimension, windows=(date(2025, 1, 1), date(2026, 1, 1)))


AMOUNTS = st.decimals(-999, 9999, places=4)
ROW = st.tuples(st.sampled_from(["P1", "P2"]), st.dates(date(2024, 1, 1), date(2026, 2, 28)), AMOUNTS)


@pytest.mark.django_db
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(ROW, min_size=1, max_size=12),
    st.lists(st.sampled_from(SPLITS), min_size=1, max_size=3, unique=True),
)
def test_parts_sum_to_the_whole_over_any_split(world, rows, split):
    from django.db import transaction

    with transaction.atomic():
        text = "".join(
            line("H", n, str(amount), partner, on.isoformat()) for n, (partner, on, amount) in enumerate(rows)
        )
        load("lines", LINES + text)
        parts = ask("sell_through,lines,units", ",".join(split))
        whole = (sum((amount for *_, amount in rows), Decimal(0)), len(rows), 2 * len(rows))
        sums = [sum(row[len(split) + n] for row in parts) for n in range(3)]
        assert tuple(sums) == whole
        assert ask("sell_through,lines,units") == [whole]
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_months_without_lines_count_and_lines_take_their_place(world):
    partner = Partner.objects.get(external_id="P1")
    record_sell_through(partner, date(2026, 1, 1), Decimal("99.50"), "EUR", received_at=AT)
    assert ask("sell_through,lines", "month") == [("2026-01", Decimal("99.5"), 0)]
    load("lines", LINES + line())
    assert ask("sell_through,lines", "month") == [("2026-01", Decimal("10.5"), 1)]


@pytest.mark.django_db
def test_figures_as_they_were_known_before_a_correction(world):
    load("lines", LINES + line())
    load("lines", LINES + line(amount="12"), hours=5)
    then: datetime = AT + timedelta(hours=1)
    assert ask("sell_through") == [(Decimal("12"),)]
    assert ask("sell_through", known_at=then) == [(Decimal("10.5"),)]


@pytest.mark.django_db
def test_a_quota_holds_until_the_same_persons_next(world):
    load("quotas", "seller,from_on,amount,label\n7,2025-12-20,100,X\n7,2026-01-15,50,X\n9,2026-01-01,10,X\n")
    load("lines", LINES + line(number=1, on="2026-01-14") + line(number=2, on="2026-01-15", amount="20"))
    found = ask(
        "quota,sell_through,quota_attainment:1", "seller,window_from,window_until", until_on=date(2026, 3, 1)
    )
    assert found == [
        ("7", date(2025, 12, 20), date(2026, 1, 15), 100, Decimal("10.5"), Decimal("10.5")),
        ("7", date(2026, 1, 15), None, 50, 20, 40),
        ("9", date(2026, 1, 1), None, 10, 0, 0),
    ]


@pytest.mark.django_db
def test_fiscal_years_are_named_by_start_or_end_and_keep_all(world):
    from drumbeat.core.metrics import Fiscal

    load("lines", LINES + line(number=1, on="2025-06-30") + line(number=2, on="2025-07-01"))
    for by_end, names in ((True, [2025, 2026]), (False, [2024, 2025])):
        found = ask("lines", "fiscal_year,fiscal_quarter", fiscal=Fiscal(7, by_end))
        assert found == [(names[0], 4, 1), (names[1], 1, 1)]


@pytest.mark.django_db
def test_the_rows_behind_a_figure_are_shown_with_their_file(world):
    load("lines", LINES + line(), name="january.csv")
    found = rows_behind(Question(asked(["sell_through"]), where=(("partner", "P1"),)), today=TODAY)
    assert dict(zip(found.columns, found.rows[0], strict=True))["file"] == "january.csv"


@pytest.mark.parametrize(
    ("metrics", "by", "told", "reason"),
    [
        ("sellthrough", "", {}, "Did you mean sell_through"),
        ("lines", "colour", {}, "There is no dimension 'colour'"),
        ("lines", "dormancy", {}, "can't be split by dormancy"),
        ("lines,lines", "", {}, "Two columns are called lines"),
        ("lines", "", {"from_on": TODAY, "until_on": TODAY}, "--until isn't after --from"),
        ("growth_12m", "", {"from_on": TODAY}, "Leave --from out"),
        ("lines", "", {"sort": "x"}, "There is no column x"),
        ("lines", "partner", {"whole": "ALL"}, "Split by one period"),
        ("lines", "window", {}, "There are no windows"),
    ],
)
def test_a_question_without_sense_is_refused(metrics, by, told, reason):
    with pytest.raises(Refused, match=reason):
        ask(metrics, by, **told)


MONTHLY = "sell_through,share,active_partners,active_partner_keys,sell_through_year_change,sell_through_12m,growth_12m"


@pytest.mark.django_db
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(ROW, min_size=1, max_size=12), st.sampled_from(["", "partner", "month", "type,quarter", "year"])
)
def test_sums_of_months_answer_as_the_lines_do(world, rows, split):
    """`known_at` can only be answered by lines; whole months of now are answered by their sums."""
    from django.db import transaction

    with transaction.atomic():
        record_sell_through(
            Partner.objects.get(external_id="P1"), date(2023, 5, 1), Decimal("7"), "EUR", received_at=AT
        )
        text = "".join(
            line("H", n, str(amount), partner, on.isoformat()) for n, (partner, on, amount) in enumerate(rows)
        )
        load("lines", LINES + text)
        later = AT + timedelta(days=1)
        for metrics in (MONTHLY, "sell_through,active_partners"):
            until = {"until_on": date(2026, 3, 1)}
            assert ask(metrics, split, **until) == ask(metrics, split, known_at=later, **until)
        transaction.set_rollback(True)
