"""Timelines: every source tells its lines, pages neither repeat nor lose any, filters narrow, others' rows stay away."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection

from drumbeat.apps.deals.actions import close_deal, submit_deal
from drumbeat.apps.events.actions import record_event
from drumbeat.apps.forms.models import Answer, File
from drumbeat.apps.ledger.actions import acknowledge_commitment
from drumbeat.apps.meetings.actions import Presence, hold_meetings
from drumbeat.apps.messages.actions import keep_received
from drumbeat.apps.partners.actions import change_partner, record_departure
from drumbeat.apps.routines.decisions import Decision, StepFile
from drumbeat.apps.stories.queries import Happening, Wanted, all_happenings, happenings
from drumbeat.workflows.handover import hand_over
from tests.interfaces.desk.scene import AT, Scene, build_scene

LATER = AT + timedelta(days=30)


@pytest.fixture
def scene(db: None) -> Scene:
    """The spring of the cast, and of everything else one thing."""
    scene = build_scene()
    world, partner = scene.world, scene.world.bergmann
    keep_received(
        "d1", mailbox="in", validity=1, uid=1, kind="human reply", from_address=world.petra.email, subject="Re: Review",
        text="Gladly.\n", at=AT + timedelta(hours=1), message=scene.letter, partner=partner, contact=world.petra,
    )  # fmt: skip
    point = scene.meeting.points.first()
    point.decision = "We keep the price list."
    point.save()
    hold_meetings([Presence(scene.meeting, world.alice, AT + timedelta(days=3))])
    acknowledge_commitment(scene.commitment, by=None, at=AT + timedelta(days=3))
    Answer.objects.create(
        step_id=scene.mine.pk,
        form="f",
        text="",
        changed_at=AT,
        submitted_at=AT,
        contact=world.petra,
        values={},
    )
    Decision.objects.create(step=scene.mine, place=1, outcome="approved", person=world.alice, decided_at=AT)
    file = File.objects.create(
        name="a.pdf", media_type="x", size=1, digest="x", kept_at=AT, person=world.alice
    )
    StepFile.objects.create(step=scene.mine, file=file, added_at=AT)
    deal = submit_deal(
        partner, customer="Zeta", amount=Decimal("9000"), currency="EUR", by=world.alice, at=AT + timedelta(hours=3)
    )  # fmt: skip
    close_deal(deal, won=True, by=world.alice, at=AT + timedelta(days=4))
    record_event(
        "certification.earned", ("certification", 1), by_id=None, at=AT, partner=partner.pk, title="Core"
    )
    record_departure(world.sven, date(2026, 6, 10), by=world.alice, at=AT + timedelta(days=2))
    change_partner(partner, {"tier": "platinum"}, by=world.dora, at=AT + timedelta(days=5))
    hand_over(partner, world.bob, date(2026, 6, 9), by=world.dora, at=AT + timedelta(hours=5))
    return scene


def told(scene: Scene, **narrowed: Any) -> list[Happening]:
    return list(all_happenings(Wanted(LATER, partners=[scene.world.bergmann.pk], **narrowed)))


def test_every_source_tells_its_lines_newest_first(scene: Scene) -> None:
    rows = told(scene)
    found = {(row.kind, row.what) for row in rows}
    assert {
        ("mail", "queued"), ("mail", "human reply"), ("meeting", "held"), ("decision", "decided"),
        ("commitment", "proposed"), ("commitment", "acknowledged"), ("promise", "promised"), ("promise", "kept"),
        ("promise", "missed"), ("form", "submitted"), ("approval", "approved"), ("file", "added"), ("deal", "submitted"),
        ("deal", "won"), ("person", "contact.left"), ("manager", "manager.changed"), ("partner", "partner.tier_changed"),
        ("matter", "certification.earned"), ("report", "built"),
    } <= found  # fmt: skip
    assert all(newer.at >= older.at for newer, older in pairwise(rows))


def test_lines_say_who_what_and_where_it_leads(scene: Scene) -> None:
    by_what = {row.what: row for row in reversed(told(scene))}
    assert (by_what["human reply"].note, by_what["human reply"].ref) == (
        "Gladly.\n",
        f"message:{scene.letter.pk}",
    )
    assert (by_what["contact.left"].title, by_what["contact.left"].ref) == (
        "Sven Sommer",
        f"contact:{scene.world.sven.pk}",
    )
    assert by_what["manager.changed"].title == "Bob Baker"
    assert by_what["partner.tier_changed"].title == "gold → platinum"
    assert by_what["won"].note == "9000 EUR"
    assert by_what["missed"].side == "partner"
    assert by_what["decided"].ref == f"meeting:{scene.meeting.pk}"


@pytest.mark.parametrize("limit", [1, 3, 7, 500])
def test_pages_neither_repeat_nor_lose_a_line(scene: Scene, limit: int) -> None:
    """Many lines share a moment: the last line of a page says exactly where the next begins."""
    wanted, seen = Wanted(LATER, partners=[scene.world.bergmann.pk]), []
    while page := happenings(wanted, limit=limit):
        seen += page
        wanted = replace(wanted, after=page[-1].place)
    assert seen == told(scene)
    assert len({(row.source, row.id) for row in seen}) == len(seen) > 30


def test_kind_side_and_days_narrow_as_filtering_the_whole_would(scene: Scene) -> None:
    rows = told(scene)
    since, until = datetime(2026, 5, 20, tzinfo=UTC), AT
    for kind in ("promise", "mail", "deal", "commitment"):
        for side in ("vendor", "partner", "both"):
            expected = [row for row in rows if (row.kind, row.side) == (kind, side)]
            assert told(scene, kind=kind, side=side) == expected
    assert told(scene, since=since) == [row for row in rows if row.at >= since]
    early = list(all_happenings(Wanted(until, partners=[scene.world.bergmann.pk])))
    assert early == [row for row in rows if row.at < until]


def test_others_and_nobody_have_a_timeline_of_their_own(scene: Scene) -> None:
    own = {(row.source, row.id) for row in told(scene)}
    other = {(row.source, row.id) for row in all_happenings(Wanted(LATER, partners=[scene.world.kestrel.pk]))}
    assert other and not own & other
    assert happenings(Wanted(LATER, partners=[]), limit=5) == []


def test_a_contact_has_what_was_his(scene: Scene) -> None:
    found = {(row.kind, row.what) for row in all_happenings(Wanted(LATER, contact=scene.world.petra.pk))}
    assert {
        ("mail", "human reply"),
        ("meeting", "held"),
        ("decision", "decided"),
        ("form", "submitted"),
    } <= found
    assert ("commitment", "acknowledged") in found
    assert not {kind for kind, _ in found} & {"promise", "deal", "manager"}
    (left,) = happenings(Wanted(LATER, contact=scene.world.sven.pk, kind="person"), limit=1)
    assert left.what == "contact.left"


def test_one_statement_however_much_happened(scene: Scene, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        happenings(Wanted(LATER, partners=[scene.world.bergmann.pk, scene.world.fjord.pk]), limit=50)


def test_every_index_of_the_timeline_is_there(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_indexes WHERE indexname LIKE 'story\\_%' AND tablename NOT LIKE 'ledger_entry_y%'"
        )
        assert cursor.fetchone()[0] >= 12
