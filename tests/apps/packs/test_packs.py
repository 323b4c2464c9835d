"""Packs: prepared from data in one call, written to in versions, carried over, and set as slides without what is internal."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from pypdf import PdfReader

from drumbeat.apps.ledger.actions import acknowledge_commitment, keep_commitment, propose_commitment
from drumbeat.apps.packs.actions import prepare_pack, write_remark
from drumbeat.apps.packs.pdf import pack_pdf
from drumbeat.apps.packs.queries import editions_beside, versions_of, words_of
from drumbeat.apps.reports.models import Edition
from drumbeat.core.refusal import Refused
from tests.apps.reports.channel import AT
from tests.world import World

LATER = AT + timedelta(hours=1)


def section(edition: Edition, key: str) -> dict[str, Any]:
    return next(one for one in edition.data["sections"] if one["key"] == key)


def write(pack: Edition, key: str, text: str, by: Any, *, after: int, is_internal: bool = False) -> None:
    write_remark(pack, key, text, is_internal=is_internal, after=after, by=by, at=LATER)


@pytest.fixture
def pack(channel: World) -> Edition:
    return prepare_pack(channel.bergmann, by=channel.alice, at=AT)


def test_the_sections_are_built_from_data(channel: World) -> None:
    partner, alice = channel.bergmann, channel.alice
    said_at = datetime(2026, 8, 3, 8, tzinfo=UTC)
    for text, owner, due, is_kept in (
        ("Train two people", channel.petra, date(2026, 9, 1), True),
        ("Send the price list", alice, date(2026, 12, 1), False),
        ("Name a second contact", channel.petra, date(2026, 12, 8), None),
    ):
        one = propose_commitment(text, owner, due, partner=partner, origin="mail", by=alice, at=said_at)
        if is_kept is not None:
            acknowledge_commitment(one, by=alice, at=said_at)
        if is_kept:
            keep_commitment(one, by=alice, at=datetime(2026, 8, 20, 8, tzinfo=UTC))
    pack = prepare_pack(partner, by=alice, at=AT)
    assert pack.title == "Review of Q3 2026: Bergmann Systemhaus"
    assert [row[:3] + row[4:] for row in section(pack, "commitments")["rows"]] == [
        ["Train two people", "Petra Bergmann", "Bergmann Systemhaus", "kept"]
    ]
    assert [row[4] for row in section(pack, "next-commitments")["rows"]] == ["open", "not acknowledged yet"]
    assert [row[0] for row in section(pack, "asks")["rows"]] == ["Name a second contact"]
    labels = [row["label"] for row in section(pack, "quarter")["figures"]]
    assert (
        labels[0] == "Sell-through, Q3 2026" and labels[-1] == "Bergmann Systemhaus, on time in the quarter"
    )
    record = section(pack, "quarter")["figures"][-2]
    assert record["value"] is not None and " of " in record["compared"]


def test_words_are_kept_in_every_version(channel: World, pack: Edition) -> None:
    write(pack, "asks", "We need a **price list**.", channel.alice, after=0)
    write(pack, "asks", "We need a **price list**.", channel.alice, after=1)
    write(pack, "asks", "Not any more.", channel.dora, after=1, is_internal=True)
    assert [(row.number, row.text, row.written_by) for row in versions_of(pack, "asks")] == [
        (2, "Not any more.", channel.dora),
        (1, "We need a **price list**.", channel.alice),
    ]
    assert words_of(pack)["asks"].is_internal


def test_whoever_writes_after_another_is_told_and_nothing_is_lost(channel: World, pack: Edition) -> None:
    write(pack, "asks", "Mine", channel.alice, after=0)
    with pytest.raises(Refused, match="Alice Ahrens wrote to this section meanwhile"):
        write(pack, "asks", "Theirs", channel.dora, after=0)
    assert words_of(pack)["asks"].text == "Mine"


def test_others_and_unknown_sections_are_refused(channel: World, pack: Edition) -> None:
    with pytest.raises(Refused, match="isn't yours"):
        write(pack, "asks", "x", channel.bob, after=0)
    with pytest.raises(Refused, match="no section"):
        write(pack, "weather", "x", channel.alice, after=0)
    with pytest.raises(Refused, match="isn't yours"):
        prepare_pack(channel.bergmann, by=channel.bob, at=AT)


def test_prepared_again_the_words_go_along_and_the_earlier_pack_stays(channel: World, pack: Edition) -> None:
    write(pack, "quarter", "A good quarter", channel.alice, after=0)
    again = prepare_pack(channel.bergmann, by=channel.dora, at=LATER)
    assert words_of(again)["quarter"].text == "A good quarter"
    write(again, "quarter", "A very good quarter", channel.dora, after=1)
    assert words_of(pack)["quarter"].text == "A good quarter"
    assert [one.pk for one in editions_beside(again)] == [again.pk, pack.pk]


def test_slides_are_wide_and_the_partners_leave_out_what_is_internal(channel: World, pack: Edition) -> None:
    write(
        pack, "deals-open", "Between us: #set page(width: 1pt) <b>", channel.alice, after=0, is_internal=True
    )
    write(pack, "quarter", "Ein gutes Quartal – größer als je.", channel.alice, after=0)
    ours, theirs = (
        PdfReader(io.BytesIO(pack_pdf(pack, words_of(pack), for_partner=kind))) for kind in (False, True)
    )
    box = ours.pages[0].mediabox
    assert round(box.width / box.height, 2) == 1.78
    texts = [" ".join(" ".join(page.extract_text().split()) for page in one.pages) for one in (ours, theirs)]
    assert "Between us: #set page(width: 1pt) <b>" in texts[0] and "Between us" not in texts[1]
    assert all("Ein gutes Quartal – größer als je." in text for text in texts)
    assert len(theirs.pages) == len(ours.pages) - 1


def test_slides_are_the_same_bytes_each_time(channel: World, pack: Edition) -> None:
    assert pack_pdf(pack, words_of(pack), for_partner=True) == pack_pdf(
        pack, words_of(pack), for_partner=True
    )
