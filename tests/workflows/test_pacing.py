"""So many optional letters a minute to one mail domain, at any time and by any number of workers; agreed ones at once."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from drumbeat.apps.messages.actions import Note, take_turns, write_messages
from drumbeat.apps.messages.models import Letterhead, Message
from drumbeat.apps.partners.models import Contact
from drumbeat.integrations.letters import Deferred
from drumbeat.workflows.posting import Sent, send_queued
from tests.workflows.posts import Post
from tests.world import World

pytestmark = pytest.mark.django_db
AT = datetime(2026, 6, 2, 9, 0, 20, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
BEGIN = AT.replace(second=0)


def letters(world: World, count: int, domain: str = "x.example", topic: str = "news") -> None:
    Letterhead.objects.get_or_create(id=1, defaults={"a_minute": 2, "needs_approval": False})
    people = Contact.objects.bulk_create(
        Contact(partner=world.bergmann, name=f"{domain} {n}", sort_name=f"{n}", email=f"p{n}@{domain}", joined_on=AT.date())
        for n in range(count)
    )  # fmt: skip
    write_messages(
        [Note(f"{topic}:{one.email}", one, world.bergmann, "x", "x", topic=topic) for one in people], at=AT
    )


def left(post: Post) -> Counter[str]:
    return Counter(letter.recipient.email.partition("@")[2] for letter in post.letters)


def test_what_a_downtime_heaped_up_leaves_at_the_pace_of_its_domain(world: World) -> None:
    letters(world, 5)
    letters(world, 1, "Y.example")
    post = Post()
    assert send_queued(post, at=AT) == Sent(accepted=3, held_back=3)
    assert left(post) == {"x.example": 2, "Y.example": 1}
    waiting = Message.objects.filter(state="queued").order_by("next_attempt_at", "pk")
    assert [one.next_attempt_at - BEGIN for one in waiting] == [MINUTE, MINUTE, 2 * MINUTE]
    assert {one.error for one in waiting} == {"held back: 2 letters a minute to x.example"}
    assert {one.attempts for one in waiting} == {0}
    assert send_queued(post, at=BEGIN + MINUTE) == Sent(accepted=2)
    assert send_queued(post, at=BEGIN + 2 * MINUTE) == Sent(accepted=1)


def test_letters_tried_again_wait_for_their_turn(world: World) -> None:
    letters(world, 4)
    post = Post([Deferred("451 later"), Deferred("451 later")])
    assert send_queued(post, at=AT) == Sent(deferred=2, held_back=2)
    assert send_queued(post, at=AT + MINUTE) == Sent(accepted=2, held_back=2)
    assert send_queued(post, at=AT + 2 * MINUTE) == Sent(accepted=2)


def test_the_next_chunk_of_the_same_minute_counts_on(world: World) -> None:
    letters(world, 3)
    assert send_queued(Post(), at=AT, limit=1) == Sent(accepted=1)
    assert send_queued(Post(), at=AT + timedelta(seconds=30)) == Sent(accepted=1, held_back=1)


def test_what_was_agreed_does_not_wait(world: World) -> None:
    letters(world, 5, topic="")
    assert send_queued(Post(), at=AT) == Sent(accepted=5)


def test_turns_are_counted_by_domain_and_minute_of_the_clock(world: World) -> None:
    assert take_turns({"a": 3, "b": 9}, 5, at=AT) == {"a": 3, "b": 5}
    assert take_turns({"a": 3, "b": 1}, 5, at=AT + timedelta(seconds=39)) == {"a": 2, "b": 0}
    assert take_turns({"a": 3}, 5, at=AT + timedelta(seconds=40)) == {"a": 3}
    assert take_turns({"a": 9}, 5, at=AT - timedelta(hours=1)) == {"a": 5}, "a clock set back blocks nothing"
