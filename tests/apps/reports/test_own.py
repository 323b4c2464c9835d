"""Reports that were put together here: their figures are the catalogue's, add up, lead to their rows, are the same in every
form, and never tell a reader of partners that aren't his."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from drumbeat.apps.figures.queries import answer, figures_of_partners, rows_behind
from drumbeat.apps.partners.models import Partner
from drumbeat.apps.reports.access import may_have, visible_to
from drumbeat.apps.reports.actions import build_edition, draft_again
from drumbeat.apps.reports.asking import question_of
from drumbeat.apps.reports.models import Edition
from drumbeat.apps.reports.references import cell_refs
from drumbeat.apps.savedreports.actions import Saving, retire_report, save_report
from drumbeat.apps.savedreports.models import SavedReport
from drumbeat.core.metrics import Asked, Question
from drumbeat.core.metrics.blueprint import Blueprint
from drumbeat.core.refusal import Refused
from tests.apps.reports.channel import AT
from tests.apps.reports.test_formats import insist_on_same_figures, insist_on_same_words
from tests.world import World

pytestmark = pytest.mark.django_db
BY_PARTNER = Blueprint(("sell_through", "share"), ("partner_name",), window="twelve_months")
BLUEPRINTS = {
    "one figure": Blueprint(("sell_through",)),
    "bars beside the time before": replace(BY_PARTNER, against="before", chart="bars"),
    "lines beside a year before": replace(
        BY_PARTNER, by=("partner_name", "quarter"), against="year_before", chart="lines"
    ),
    "back from the last day": Blueprint(("growth_12m", "sell_through"), ("tier",), window="this_month"),
    "open deals": Blueprint(("deals_open", "pipeline_open"), ("outcome",), window="all", chart="bars"),
    "promises": Blueprint(("on_time_rate", "promises_judged"), ("side", "month"), window="this_year", chart="lines"),
    "narrowed": replace(BY_PARTNER, where=(("partner_country", "DE"),)),
    "of the whole channel": Blueprint(("cells", "quota")),
    "given days": replace(BY_PARTNER, window="given", from_on=date(2026, 3, 1), until_on=date(2026, 9, 1)),
}  # fmt: skip


def saved(blueprint: Blueprint, world: World, *readers: str, title: str = "Our {own} view") -> SavedReport:
    return save_report(Saving(title, "", readers or ["director"], blueprint), by=world.alice, at=AT)


def table_of(edition: Edition) -> dict[str, Any]:
    return next(section for section in edition.data["sections"] if section["key"] == "split")


@pytest.mark.parametrize("name", BLUEPRINTS)
def test_the_same_figures_everywhere_and_again(channel: World, name: str) -> None:
    edition = build_edition(saved(BLUEPRINTS[name], channel).key, at=AT)
    insist_on_same_figures(edition)
    insist_on_same_words(edition)
    assert edition.title.startswith("Our {own} view: ")
    assert draft_again(edition, at=AT).data == edition.data


def test_figures_are_the_catalogues_and_parts_add_up_to_the_total(channel: World) -> None:
    edition = build_edition(saved(BY_PARTNER, channel).key, at=AT)
    question = Question((Asked("sell_through", "sell_through"),), (Asked("partner_name", "partner_name"),), edition.period_from, edition.period_until)  # fmt: skip
    told = {name: float(value) for name, value in answer(question, today=AT.date()).rows}
    assert {row[0]: float(row[1]) for row in table_of(edition)["rows"]} == told
    total = edition.data["sections"][0]["figures"][0]["value"]
    assert total == sum(told.values()) > 0


@pytest.mark.parametrize("by", [("partner_name",), ("quarter", "partner_name"), ("tier", "month")])
def test_each_figure_leads_to_rows_that_sum_to_it(channel: World, by: tuple[str, ...]) -> None:
    edition = build_edition(saved(replace(BY_PARTNER, metrics=("sell_through",), by=by), channel).key, at=AT)
    section = table_of(edition)
    assert section["rows"]
    for cells, refs in zip(section["rows"], cell_refs(section), strict=True):
        question = question_of(refs[-1] or "", partners=None, at=AT)
        found = rows_behind(question, today=AT.date())
        amounts = [row[found.columns.index("amount")] for row in found.rows]
        assert sum(amounts, Decimal(0)) == cells[-1]


def test_a_year_before_stands_beside_its_own_quarter(channel: World) -> None:
    blueprint = replace(BY_PARTNER, metrics=("sell_through",), by=("quarter",), against="year_before")
    then = replace(
        blueprint, against="", window="given", from_on=date(2024, 11, 1), until_on=date(2025, 11, 1)
    )
    now, was = (build_edition(saved(one, channel).key, at=AT) for one in (blueprint, then))
    told = {row[0]: row[1] for row in table_of(was)["rows"]}
    compared = {row[0]: row[2] for row in table_of(now)["rows"] if row[2] is not None}
    assert compared and all(
        value == told[f"{int(label[:4]) - 1}{label[4:]}"] for label, value in compared.items()
    )


def test_a_managers_edition_tells_of_his_own_partners_alone(channel: World) -> None:
    key = saved(BY_PARTNER, channel, "channel_manager").key
    mine = Partner.objects.managed_by(channel.alice, AT.date())
    rows = table_of(build_edition(key, person=channel.alice, at=AT))["rows"]
    assert {row[0] for row in rows} <= {one.name for one in mine}
    assert table_of(build_edition(key, person=channel.bob, at=AT))["rows"] == []
    of_one = build_edition(key, partner=channel.fjord, at=AT)
    assert [row[0] for row in table_of(of_one)["rows"]] == [channel.fjord.name]


def test_what_is_counted_over_all_is_not_told_of_some(channel: World) -> None:
    key = saved(Blueprint(("quota",)), channel).key
    with pytest.raises(Refused, match="only be about the whole channel"):
        build_edition(key, person=channel.alice, at=AT)


def test_an_edition_keeps_what_it_was_put_together_from(channel: World) -> None:
    report = saved(BY_PARTNER, channel)
    edition = build_edition(report.key, at=AT)
    change = Saving("Other", "", ["director"], Blueprint(("units",), ("tier",)))
    save_report(change, by=channel.alice, at=AT + timedelta(days=1), into=report)
    assert draft_again(edition, at=AT).data == edition.data
    assert build_edition(report.key, at=AT).data != edition.data


def test_editions_are_for_those_who_may_read_the_report(channel: World) -> None:
    report = saved(BY_PARTNER, channel, "director")
    of_alice = build_edition(report.key, person=channel.alice, at=AT)
    of_all = build_edition(report.key, at=AT)
    assert set(visible_to(channel.dora, AT)) >= {of_alice, of_all}
    assert of_alice in visible_to(channel.alice, AT) and of_all not in visible_to(channel.alice, AT)
    assert not {of_alice, of_all} & set(visible_to(channel.olga, AT))
    assert not may_have(channel.petra, build_edition(report.key, partner=channel.bergmann, at=AT))


def test_a_retired_report_and_an_unknown_one_are_refused(channel: World) -> None:
    report = saved(BY_PARTNER, channel)
    retire_report(report, by=channel.alice, at=AT)
    with pytest.raises(Refused, match="is retired"):
        build_edition(report.key, at=AT)
    with pytest.raises(Refused, match="There is no report"):
        build_edition("own-dreams", at=AT)
    with pytest.raises(Refused, match="isn't yours"):
        retire_report(saved(BY_PARTNER, channel), by=channel.bob, at=AT)


def test_names_get_keys_of_their_own(channel: World) -> None:
    keys = [
        saved(BY_PARTNER, channel, title=title).key
        for title in ("Umsatz 2026", "Umsatz 2026", "売上", "x" * 80)
    ]
    assert keys[:3] == ["own-umsatz-2026", "own-umsatz-2026-2", "own-report"]
    assert len(keys[3]) <= 48
    with pytest.raises(Refused, match="It has no name"):
        saved(BY_PARTNER, channel, title="  ")


def test_open_deals_stand_beside_figures_of_a_window_and_in_scorecards(channel: World) -> None:
    blueprint = Blueprint(("sell_through", "pipeline_open"), ("partner_name",))
    edition = build_edition(saved(blueprint, channel).key, at=AT)
    assert [channel.bergmann.name, 30_000, 48_000] in table_of(edition)["rows"]
    found = figures_of_partners(["pipeline_open"], from_on=date(2025, 11, 1), until_on=date(2026, 11, 1))
    assert found["pipeline_open"][channel.bergmann.pk] == 48_000
