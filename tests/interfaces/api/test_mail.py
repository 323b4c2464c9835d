"""What Mailgun, Postmark and Mailjet post, in the form that they publish: taken once, only with the secret, and never for somebody
else's letter."""

from __future__ import annotations

import json
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from drumbeat.apps.events.models import Event
from drumbeat.apps.messages.actions import write_messages
from drumbeat.apps.messages.actions.sending import begin_sending, claim_messages, mark_uncertain
from drumbeat.apps.messages.actions.writing import Note
from drumbeat.apps.messages.models import Message, Received, Suppression, Wish
from drumbeat.core.refusal import Refused
from drumbeat.integrations.fakes import OutboxPost
from drumbeat.integrations.letters import Envelope
from drumbeat.integrations.providers import Provider
from drumbeat.integrations.smtp import SmtpPost
from drumbeat.workflows.posting import send_queued
from tests.integrations.servers import Sink, listening
from tests.workflows.posts import Post
from tests.world import World, build_world

from .provider_posts import (
    FULL,
    KEY,
    NO_SUCH,
    arrivals,
    bare,
    bounces,
    complaints,
    failed,
    mailgun,
    mailgun_reply,
    postmark_reply,
    returned,
)

pytestmark = pytest.mark.django_db
AT = datetime(2026, 6, 2, 9, tzinfo=UTC)
PASSWORD = "drumbeat:a-long-password"


@pytest.fixture
def world() -> World:
    return build_world(at=AT)


def letter(world: World, topic: str = "", name: str = "a") -> Message:
    note = Note(
        f"test:{name}", world.sven, world.bergmann, "A word", "Hello", topic=topic, purpose="weekly-word"
    )
    write_messages([note], at=AT)
    send_queued(OutboxPost(), at=AT)
    return Message.objects.get(key=note.key)


def now(message: Message) -> Message:
    return Message.objects.get(pk=message.pk)


def post(
    provider: str, kind: str, told: object, *, secret: str = "", settings: Any, **more: Any
) -> HttpResponse:
    settings.MAIL_PROVIDER = provider
    settings.MAIL_WEBHOOK_SECRET = KEY if provider == "mailgun" else PASSWORD
    headers = {} if provider == "mailgun" else basic(secret or PASSWORD)
    client, path = Client(enforce_csrf_checks=True), f"/api/mail/{provider}/{kind}/"
    if kind == "inbound" and provider == "mailgun":
        return client.post(path, told, **more)  # type: ignore[return-value, arg-type]
    return client.post(path, json.dumps(told), content_type="application/json", headers=headers)  # type: ignore[return-value]


def basic(secret: str) -> dict[str, str]:
    return {"Authorization": "Basic " + b64encode(secret.encode()).decode()}


PROVIDERS = ["mailgun", "postmark", "mailjet"]


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_hard_bounce_is_what_the_mailbox_would_have_told(
    world: World, provider: str, settings: Any
) -> None:
    message = letter(world)
    for _ in range(2):
        answer = post(provider, "tracking", bounces(message)[provider], settings=settings)
        assert (answer.status_code, json.loads(answer.content)) == (200, {"bounced": 1})
    assert (now(message).state, Suppression.objects.get().reason) == ("bounced", "hard_bounce")
    event = Event.objects.get(kind="contact.bounced")
    assert (event.subject_id, event.partner_id, event.payload["reason"]) == (
        world.sven.pk,
        world.bergmann.pk,
        "userunknown",
    )


def test_a_full_mailbox_is_no_parting(world: World, settings: Any) -> None:
    message = letter(world)
    told = returned(message, "SoftBounce", FULL, "smtp;552 5.2.2 mailbox full")
    post("postmark", "tracking", told, settings=settings)
    assert now(message).state == "bounced"
    assert not Suppression.objects.exists() and not Event.objects.filter(kind="contact.bounced").exists()


def test_what_is_still_tried_changes_nothing(world: World, settings: Any) -> None:
    message = letter(world)
    later = mailgun("failed", message, **failed("451 4.7.1 greylisted", 451, "temporary"))
    assert json.loads(post("mailgun", "tracking", later, settings=settings).content) == {}
    assert now(message).state == "sent"


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_complaint_stops_the_address_and_is_told_once(world: World, provider: str, settings: Any) -> None:
    first, second = letter(world), letter(world, name="b")
    for message in (first, second, first):
        post(provider, "tracking", complaints(message)[provider], settings=settings)
    assert {now(first).state, now(second).state} == {"complained"}
    assert Suppression.objects.get().reason == "complaint"
    assert Event.objects.get(kind="contact.complained").partner_id == world.bergmann.pk


@pytest.mark.parametrize("provider", PROVIDERS)
def test_what_arrived_settles_what_was_uncertain(world: World, provider: str, settings: Any) -> None:
    write_messages([Note("test:u", world.sven, world.bergmann, "x", "x")], at=AT)
    [message] = claim_messages(at=AT, limit=1)
    begin_sending(message, at=AT)
    mark_uncertain(message, "the line broke", at=AT)
    post(provider, "tracking", arrivals(message)[provider], settings=settings)
    settled = now(message)
    assert (settled.state, settled.error, bool(settled.delivered_at)) == ("sent", "", True)
    assert send_queued(Post(), at=AT + timedelta(days=1)).total == 0


def test_a_letter_that_came_back_before_its_mark_stays_returned(world: World, settings: Any) -> None:
    write_messages([Note("test:q", world.sven, world.bergmann, "x", "x")], at=AT)

    class Quick(Post):
        def deliver(self, envelope: Envelope) -> Any:
            post("mailgun", "tracking", bounces(Message.objects.get())["mailgun"], settings=settings)
            return super().deliver(envelope)

    send_queued(Quick(), at=AT)
    assert Message.objects.get().state == "bounced"


def test_unsubscribing_at_the_provider_declines_the_topic(world: World, settings: Any) -> None:
    message = letter(world, topic="news")
    post("mailgun", "tracking", mailgun("unsubscribed", message), settings=settings)
    assert (Wish.objects.get().topic, Wish.objects.get().is_wanted) == ("news", False)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_nothing_without_the_secret(world: World, provider: str, settings: Any) -> None:
    message = letter(world)
    told = bounces(message)[provider]
    if provider == "mailgun":
        told = mailgun("failed", message, key="another-key-of-somebody", **failed(NO_SUCH))
    answer = post(provider, "tracking", told, secret="drumbeat:another-password", settings=settings)
    assert (answer.status_code, now(message).state) == (401, "sent")


def test_there_is_no_door_for_another_provider_or_without_a_secret(world: World, settings: Any) -> None:
    settings.MAIL_PROVIDER, settings.MAIL_WEBHOOK_SECRET = "postmark", ""
    told = json.dumps(bounces(letter(world))["postmark"])
    for provider in ("postmark", "mailgun", "sendgrid"):
        path = f"/api/mail/{provider}/tracking/"
        assert Client().post(path, told, content_type="application/json").status_code == 404


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'{"RecordType": []}', b"\xff", b'{"Email": {"a": 1}}']
)
def test_a_post_of_another_form_changes_nothing(world: World, settings: Any, body: bytes) -> None:
    settings.MAIL_PROVIDER, settings.MAIL_WEBHOOK_SECRET = "postmark", PASSWORD
    for kind in ("tracking", "inbound"):
        answer = Client().post(
            f"/api/mail/postmark/{kind}/", body, content_type="application/json", headers=basic(PASSWORD)
        )
        assert answer.status_code in (200, 422)


def test_a_letter_of_somebody_else_is_unknown(world: World, settings: Any) -> None:
    message = letter(world)
    strange = Message(message_id="<" + "0" * 32 + "@x.example>", to_address="eve@x.example")
    other = Message(message_id=message.message_id, to_address="eve@x.example")
    for told in (strange, other):
        answer = post("mailgun", "tracking", bounces(told)["mailgun"], settings=settings)
        assert json.loads(answer.content) == {"unknown": 1}
    assert now(message).state == "sent"


@pytest.mark.parametrize("provider", ["mailgun", "postmark"])
def test_a_posted_reply_is_read_as_one_of_the_mailbox(world: World, provider: str, settings: Any) -> None:
    message = letter(world)
    told = mailgun_reply(message) if provider == "mailgun" else postmark_reply(message)
    counted = [json.loads(post(provider, "inbound", told, settings=settings).content) for _ in range(2)]
    assert counted == [{"human reply": 1}, {"known": 1}]
    received = Received.objects.get()
    assert (received.message, received.contact, received.partner, received.text) == (
        message,
        world.sven,
        world.bergmann,
        "Yes.",
    )
    assert Event.objects.filter(kind="message.answered").count() == 1


def test_a_posted_reply_without_the_signature_is_refused(world: World, settings: Any) -> None:
    told = mailgun_reply(letter(world), key="another-key-of-somebody")
    assert post("mailgun", "inbound", told, settings=settings).status_code == 401
    assert not Received.objects.exists()


def test_a_provider_that_renames_letters_is_told_their_name(world: World) -> None:
    write_messages([Note("test:m", world.sven, world.bergmann, "x", "x")], at=AT)
    sink = Sink()
    with listening(sink) as url:
        send_queued(SmtpPost(url, provider="postmark", timeout=5), at=AT)
    text = sink.accepted[0].content
    assert isinstance(text, bytes)
    name = bare(Message.objects.get()).encode()
    assert b"X-PM-KeepID: true" in text and b"X-PM-Metadata-letter: " + name in text.replace(b"\r\n ", b" ")


@pytest.mark.parametrize(
    ("name", "secret"),
    [("sendgrid", PASSWORD), ("postmark", ""), ("postmark", "no-colon-in-this-one"), ("mailgun", "short")],
)
def test_a_secret_worth_its_name_is_asked_for(name: str, secret: str) -> None:
    with pytest.raises(Refused):
        Provider.of(name, secret)
