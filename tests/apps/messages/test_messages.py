"""Messages: written once, reserved by one worker, begun once, settled by a person when nobody else can know."""

from __future__ import annotations

from datetime import timedelta

import pytest

from drumbeat.apps.events.models import Event
from drumbeat.apps.messages.access import visible_to
from drumbeat.apps.messages.actions import (
    Enclosure,
    begin_sending,
    claim_messages,
    expire_lease,
    hold_back,
    mark_deferred,
    mark_failed,
    mark_sent,
    mark_uncertain,
    retry_message,
    settle_message,
    write_message,
)
from drumbeat.apps.messages.actions.sending import ATTEMPTS_AT_MOST, LEASE, backoff
from drumbeat.apps.messages.bridge import letter_of
from drumbeat.apps.messages.models import Attachment, Message
from drumbeat.apps.messages.queries import counts_by_state, outbox
from drumbeat.core.refusal import Refused
from drumbeat.integrations.letters import Address
from tests.world import AT, World, build_world

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
State = Message.State


@pytest.fixture
def world() -> World:
    return build_world()


def written(world: World, key: str = "hello:1", **more: object) -> Message:
    values = {"to": world.petra, "partner": world.bergmann, "subject": "Hello", "text": "Hello **Petra**"}
    message = write_message(key, at=AT, **(values | more))  # type: ignore[arg-type]
    assert message
    return message


def begun(world: World, key: str = "hello:1") -> Message:
    written(world, key)
    [message] = claim_messages(at=AT, limit=1)
    assert begin_sending(message, at=AT)
    return message


def test_writes_a_message_with_its_files(world: World) -> None:
    files = [
        Enclosure("a.ics", "text/calendar", b"BEGIN"),
        Enclosure("r.pdf", "application/pdf", source="edition:1"),
    ]
    message = written(world, attachments=files, reply_to=world.alice.email)
    assert (message.state, message.to_address) == (State.QUEUED, world.petra.email)
    assert message.message_id.endswith("@polaris.example>")
    assert [(file.name, file.source) for file in message.attachments.order_by("pk")] == [
        ("a.ics", ""),
        ("r.pdf", "edition:1"),
    ]


def test_writes_once_a_key(world: World) -> None:
    written(world, attachments=[Enclosure("a.txt", "text/plain", b"x")])
    again = write_message(
        "hello:1", to=world.kate, partner=None, subject="Other", text="Other", at=AT + MINUTE
    )
    assert again is None
    assert Message.objects.get().to_address == world.petra.email
    assert Attachment.objects.count() == 1


def test_refuses_somebody_without_an_address(world: World) -> None:
    world.petra.email = ""
    with pytest.raises(Refused, match="no mail address"):
        written(world)
    assert not Message.objects.exists()


def test_a_subject_is_one_line(world: World) -> None:
    assert written(world, subject="Hello\r\nBcc: all@x.example").subject == "Hello Bcc: all@x.example"


def test_reserves_each_message_for_one_worker(world: World) -> None:
    written(world, "a:1"), written(world, "a:2"), written(world, "a:3")
    first = claim_messages(at=AT, limit=2)
    second = claim_messages(at=AT, limit=2)
    assert [message.key for message in first + second] == ["a:1", "a:2", "a:3"]
    assert claim_messages(at=AT, limit=2) == []


def test_does_not_reserve_what_is_not_due(world: World) -> None:
    written(world)
    assert claim_messages(at=AT - MINUTE, limit=5) == []


def test_a_dead_workers_reservation_ends_and_the_message_is_still_queued(world: World) -> None:
    written(world)
    [held] = claim_messages(at=AT, limit=1)
    [taken] = claim_messages(at=AT + LEASE, limit=1)
    assert taken.pk == held.pk
    assert not begin_sending(held, at=AT + LEASE), "it is another worker's now"
    assert begin_sending(taken, at=AT + LEASE)
    assert not begin_sending(taken, at=AT + LEASE), "it can't be begun twice"


def test_marks_what_the_server_said(world: World) -> None:
    sent, deferred, failed, uncertain = (begun(world, f"a:{n}") for n in range(4))
    mark_sent(sent, at=AT)
    mark_deferred(deferred, "451 later", at=AT)
    mark_failed(failed, "550 nobody", at=AT)
    mark_uncertain(uncertain, "line broke", at=AT)
    rows = {row.key: row for row in Message.objects.all()}
    assert [rows[f"a:{n}"].state for n in range(4)] == ["sent", "queued", "failed", "uncertain"]
    assert rows["a:0"].sent_at == AT
    assert rows["a:1"].next_attempt_at == AT + MINUTE
    assert [rows[f"a:{n}"].error for n in range(4)] == ["", "451 later", "550 nobody", "line broke"]
    counted = counts_by_state(Message.objects.all())
    assert list(counted.items()) == [("queued", 1), ("sent", 1), ("failed", 1), ("uncertain", 1)]


def test_pauses_grow_up_to_a_limit_and_end_in_failure(world: World) -> None:
    written(world)
    moment, pauses = AT, []
    for _ in range(ATTEMPTS_AT_MOST):
        [message] = claim_messages(at=moment, limit=1)
        begin_sending(message, at=moment)
        mark_deferred(message, "451 later", at=moment)
        pauses.append(message.next_attempt_at - moment)
        moment = message.next_attempt_at
    assert [pause // MINUTE for pause in pauses[:-1]] == [1, 5, 15, 60, 240, 720, 720, 720, 720, 720, 720]
    message = Message.objects.get()
    assert message.state == State.FAILED and "12 attempts" in message.error
    assert backoff(100) == timedelta(hours=12)


def test_an_unreachable_server_fails_no_message(world: World) -> None:
    message = begun(world)
    Message.objects.update(attempts=50)
    message.refresh_from_db()
    mark_deferred(message, "refused", at=AT, gives_up=False)
    assert message.state == State.QUEUED


def test_gives_back_what_was_not_begun_without_counting_an_attempt(world: World) -> None:
    written(world)
    claimed = claim_messages(at=AT, limit=1)
    hold_back(claimed, "server down", until=AT + MINUTE)
    message = Message.objects.get()
    assert (message.state, message.attempts, message.error) == (State.QUEUED, 0, "server down")
    assert claim_messages(at=AT, limit=1) == [] and claim_messages(at=AT + MINUTE, limit=1) == claimed


def test_what_was_left_on_the_wire_becomes_uncertain_and_stays_so(world: World) -> None:
    message = begun(world)
    assert not expire_lease(message, at=AT + LEASE - MINUTE)
    assert expire_lease(message, at=AT + LEASE)
    assert not expire_lease(message, at=AT + LEASE)
    assert Message.objects.get().state == State.UNCERTAIN
    assert claim_messages(at=AT + timedelta(days=30), limit=5) == []


def test_a_late_answer_of_the_server_still_counts(world: World) -> None:
    message = begun(world)
    expire_lease(Message.objects.get(), at=AT + LEASE)
    assert mark_sent(message, at=AT + LEASE)
    assert Message.objects.get().state == State.SENT
    assert not mark_sent(message, at=AT + LEASE)


def test_an_attempt_that_is_over_can_not_touch_the_next(world: World) -> None:
    old = begun(world)
    expire_lease(Message.objects.get(), at=AT + LEASE)
    settle_message(old, False, by=world.dora, at=AT + LEASE)
    [new] = claim_messages(at=AT + LEASE, limit=1)
    assert begin_sending(new, at=AT + LEASE)
    assert not mark_deferred(old, "451 later", at=AT + LEASE)
    assert Message.objects.get().state == State.SENDING


def test_a_person_says_whether_it_was_sent(world: World) -> None:
    yes, no = begun(world, "a:1"), begun(world, "a:2")
    for message in (yes, no):
        mark_uncertain(message, "line broke", at=AT)
    settle_message(yes, True, by=world.alice, at=AT + MINUTE)
    settle_message(no, False, by=world.alice, at=AT + MINUTE)
    assert Message.objects.get(key="a:1").state == State.SENT
    assert [message.key for message in claim_messages(at=AT + MINUTE, limit=5)] == ["a:2"]
    assert Event.objects.filter(kind="message.settled", by_id=world.alice.pk).count() == 2


def test_only_uncertain_messages_are_settled_and_only_by_who_sees_them(world: World) -> None:
    message = begun(world)
    with pytest.raises(Refused, match="sending, not uncertain"):
        settle_message(message, True, by=world.dora, at=AT)
    mark_uncertain(message, "line broke", at=AT)
    with pytest.raises(Refused, match="may not decide"):
        settle_message(message, True, by=world.bob, at=AT)
    settle_message(message, True, by=world.olga, at=AT)
    with pytest.raises(Refused, match="not uncertain"):
        settle_message(message, False, by=world.olga, at=AT)


def test_a_failed_message_is_tried_again_at_the_address_of_today(world: World) -> None:
    message = begun(world)
    mark_failed(message, "550 nobody", at=AT)
    type(world.petra).objects.filter(pk=world.petra.pk).update(email="petra@new.example")
    again = retry_message(message, by=world.alice, at=AT + MINUTE)
    assert (again.state, again.to_address, again.attempts) == (State.QUEUED, "petra@new.example", 0)
    with pytest.raises(Refused, match="not failed"):
        retry_message(message, by=world.alice, at=AT + MINUTE)


def test_everybody_sees_the_mail_of_the_own_partners(world: World) -> None:
    written(world, "a:1")
    written(world, "a:2", to=world.kate, partner=world.kestrel)
    written(world, "a:3", to=world.adam, partner=None)
    seen = {
        person: sorted(visible_to(person, AT).values_list("key", flat=True)) for person in staff_of(world)
    }
    assert seen[world.alice] == ["a:1"]
    assert seen[world.bob] == ["a:2"]
    assert seen[world.dora] == seen[world.olga] == ["a:1", "a:2", "a:3"]
    assert seen[world.adam] == ["a:3"]
    assert [message.key for message in outbox(world.dora, AT, state="queued")] == ["a:3", "a:2", "a:1"]


def staff_of(world: World) -> list:
    return [world.alice, world.bob, world.dora, world.olga, world.adam]


def test_a_letter_carries_what_the_row_says(world: World) -> None:
    message = written(
        world, purpose="weekly-call", attachments=[Enclosure("r.pdf", "application/pdf", source="edition:1")]
    )
    letter = letter_of(message, world.vendor, lambda source: f"made of {source}".encode())
    assert letter.recipient == Address("Petra Bergmann", world.petra.email)
    assert '<p style="margin:0 0 16px">Hello <strong>Petra</strong></p>' in letter.html()
    assert letter.list_id == "<weekly-call.polaris.example>"
    assert letter.files[0].load() == b"made of edition:1"


def test_html_in_a_text_is_shown_and_not_obeyed(world: World) -> None:
    text = "<script>alert(1)</script>\n\n[x](javascript:alert(1)) <img src=x onerror=y>"
    html = letter_of(written(world, text=text), world.vendor, lambda source: b"").html()
    assert "<script" not in html and "<img" not in html and "href" not in html
