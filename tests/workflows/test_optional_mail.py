"""Optional mail: wishes, suppression, fatigue and hours hold letters back with a reason; what was agreed always goes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from urllib.parse import urlsplit

import pytest
from django.test import Client

from drumbeat.apps.events.models import Event
from drumbeat.apps.messages.actions import (
    lift_suppression,
    mark_bounced,
    mark_complained,
    suppress_address,
    write_message,
)
from drumbeat.apps.messages.models import Letterhead, Message, Suppression, Wish
from drumbeat.apps.partners.models import Contact
from drumbeat.integrations.fakes import OutboxPost
from drumbeat.integrations.wire import wire_form
from drumbeat.workflows.posting import Sent, send_queued
from drumbeat.workflows.reading_mail import take_mail
from tests.workflows.posts import Post
from tests.world import World

pytestmark = pytest.mark.django_db

AT = datetime(2026, 6, 2, 9, tzinfo=UTC)  # a Tuesday, eleven in Berlin
DAY = timedelta(days=1)
State = Message.State


def letter(to: Contact, key: str = "a", topic: str = "news") -> Message:
    from drumbeat.apps.messages.actions import Note, write_messages

    note = Note(key, to, to.partner, "A word", "Hello\n\n[Look](https://example.com/x)", topic=topic)
    return write_messages([note], at=AT)[0]


def now(message: Message) -> Message:
    return Message.objects.get(pk=message.pk)


def on_the_wire(post: Post) -> EmailMessage:
    parsed = message_from_bytes(wire_form(post.letters[-1]), policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def test_an_optional_letter_says_how_to_decline_it(world: World) -> None:
    letter(world.sven)
    post = Post()
    send_queued(post, at=AT)
    sent = on_the_wire(post)
    url = sent["List-Unsubscribe"].strip("<>")
    assert url.startswith("http") and url.endswith("/?topic=news")
    assert sent["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert (sent["Precedence"], sent["Auto-Submitted"]) == ("bulk", "auto-generated")
    text = sent.get_body(("plain",))
    assert text is not None and url.partition("?")[0] in text.get_content()


def test_the_raw_header_is_not_encoded(world: World) -> None:
    letter(world.sven)
    post = Post()
    send_queued(post, at=AT)
    raw = wire_form(post.letters[0]).replace(b"\r\n ", b" ")
    line = next(line for line in raw.splitlines() if line.startswith(b"List-Unsubscribe:"))
    assert b"=?" not in line and line.rstrip().endswith(b"topic=news>")


def test_mail_that_was_agreed_has_no_way_out_and_says_why(world: World) -> None:
    letter(world.sven, topic="")
    post = Post()
    send_queued(post, at=AT)
    sent = on_the_wire(post)
    assert sent["List-Unsubscribe"] is None and sent["Precedence"] is None
    assert "cannot be unsubscribed" in post.letters[0].text


def test_one_click_declines_and_a_look_changes_nothing(world: World, client: Client) -> None:
    letter(world.sven)
    post = Post()
    send_queued(post, at=AT)
    parts = urlsplit(post.letters[0].unsubscribe)
    address = f"{parts.path}?{parts.query}"
    assert client.get(address).status_code == 200
    assert not Wish.objects.exists()
    for _ in range(2):
        answer = client.post(address, "List-Unsubscribe=One-Click", "application/x-www-form-urlencoded")
        assert answer.status_code == 200
    wish = Wish.objects.get()
    assert (wish.contact, wish.topic, wish.is_wanted) == (world.sven, "news", False)
    assert Event.objects.filter(kind="contact.wished").count() == 1
    later = letter(world.sven, "b")
    assert send_queued(Post(), at=AT + DAY) == Sent(held_back=1)
    assert (now(later).state, now(later).error) == (
        State.DROPPED,
        "the reader does not want mail about news",
    )
    agreed = letter(world.sven, "c", topic="")
    send_queued(Post(), at=AT + DAY)
    assert now(agreed).state == State.SENT


def test_the_page_keeps_what_was_ticked_in_the_readers_language(world: World, client: Client) -> None:
    world.sven.language = "de"
    world.sven.save()
    letter(world.sven)
    post = Post()
    send_queued(post, at=AT)
    path = urlsplit(post.letters[0].unsubscribe).path
    assert "Was wir Ihnen senden" in client.get(path).content.decode()
    assert client.post(path, {"topic": ["products", "learning", "hostile"]}).status_code == 302
    kept = dict(Wish.objects.values_list("topic", "is_wanted"))
    assert {topic for topic, is_wanted in kept.items() if is_wanted} == {"products", "learning"}
    client.post(path, {"topic": ["news"]})
    assert dict(Wish.objects.values_list("topic", "is_wanted"))["news"] is True
    client.post(path, {"none": "1"})
    assert not Wish.objects.filter(is_wanted=True).exists()


def test_a_link_of_another_purpose_or_altered_opens_nothing(world: World, client: Client) -> None:
    letter(world.sven)
    post = Post()
    send_queued(post, at=AT)
    path = urlsplit(post.letters[0].unsubscribe).path
    assert client.post(path.replace("/preferences/", "/forms/"), {}).status_code == 404
    assert client.post(path[:-3] + "x/", {"none": "1"}).status_code == 404
    assert not Wish.objects.exists()


def test_no_more_than_three_a_week_and_never_outside_hours(world: World) -> None:
    letters = [letter(world.sven, str(number)) for number in range(4)]
    assert send_queued(Post(), at=AT) == Sent(accepted=3, held_back=1)
    held = now(letters[3])
    assert held.state == State.QUEUED and held.error == "held back: 3 mails this week already, 3 at most"
    assert held.next_attempt_at == datetime(2026, 6, 8, 7, tzinfo=UTC)  # Monday nine in Berlin
    assert send_queued(Post(), at=held.next_attempt_at) == Sent(accepted=1)
    late = letter(world.petra, "late")
    night = datetime(2026, 6, 2, 20, tzinfo=UTC)
    assert send_queued(Post(), at=night) == Sent(held_back=1)
    assert now(late).next_attempt_at == datetime(2026, 6, 3, 7, tzinfo=UTC)
    assert "working hours" in now(late).error


def test_what_was_agreed_goes_at_night_and_beyond_the_cap(world: World) -> None:
    for number in range(5):
        letter(world.sven, str(number), topic="")
    assert send_queued(Post(), at=datetime(2026, 6, 2, 22, tzinfo=UTC)).accepted == 5


def test_a_hard_bounce_suppresses_until_operations_lift_it(world: World) -> None:
    first = letter(world.sven)
    send_queued(OutboxPost(), at=AT)
    mark_bounced(
        now(first), "550 5.1.1", address=world.sven.email, is_hard=True, reason="user unknown", at=AT
    )
    next_one = letter(world.sven, "b", topic="")
    assert send_queued(Post(), at=AT) == Sent(held_back=1)
    assert now(next_one).state == State.FAILED
    assert "hard bounce since 2026-06-02" in now(next_one).error
    assert Event.objects.filter(kind="contact.bounced").count() == 1
    lift_suppression(Suppression.objects.get(), by=world.olga, at=AT)
    assert not Suppression.objects.in_force().exists()


def test_a_complaint_stops_mail_and_is_told_to_the_manager(world: World) -> None:
    first = letter(world.sven)
    send_queued(OutboxPost(), at=AT)
    assert mark_complained(now(first), at=AT) and not mark_complained(now(first), at=AT)
    assert now(first).state == State.COMPLAINED
    assert Event.objects.get(kind="contact.complained").partner_id == world.bergmann.pk
    optional = letter(world.sven, "b")
    send_queued(Post(), at=AT)
    assert now(optional).state == State.DROPPED and "complaint" in now(optional).error


def test_an_address_is_suppressed_once(world: World) -> None:
    assert suppress_address("X@Example.com", "by_hand", "asked by phone", at=AT)
    assert not suppress_address("x@example.com", "by_hand", "", at=AT)


def test_a_letter_comes_back_by_its_own_return_address(
    world: World, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.BOUNCE_ADDRESS = "bounces@polaris.example"  # type: ignore[attr-defined]
    from drumbeat.integrations.imap import Incoming, Place

    first = letter(world.sven)
    post = Post()
    send_queued(post, at=AT)
    back = post.letters[0].return_to
    assert back.startswith(f"bounces+{first.pk}.") and back.endswith("@polaris.example")
    notice = BOUNCE.format(to=back, address=world.sven.email).replace("\n", "\r\n").encode()
    take_mail(Incoming(Place(1, 1), len(notice), notice), "box", at=AT)
    assert now(first).state == State.BOUNCED
    forged = BOUNCE.format(to=back.replace(".", ".0", 1), address=world.petra.email).encode()
    other = letter(world.petra, "b")
    send_queued(Post(), at=AT)
    take_mail(Incoming(Place(1, 2), len(forged), forged), "box", at=AT)
    assert now(other).state == State.SENT


BOUNCE = """From: MAILER-DAEMON@mx.example
To: {to}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {address}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 User unknown
--b--
"""


def test_the_letterhead_dresses_every_letter(world: World) -> None:
    Letterhead.objects.create(
        id=1, colour="#b42318", logo=b"\x89PNG", logo_type="image/png", sender_line="Polaris GmbH",
        postal_address="Weg 1\n70173 Stuttgart",
    )  # fmt: skip
    write_message(
        "w", to=world.sven, partner=world.bergmann, subject="x", text="[Open](https://e.example)", at=AT
    )
    post = Post()
    send_queued(post, at=AT)
    sent = on_the_wire(post)
    html = sent.get_body(("html",))
    assert html is not None
    shown = html.get_content()
    assert "cid:logo" in shown and "background:#b42318" in shown and "70173 Stuttgart" in shown
    related = next(part for part in sent.walk() if part.get_content_type() == "image/png")
    assert related["Content-ID"] == "<logo>"
