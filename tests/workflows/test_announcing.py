"""Announcements: the right readers, frozen when it is sent, by a second person, in hours and so many a minute."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from drumbeat.apps.messages.actions import (
    ask_for_approval,
    decline_topic,
    send_announcement,
    suppress_address,
    write_announcement,
)
from drumbeat.apps.messages.models import Announcement, Letterhead, Message
from drumbeat.apps.messages.queries import readers_of
from drumbeat.core.refusal import Refused
from tests.world import World

pytestmark = pytest.mark.django_db

AT = datetime(2026, 6, 1, 19, tzinfo=UTC)  # a Monday evening
VALUES: dict[str, Any] = {
    "title": "Release",
    "topic": "news",
    "subject": "News for {{ partner.name }}",
    "text": "Hello {{ contact.first_name }}, write to {{ manager.name }}.",
    "audience": 'partner.country == "DE"',
    "roles": [],
}


def draft(world: World, **more: Any) -> Announcement:
    return write_announcement({**VALUES, **more}, by=world.olga, at=AT)


def names(announcement: Announcement) -> list[str]:
    return [contact.name for contact in readers_of(announcement, AT).welcome]


def test_the_rule_the_roles_and_the_exclusions_pick_the_readers(world: World) -> None:
    assert names(draft(world)) == ["Petra Bergmann", "Sven Sommer"]
    assert names(draft(world, roles=["sales_lead"])) == ["Sven Sommer"]
    assert names(draft(world, without=[world.sven.email.upper()])) == ["Petra Bergmann"]
    assert names(draft(world, without=[world.bergmann.key])) == []


def test_who_fits_and_is_left_out_is_told_with_the_reason(world: World) -> None:
    decline_topic(world.sven, "news", at=AT)
    suppress_address(world.petra.email, "complaint", "", at=AT)
    told = {contact.name: why for contact, why in readers_of(draft(world), AT).left_out}
    assert told == {
        "Petra Bergmann": "complaint since 2026-06-01",
        "Sven Sommer": "does not want mail about this",
    }


def test_a_second_person_sends_it_and_the_readers_are_frozen(world: World) -> None:
    announcement = draft(world)
    with pytest.raises(Refused, match="Nobody has asked"):
        send_announcement(announcement, by=world.dora, at=AT)
    ask_for_approval(announcement, by=world.olga, at=AT)
    with pytest.raises(Refused, match="may not approve"):
        send_announcement(announcement, by=world.olga, at=AT)
    assert send_announcement(announcement, by=world.dora, at=AT) == 2
    world.petra.email = "new@bergmann.example"
    world.petra.save()
    letters = Message.objects.filter(announcement=announcement).order_by("to_name")
    first = letters[0]
    assert (first.to_name, first.subject) == ("Petra Bergmann", "News for Bergmann Systemhaus")
    assert first.to_address != "new@bergmann.example" and first.text.startswith("Hello Petra, write to Alice")
    with pytest.raises(Refused, match="is sent"):
        send_announcement(announcement, by=world.dora, at=AT)


def test_a_change_after_asking_asks_anew(world: World) -> None:
    announcement = draft(world)
    ask_for_approval(announcement, by=world.olga, at=AT)
    changed = write_announcement({"text": "Other"}, by=world.olga, at=AT, announcement=announcement)
    assert changed.state == "draft"


def test_letters_wait_for_the_readers_morning_and_for_their_turn(world: World) -> None:
    Letterhead.objects.create(id=1, a_minute=1, needs_approval=False)
    send_announcement(draft(world), by=world.olga, at=AT)
    first, second = Message.objects.order_by("next_attempt_at")
    assert first.next_attempt_at == datetime(2026, 6, 2, 7, tzinfo=UTC)  # nine in Berlin
    assert second.next_attempt_at - first.next_attempt_at == timedelta(minutes=1)


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("text", "Hello {{ contact.shoe_size }}", "Nothing is known for contact.shoe_size"),
        ("subject", "Hello {{ contact name }}", "Nothing is known"),
        ("audience", "partner.colour == 1", "colour"),
        ("topic", "gossip", "no topic 'gossip'"),
    ],
)
def test_what_could_not_be_sent_is_refused_when_it_is_written(
    world: World, field: str, value: str, says: str
) -> None:
    with pytest.raises(Refused, match=says):
        draft(world, **{field: value})


def test_nobody_else_writes_them_and_nobody_gets_none(world: World) -> None:
    with pytest.raises(Refused, match="may not write"):
        write_announcement(VALUES, by=world.alice, at=AT)
    Letterhead.objects.create(id=1, needs_approval=False)
    with pytest.raises(Refused, match="Nobody would get it"):
        send_announcement(draft(world, audience='partner.country == "ZZ"'), by=world.olga, at=AT)
