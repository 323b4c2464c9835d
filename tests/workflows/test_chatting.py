"""Digests in chats: told once beside the mail, to the person's room and the team's, tried again, and visible when refused."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from drumbeat.apps.ledger.actions import acknowledge_commitment, propose_commitment
from drumbeat.apps.messages.models import Message
from drumbeat.apps.people.models import Account
from drumbeat.apps.webhooks.actions import close_room, set_room
from drumbeat.apps.webhooks.models import Delivery, Room
from drumbeat.apps.webhooks.queries import endpoint_keys
from drumbeat.core.refusal import Refused
from drumbeat.core.signing import is_signed
from drumbeat.integrations.webhooks import HttpHooks
from drumbeat.workflows.chatting import try_room
from drumbeat.workflows.delivering import deliver_due, settle_delivery
from drumbeat.workflows.reminding import remind
from tests.integrations.rooms import Rooms, open_rooms
from tests.world import AT, World

pytestmark = pytest.mark.django_db
SECRET = "a-secret-of-some-length"
MORNING = AT + timedelta(days=4)  # Friday, 09:00 in Berlin
HOOKS = HttpHooks(["127.0.0.0/8"])


@pytest.fixture
def rooms():
    with open_rooms() as opened:
        yield opened


def owe(world: World, person: Account) -> None:
    commitment = propose_commitment(
        "Send the <!here> list", person, date(2026, 3, 3), partner=world.bergmann, origin="mail", by=person, at=AT
    )  # fmt: skip
    acknowledge_commitment(commitment, by=person, at=AT)


def room(world: World, form: str, url: str, person: Account | None = None, **more: str) -> Room:
    return set_room(form, url, person=person, by=person or world.dora, at=AT, **more)


def test_a_digest_stands_in_the_persons_room_and_in_the_teams_once(world: World, rooms: Rooms) -> None:
    room(world, "slack", f"{rooms.url}/slack", world.alice)
    room(world, "teams", f"{rooms.url}/teams")
    room(world, "plain", f"{rooms.url}/plain", world.bob, secret=SECRET)
    owe(world, world.alice)
    for minutes in (0, 5, 10):
        remind(at=MORNING + timedelta(minutes=minutes))
        deliver_due(HOOKS, at=MORNING + timedelta(minutes=minutes))
    assert rooms.faults == []
    assert [path for path, *_ in rooms.seen] == ["/slack", "/teams"]
    mail = Message.objects.get(person=world.alice, key__startswith="digest:")
    slack, teams = (json.loads(body) for *_, body in rooms.seen)
    assert slack["text"] == mail.subject
    assert teams["attachments"][0]["content"]["body"][0]["text"] == f"Alice Ahrens: {mail.subject}"
    assert set(Delivery.objects.values_list("state", "step_id")) == {("delivered", None)}


def test_a_plain_webhook_is_signed(world: World, rooms: Rooms) -> None:
    room(world, "plain", f"{rooms.url}/plain", world.alice, secret=SECRET)
    owe(world, world.alice)
    remind(at=MORNING)
    deliver_due(HOOKS, at=MORNING)
    [(_, headers, body)] = rooms.seen
    assert is_signed(SECRET, headers["Drumbeat-Timestamp"], body, headers["Drumbeat-Signature"])
    assert headers["Idempotency-Key"] == json.loads(body)["key"] == Delivery.objects.get().key


def test_a_busy_room_is_told_later_and_a_room_that_is_gone_stands_failed(world: World, rooms: Rooms) -> None:
    told = room(world, "slack", f"{rooms.url}/slack", world.alice)
    try_room(told, at=AT)
    rooms.busy = 2
    at = AT
    while (post := Delivery.objects.get()).state == "queued":
        at = max(at, post.next_attempt_at)
        deliver_due(HOOKS, at=at)
    assert (post.state, post.attempts, len(rooms.seen), at - AT) == ("delivered", 3, 1, timedelta(minutes=6))
    room(world, "slack", f"{rooms.url}/gone", world.alice)
    try_room(told, at=AT + timedelta(hours=1))
    deliver_due(HOOKS, at=AT + timedelta(hours=1))
    gone = Delivery.objects.latest("pk")
    assert (gone.state, gone.status, gone.error) == ("failed", 404, "404 no_service")
    settle_delivery(gone, False, by=world.alice, at=AT + timedelta(hours=2))
    assert gone.state == "queued"


def test_a_closed_room_hears_nothing_more(world: World, rooms: Rooms) -> None:
    told = room(world, "slack", f"{rooms.url}/slack", world.alice)
    close_room(told, by=world.alice, at=AT)
    owe(world, world.alice)
    remind(at=MORNING)
    assert not Delivery.objects.exists()


def test_only_ones_own_room_and_known_forms(world: World) -> None:
    with pytest.raises(Refused, match="isn't your room"):
        set_room("slack", "https://x.example", person=world.alice, by=world.bob, at=AT)
    with pytest.raises(Refused, match="isn't your room"):
        set_room("slack", "https://x.example", person=None, by=world.alice, at=AT)
    with pytest.raises(Refused, match="no form"):
        set_room("fax", "https://x.example", person=world.alice, by=world.alice, at=AT)
    with pytest.raises(Refused, match="too short"):
        set_room("plain", "https://x.example", person=world.alice, by=world.alice, at=AT)
    set_room("slack", "https://x.example", person=world.alice, by=world.alice, at=AT)
    assert endpoint_keys() == frozenset(), "routines don't report to rooms"
