"""What happened along a chart stands on it, beneath it and in its table: page, PDF and files alike."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from drumbeat.apps.partners.actions import assign_manager, change_partner
from drumbeat.apps.reports.actions import build_edition
from drumbeat.apps.reports.drawing import page_of
from drumbeat.apps.reports.pdf import edition_pdf
from drumbeat.apps.reports.tables import tables_of
from drumbeat.core.charts import Bar, Line, draw_bars, draw_lines
from tests.apps.intake.channel import load
from tests.world import World

AT = datetime(2026, 11, 6, 14, tzinfo=UTC)
SOLD = "partner,order,line,sold_on,quantity,amount,currency\n"


def test_marks_are_numbered_in_order_and_told_in_words() -> None:
    bars = [Bar(month, Decimal(n)) for n, month in enumerate(("May", "Jun", "Jul"), start=1)]
    happened = {2: "7 Jul: another manager", 0: "3 May: tier Silver"}
    for svg in (
        draw_bars(bars, width=300, height=140, title="Sold", happened=happened),
        draw_lines([Line("A", (1, 2, 3))], labels=["May", "Jun", "Jul"], width=300, height=112, title="A", happened=happened),
    ):  # fmt: skip
        assert svg.count('class="happened"') == 2
        assert svg.index("3 May: tier Silver</title>") < svg.index("7 Jul: another manager</title>")
        assert "7 Jul: another manager</desc>" in svg or "3 May: tier Silver</desc>" in svg


def test_a_chart_without_happenings_is_drawn_as_before() -> None:
    bars = [Bar("May", Decimal(1))]
    assert draw_bars(bars, width=300, height=140, title="Sold") == draw_bars(
        bars, width=300, height=140, title="Sold", happened={}
    )


def change(world: World) -> None:
    partner = world.bergmann
    change_partner(partner, {"tier": "platinum"}, by=world.dora, at=datetime(2026, 8, 14, 9, tzinfo=UTC))
    assign_manager(
        partner, world.bob, date(2026, 9, 1), by=world.dora, at=datetime(2026, 8, 20, 9, tzinfo=UTC)
    )
    partner.refresh_from_db()
    partner.external_id = "B1"
    partner.save()
    for hours, amount in ((24 * 200, "900"), (24 * 210, "950")):
        assert load(
            "lines", f"{SOLD}B1,O1,1,2026-08-03,1,{amount},EUR\n", f"august-{amount}.csv", hours=hours
        ).load


def test_what_happened_to_a_partner_is_the_same_on_page_pdf_and_files(channel: World) -> None:
    change(channel)
    channel.bergmann.refresh_from_db()
    edition = build_edition("partner-monthly", partner=channel.bergmann, at=AT)
    drawn = next(one for one in page_of(edition).sections if one.key == "sales")
    august, september = drawn.happened[-2:]
    assert "Platinum" in august and "august-950.csv corrected 1 line" in august
    assert "looked after by Bob" in september
    assert drawn.pictures[0].svg.count('class="happened"') == len(drawn.happened)
    table = next(one for one in tables_of(edition) if one.key == "sales")
    assert table.columns[-1] == "what happened"
    assert [row[-1] for row in table.rows if row[-1]] == list(drawn.happened)
    assert edition_pdf(edition).startswith(b"%PDF")


def test_of_a_channel_it_is_how_many(channel: World) -> None:
    change(channel)
    edition = build_edition("business-review", at=AT)
    drawn = next(one for one in page_of(edition).sections if one.key == "sales")
    told = " ".join(drawn.happened)
    assert "1 partner changed its tier" in told and "1 line was corrected later" in told
    assert "1 partner got another manager" in told


def test_what_was_not_yet_known_is_not_told(channel: World) -> None:
    change(channel)
    channel.bergmann.refresh_from_db()
    edition = build_edition(
        "partner-monthly", partner=channel.bergmann, at=datetime(2026, 8, 1, 9, tzinfo=UTC)
    )
    drawn = next(one for one in page_of(edition).sections if one.key == "sales")
    assert drawn.happened == ("1 Jun 2026: Weekly call began",)
