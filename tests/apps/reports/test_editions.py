"""Editions: every report builds in a constant number of queries, and its numbers and sentences are those of the world."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from drumbeat.apps.partners.actions import add_partner, assign_manager
from drumbeat.apps.partners.models import Partner
from drumbeat.apps.reports.access import visible_to
from drumbeat.apps.reports.actions import build_edition, draft_edition, keep_editions
from drumbeat.apps.reports.models import Edition
from drumbeat.apps.reports.shelf import Shelf
from drumbeat.apps.routines.models import Step
from drumbeat.core.playbook import REPORTS
from drumbeat.core.playbook.contents import FOR_PARTNERS
from drumbeat.core.refusal import Refused
from tests.apps.reports.channel import AT, OCTOBER, deal, sell
from tests.world import World

pytestmark = pytest.mark.django_db


def section(edition: Edition, key: str) -> dict[str, Any]:
    return next(section for section in edition.data["sections"] if section["key"] == key)


def figure(edition: Edition, label: str) -> dict[str, Any]:
    rows = section(edition, "standing")["figures"]
    return next(row for row in rows if row["label"] == label)


def queries_of(report: str, **about: Any) -> int:
    with CaptureQueriesContext(connection) as queries:
        build_edition(report, at=AT, **about)
    return len(queries)


@pytest.mark.parametrize("report", REPORTS)
def test_every_report_builds_about_a_partner_a_person_and_the_channel(channel: World, report: str) -> None:
    for about in ({"partner": channel.bergmann}, {"person": channel.alice}, {"person": channel.dora}, {}):
        edition = build_edition(report, at=AT, **about)
        edition.refresh_from_db()
        assert edition.data["summary"]
        assert edition.title.count("{") == 0


@pytest.mark.parametrize("report", REPORTS)
def test_more_partners_and_rows_take_no_more_queries(channel: World, report: str) -> None:
    few = queries_of(report, person=channel.alice), queries_of(report, partner=channel.bergmann)
    for n in range(5):
        values = {"name": f"Firm {n}", "type": "var", "country": "DE", "status": "active"}
        partner = add_partner(values, by=None, at=AT)
        assign_manager(partner, channel.alice, date(2026, 1, 1), by=None, at=AT)
        sell(partner, {OCTOBER: 1000})
        deal(partner, "Kundin", 2, 500)
        deal(channel.bergmann, f"Kunde {n}", 2, 500)
    assert (queries_of(report, person=channel.alice), queries_of(report, partner=channel.bergmann)) == few


def test_a_scorecard_takes_few_queries(channel: World) -> None:
    assert queries_of("partner-scorecard", partner=channel.bergmann) <= 13
    assert queries_of("today-list", person=channel.alice) <= 5


def test_a_chunk_of_scorecards_takes_as_many_queries_as_one(channel: World) -> None:
    def queries(*partners: Partner) -> int:
        with CaptureQueriesContext(connection) as captured:
            shelf = Shelf(partners, AT)
            keep_editions([draft_edition("partner-scorecard", shelf, partner=one) for one in partners])
        return len(captured)

    assert queries(channel.bergmann, channel.outsider) == queries(channel.bergmann)


@pytest.mark.parametrize("report", sorted(FOR_PARTNERS))
def test_an_edition_of_a_chunk_is_the_one_built_alone(channel: World, report: str) -> None:
    partners = [channel.outsider, channel.bergmann, channel.fjord]
    shelf = Shelf(partners, AT)
    for partner in partners:
        together = draft_edition(report, shelf, partner=partner)
        assert together.data == build_edition(report, partner=partner, at=AT).data


def test_the_scorecard_tells_the_month_in_four_sentences(channel: World) -> None:
    edition = build_edition("partner-scorecard", partner=channel.bergmann, at=AT)
    assert edition.title == "October 2026 for Bergmann Systemhaus"
    assert (edition.period_from, edition.period_until) == (OCTOBER, date(2026, 11, 1))
    assert section(edition, "summary")["sentences"] == [
        "October 2026 brought €30,000, 2 % more than September 2026 and 25 % more than a year before.",
        "Twelve months came to €327,000, 50 % more than the twelve before.",
        "In twelve months Polaris Software kept 17 of 23 promises on time and Bergmann Systemhaus 5 of 6.",
        "Two deals worth €48,000 are open; one has not moved for 30 days.",
    ]
    assert figure(edition, "Sell-through, 12 months")["value"] == 327_000
    assert figure(edition, "Deals won, 12 months")["compared"] == "of 3 registered"
    assert figure(edition, "Win rate, 12 months")["value"] is None
    kinds = [section["kind"] for section in edition.data["sections"]]
    assert sum(kind in ("bars", "lines", "strip") for kind in kinds) >= 2


def test_its_charts_show_the_same_numbers(channel: World) -> None:
    edition = build_edition("partner-scorecard", partner=channel.bergmann, at=AT)
    bars = section(edition, "sales")["bars"]
    assert (len(bars), bars[-1]["label"], bars[-1]["value"], bars[-1]["strong"]) == (12, "Oct", 30_000, True)
    ours, theirs = section(edition, "record")["lines"]
    assert (ours["name"], theirs["name"]) == ("Polaris Software", "Bergmann Systemhaus")
    assert ours["values"][:7] == [None] * 7  # nothing was judged before June
    assert theirs["values"][9] == 0  # the file due in August never came
    strips = section(edition, "strips")["strips"]
    assert [(strip["kept"], strip["judged"]) for strip in strips] == [
        (17, 23),
        (5, 6),
    ]  # six first calls late, one file missed
    assert [mark["state"] for mark in strips[1]["marks"]] == ["kept"] * 2 + ["missed"] + ["kept"] * 3 + [
        "upcoming"
    ]


def test_a_file_that_is_not_in_leaves_the_month_incomplete(channel: World) -> None:
    december = datetime(2026, 12, 8, 8, tzinfo=UTC)
    edition = build_edition("partner-scorecard", partner=channel.bergmann, at=december)
    first, *others = section(edition, "summary")["sentences"]
    assert first == "November 2026 is incomplete: the sales file of November 2026 is not in."
    assert not any("welve months came" in text or "sum of twelve" in text for text in others)
    row = figure(edition, "Sell-through, November 2026")
    assert (row["value"], row["change"]) == (None, None)
    assert section(edition, "sales")["bars"][-1]["value"] is None


def test_a_quarter_with_a_gap_says_what_is_there_and_what_is_not(channel: World) -> None:
    channel.bergmann.sell_through.filter(month=date(2026, 8, 1)).delete()
    edition = build_edition("quarter-digest", partner=channel.bergmann, at=AT)
    assert section(edition, "summary")["sentences"][0] == (
        "Q3 2026 brought €58,000 so far and is incomplete: the sales file of August 2026 is not in."
    )


def test_a_partner_without_anything_gets_true_sentences(channel: World) -> None:
    edition = build_edition("partner-scorecard", partner=channel.outsider, at=AT)
    assert section(edition, "summary")["sentences"] == [
        "No sales are known for October 2026.",
        "No deal is open.",
    ]


def test_a_units_incomplete_sum_counts_the_files(channel: World) -> None:
    channel.bergmann.sell_through.filter(month=OCTOBER).delete()
    edition = build_edition("unit-review", person=channel.alice, at=AT)
    assert section(edition, "summary")["sentences"][0] == (
        "October 2026 brought €50,000 so far and is incomplete: 1 sales file is not in."
    )
    reasons = {row[0]: row[3] for row in section(edition, "decide")["rows"]}
    assert "sales file not in" in reasons["Bergmann Systemhaus"]


def test_a_pack_built_early_is_about_the_quarter_it_is_due_for(channel: World) -> None:
    edition = build_edition(
        "quarter-pack",
        partner=channel.bergmann,
        at=datetime(2026, 9, 28, 8, tzinfo=UTC),
        due_at=datetime(2026, 10, 14, 8, tzinfo=UTC),
    )
    assert edition.title == "Review of Q3 2026: Bergmann Systemhaus"


def test_a_week_reaches_over_the_month(channel: World) -> None:
    edition = build_edition("deals-moved", person=channel.alice, at=datetime(2026, 10, 28, 8, tzinfo=UTC))
    assert edition.data["period"] == "26 Oct–1 Nov 2026"


def test_a_step_has_one_edition(channel: World) -> None:
    step = Step.objects.first()
    first = build_edition("agenda", partner=channel.bergmann, at=AT, step=step)
    again = build_edition("agenda", partner=channel.bergmann, at=AT + timedelta(days=1), step=step)
    assert first == again
    assert Edition.objects.count() == 1


def test_an_unknown_report_is_refused(channel: World) -> None:
    with pytest.raises(Refused, match="partner-scorecard"):
        build_edition("crystal-ball", at=AT)


def test_gaps_name_what_is_missing(channel: World) -> None:
    edition = build_edition("data-gaps", at=AT)
    missing = dict(section(edition, "gaps-partners")["rows"])
    assert missing["Outsider Ltd"] == "no channel manager, no sales lead, no principal"
    assert "Bergmann Systemhaus" not in missing


def test_managers_see_editions_of_their_partners_and_their_own(channel: World) -> None:
    mine = build_edition("agenda", partner=channel.bergmann, at=AT)
    bobs = build_edition("coaching", person=channel.bob, at=AT)
    of_all = build_edition("data-gaps", at=AT)
    assert set(visible_to(channel.alice, AT)) == {mine}
    assert set(visible_to(channel.bob, AT)) == {bobs}
    assert set(visible_to(channel.dora, AT)) == {mine, bobs, of_all}
    assert not visible_to(channel.adam, AT).exists()
