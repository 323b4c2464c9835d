"""Mail leaves once: down, refused, broken, killed at every point between claim, begin, delivery and mark."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from drumbeat.apps.ledger.models import Standing
from drumbeat.apps.messages.actions import Enclosure, write_message
from drumbeat.apps.messages.models import LEASE, Message, step_key
from drumbeat.apps.routines.actions import (
    claim_steps,
    hand_step,
    open_due,
    plan_moments,
    publish_version,
    start_routine,
    subscribe,
)
from drumbeat.apps.routines.models import Step, StepState
from drumbeat.integrations.fakes import OutboxPost
from drumbeat.integrations.letters import Deferred, Envelope, Letter, LostContact, Rejected
from drumbeat.integrations.smtp import SmtpPost
from drumbeat.workflows import posting
from drumbeat.workflows.posting import Sent, expire_leases, retry_failed, send_queued, settle_uncertain
from tests.integrations.servers import Sink, free_port, listening
from tests.workflows.channel import START
from tests.workflows.posts import Killed, Post
from tests.world import World

pytestmark = pytest.mark.django_db

AT = datetime(2026, 6, 2, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
State = Message.State

TEXT = """
routine: weekly-word
title: Weekly word
purpose: Both sides know.
subject: partner
promise: {by: vendor, to: partner, text: A word every Tuesday., kept_by: send}
owner: channel_manager
goals: [trust]
audience: partner.status == "active"
calendar: partner
cadence: {rule: FREQ=WEEKLY;BYDAY=TU, at: "10:00", zone: partner, roll: following}
grace: 1bd
steps:
  - {step: send, kind: mail, title: A word, to: [sales_lead], template: newsletter, due: 0}
"""


@pytest.fixture
def step(world: World) -> Step:
    """A mail step of Bergmann's, written to two people and handed to the outbox."""
    routine = publish_version(TEXT, by=None, at=START).routine
    start_routine(routine, by=None, at=START)
    subscribe(routine, [world.bergmann], on=START.date())
    plan_moments(at=START)
    open_due(at=AT)
    [step] = claim_steps("mail", at=AT)
    for contact in (world.petra, world.sven):
        write_message(
            step_key(step.pk, "contact", contact.pk),
            to=contact,
            partner=world.bergmann,
            subject="A word",
            text="Hello",
            at=AT,
        )
    hand_step(step, at=AT)
    return step


def states() -> list[str]:
    return [message.state for message in Message.objects.order_by("pk")]


def now(step: Step) -> Step:
    return Step.objects.get(pk=step.pk)


def outcome(step: Step) -> str | None:
    return Standing.objects.get(promise=step.occurrence.promise_id).outcome


def test_sends_each_once_and_keeps_the_promise_with_the_first(step: Step) -> None:
    post = Post()
    assert send_queued(post, at=AT) == Sent(accepted=2)
    assert [letter.recipient.name for letter in post.letters] == ["Petra Bergmann", "Sven Sommer"]
    assert (now(step).state, now(step).done_at, outcome(step)) == (StepState.DONE, AT, "kept")
    assert send_queued(post, at=AT + timedelta(days=1)) == Sent()
    assert len(post.letters) == 2


def test_a_post_in_the_house_takes_a_chunk_at_once(step: Step, world: World) -> None:
    write_message("a:1", to=world.kate, partner=world.kestrel, subject="x", text="x", at=AT)
    Message.objects.filter(key="a:1").update(to_address="zoë@kestrel.example")
    post = OutboxPost()
    assert send_queued(post, at=AT) == Sent(accepted=2, rejected=1)
    assert (states(), len(post.letters)) == (["sent", "sent", "failed"], 2)
    assert (now(step).state, outcome(step)) == (StepState.DONE, "kept")
    assert send_queued(post, at=AT) == Sent()


def test_without_a_mail_server_all_stays_queued(step: Step) -> None:
    assert send_queued(None, at=AT) == Sent()
    assert states() == ["queued", "queued"]


def test_sends_no_more_than_a_chunk(step: Step) -> None:
    assert send_queued(Post(), at=AT, limit=1).total == 1
    assert states() == ["sent", "queued"]


def test_a_server_that_is_down_is_asked_once_and_everything_waits(step: Step) -> None:
    post = OutboxPost()
    post.is_down = True
    assert send_queued(post, at=AT) == Sent(deferred=1)
    first, second = Message.objects.order_by("pk")
    assert first.next_attempt_at == second.next_attempt_at == AT + MINUTE
    assert (first.attempts, second.attempts) == (1, 0)
    assert first.error == second.error == "outbox: switched off"
    assert send_queued(post, at=AT) == Sent(), "not before its time"
    assert send_queued(post, at=AT + MINUTE) == Sent(deferred=1)
    assert Message.objects.earliest("pk").next_attempt_at == AT + 6 * MINUTE
    assert (now(step).state, outcome(step)) == (StepState.HANDED, None)
    post.is_down = False
    assert send_queued(post, at=AT + 6 * MINUTE) == Sent(accepted=2)
    assert len(post.letters) == 2 and now(step).state == StepState.DONE


def test_down_and_up_again_with_a_real_server(step: Step) -> None:
    sink = Sink()
    down = SmtpPost(f"smtp://127.0.0.1:{free_port()}?tls=none", timeout=5)
    assert send_queued(down, at=AT) == Sent(deferred=1)
    with listening(sink) as url:
        post = SmtpPost(url, timeout=5)
        assert send_queued(post, at=AT + MINUTE) == Sent(accepted=2)
        assert send_queued(post, at=AT + 2 * MINUTE) == Sent()
    assert [kept.rcpt_tos for kept in sink.accepted] == [
        [message.to_address] for message in Message.objects.order_by("pk")
    ]
    assert len(sink.connections) == 1, "one connection a chunk"


def test_one_refused_recipient_holds_up_nobody(step: Step) -> None:
    assert send_queued(Post([Rejected("550 nobody")]), at=AT) == Sent(accepted=1, rejected=1)
    assert states() == ["failed", "sent"]
    assert now(step).state == StepState.DONE


def test_when_all_are_refused_the_step_fails_with_the_servers_words(step: Step, world: World) -> None:
    send_queued(Post([Rejected("550 nobody"), Rejected("550 nobody")]), at=AT)
    assert (now(step).state, now(step).error, outcome(step)) == (StepState.FAILED, "550 nobody", None)
    retry_failed(Message.objects.earliest("pk"), by=world.alice, at=AT + MINUTE)
    assert now(step).state == StepState.HANDED
    send_queued(Post(), at=AT + MINUTE)
    assert now(step).state == StepState.DONE


def test_a_letter_whose_line_broke_is_never_sent_again_by_itself(step: Step) -> None:
    post = Post([LostContact("line broke"), Rejected("550 nobody")])
    assert send_queued(post, at=AT) == Sent(uncertain=1, rejected=1)
    assert (now(step).state, outcome(step)) == (StepState.UNCERTAIN, None)
    for days in (1, 10, 100):
        assert send_queued(post, at=AT + timedelta(days=days)) == Sent()
    assert post.letters == []


@pytest.mark.parametrize(
    ("was_sent", "state", "sent"), [(True, StepState.DONE, 0), (False, StepState.HANDED, 1)]
)
def test_a_person_settles_what_is_uncertain(
    step: Step, world: World, was_sent: bool, state: str, sent: int
) -> None:
    post = Post([LostContact("line broke"), LostContact("line broke")])
    send_queued(post, at=AT)
    message = Message.objects.earliest("pk")
    settle_uncertain(message, was_sent, by=world.alice, at=AT + MINUTE)
    assert now(step).state == state
    assert send_queued(post, at=AT + MINUTE).accepted == sent
    assert now(step).state == StepState.DONE


def test_a_file_that_cannot_be_made_fails_its_own_message_only(world: World) -> None:
    bad = [Enclosure("r.pdf", "application/pdf", source="edition:999999")]
    for key, files in (("a:1", bad), ("a:2", [])):
        write_message(key, to=world.petra, partner=None, subject="x", text="x", at=AT, attachments=files)
    assert send_queued(Post(), at=AT) == Sent(accepted=1, rejected=1)
    failed = Message.objects.get(key="a:1")
    assert failed.state == State.FAILED and "edition:999999 can't be made" in failed.error


def die(*args: object, **kwargs: object) -> None:
    raise Killed


def killed(monkeypatch: pytest.MonkeyPatch, where: str, post: Post) -> None:
    """Runs one chunk in which the process dies at `where`."""
    with monkeypatch.context() as patch:
        owner: object = posting if where in ("_mark", "finish_step") else posting.mail
        if where == "deliver":
            post.verdicts.append(Killed)
        else:
            patch.setattr(owner, where, die)
        with pytest.raises(Killed):
            send_queued(post, at=AT)


@pytest.mark.parametrize("where", ["claim_messages", "begin_sending"])
def test_killed_before_it_was_begun_a_message_is_sent_once_later(
    step: Step, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    post = Post()
    killed(monkeypatch, where, post)
    assert states() == ["queued", "queued"]
    assert expire_leases(at=AT + LEASE) == 0
    assert send_queued(post, at=AT + LEASE) == Sent(accepted=2)
    assert len(post.letters) == 2 and now(step).state == StepState.DONE


@pytest.mark.parametrize(
    ("where", "really_sent"), [("deliver", 0), ("_mark", 1), ("mark_sent", 1), ("finish_step", 1)]
)
def test_killed_on_the_wire_or_before_the_mark_a_message_is_uncertain_and_not_sent_again(
    step: Step, monkeypatch: pytest.MonkeyPatch, where: str, really_sent: int
) -> None:
    post = Post()
    killed(monkeypatch, where, post)
    assert states() == ["sending", "queued"]
    assert len(post.letters) == really_sent
    assert expire_leases(at=AT + LEASE - MINUTE) == 0
    assert expire_leases(at=AT + LEASE) == 1
    assert expire_leases(at=AT + LEASE) == 0
    assert states() == ["uncertain", "queued"]
    assert now(step).state == StepState.HANDED, "the other letter may still keep it"
    assert send_queued(post, at=AT + LEASE) == Sent(accepted=1)
    assert len(post.letters) == really_sent + 1
    assert states() == ["uncertain", "sent"] and now(step).state == StepState.DONE


def test_all_uncertain_makes_the_step_uncertain(step: Step, monkeypatch: pytest.MonkeyPatch) -> None:
    Message.objects.latest("pk").delete()
    killed(monkeypatch, "deliver", Post())
    expire_leases(at=AT + LEASE)
    assert now(step).state == StepState.UNCERTAIN and "worker ended" in now(step).error


def test_what_a_kill_rolls_back_it_rolls_back_whole(step: Step, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the mark: the message says `sending` still, the step waits, the ledger knows nothing."""
    killed(monkeypatch, "finish_step", Post())
    assert states()[0] == "sending"
    assert (now(step).state, outcome(step)) == (StepState.HANDED, None)


def test_a_worker_that_was_too_slow_gives_way(step: Step, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its lease ended while it made the letter; another worker sends, the slow one doesn't."""
    quick, slow = Post(), Post()
    seal: Callable[[Letter], Envelope] = slow.seal

    def dawdle(letter: Letter) -> Envelope:
        send_queued(quick, at=AT + LEASE)
        return seal(letter)

    monkeypatch.setattr(slow, "seal", dawdle)
    assert send_queued(slow, at=AT) == Sent()
    assert (len(quick.letters), len(slow.letters)) == (2, 0)


def test_a_deferred_letter_comes_again_with_the_same_name(step: Step) -> None:
    post = Post([Deferred("451 later")])
    assert send_queued(post, at=AT) == Sent(accepted=1, deferred=1)
    send_queued(post, at=AT + MINUTE)
    assert len({letter.message_id for letter in post.letters}) == 2
    assert states() == ["sent", "sent"]
