"""Queued messages leave the house, each once; the steps that wrote them are told what became of them.

A message is reserved, begun and marked in three transactions of its own. Whatever dies, and wherever:

* before it is begun: it is still `queued` and was never on the wire; another worker takes it when the lease is over.
* after it is begun, before the server answers, or after the answer and before the mark: its row says `sending` and
  nobody can tell whether the server has it. When the lease is over it becomes `uncertain`, and so does its step. It
  is never sent again by itself: a person looks and says (`settle_uncertain`).
* in the mark: the message's verdict, its step and the step's promises are one transaction, all or nothing; if it is
  lost, the case is the one before.
* the connection breaks while the text is on its way: `uncertain` at once, for the same reason. Breaks earlier are
  harmless, the message is queued again with a growing pause.
* two workers: a reserved row is passed over by the other, and a begun one can't be begun again.

So no message is sent twice unless a person says that it was not sent, and none is lost without a row that says so.
Every verb here takes the step's row first and the message's after it, so that two of them never wait in a circle.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import prefetch_related_objects

from drumbeat.apps.messages import actions as mail
from drumbeat.apps.messages.bridge import letter_of
from drumbeat.apps.messages.models import LEASE, Message
from drumbeat.apps.messages.queries import letterhead
from drumbeat.apps.people.models import Account
from drumbeat.apps.people.queries import vendor
from drumbeat.apps.routines.actions import fail_step, finish_step, finish_steps, hand_step, hold_uncertain
from drumbeat.apps.routines.models import Step
from drumbeat.core.lettergate import Gate, Hold, Leave, Never
from drumbeat.integrations.letters import Accepted, Deferred, Letter, LostContact, Post, Rejected, Verdict
from drumbeat.workflows.enclosing import make_file
from drumbeat.workflows.gating import Gates
from drumbeat.workflows.pacing import in_their_turn

State = Message.State


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of one chunk."""

    accepted: int = 0
    deferred: int = 0
    rejected: int = 0
    uncertain: int = 0
    held_back: int = 0

    @property
    def total(self) -> int:
        return self.accepted + self.deferred + self.rejected + self.uncertain + self.held_back


def send_queued(post: Post | None, *, at: datetime, limit: int = 200, lease: timedelta = LEASE) -> Sent:
    """Sends one chunk of what is due over one connection. Without a mail server all stays queued."""
    if post is None:
        return Sent()
    messages = mail.claim_messages(at=at, limit=limit, lease=lease)
    prefetch_related_objects(messages, "attachments")
    desk = Desk(messages, at)
    leaving = _may_leave(messages, desk, at)
    if not post.is_in_house:
        leaving = in_their_turn(leaving, desk.head.a_minute, at=at)
    held_back = len(messages) - len(leaving)
    with closing(post):
        if post.is_in_house:
            return replace(_count(_keep_all(leaving, post, desk, at)), held_back=held_back)
        return replace(_count(_send_all(leaving, post, desk, at, lease)), held_back=held_back)


class Desk:
    """What all letters of a chunk share: the vendor, the letterhead, and what is known of the readers."""

    def __init__(self, messages: list[Message], at: datetime) -> None:
        self.firm, self.head, self.gates = vendor(), letterhead(), Gates(messages, at)

    def letter(self, message: Message) -> Letter:
        return letter_of(message, self.firm, make_file, self.head, self.gates.ways(message))


def _may_leave(messages: list[Message], desk: Desk, at: datetime) -> list[Message]:
    """What may not leave now waits, or ends with its reason: an unwanted letter quietly, one that was owed as failed."""
    by_verdict: dict[Gate, list[Message]] = defaultdict(list)
    for message in messages:
        by_verdict[desk.gates.of(message)].append(message)
    for verdict, found in by_verdict.items():
        match verdict:
            case Hold(until, reason):
                mail.hold_back(found, reason, until=until)
            case Never(reason):
                for message in found:
                    _end(message, reason, at)
    return by_verdict[Leave()]


def _end(message: Message, reason: str, at: datetime) -> None:
    with telling_step(message, at):
        end = mail.drop_message if message.topic else mail.mark_failed
        end(message, reason, at=at)


def _keep_all(messages: list[Message], post: Post, desk: Desk, at: datetime) -> Iterator[Verdict]:
    """A post in the house: the whole chunk is one transaction, since nothing can be half on its way."""
    kept = []
    for message in messages:
        try:
            kept.append((message, post.seal(desk.letter(message))))
        except ValueError as error:
            _mark(message, Rejected(str(error)), at)
            yield Rejected(str(error))
    with transaction.atomic():
        steps = _locked_steps([message for message, _ in kept])
        mail.mark_all_sent([message for message, _ in kept], at=at)
        finish_steps(steps, at=at)
    yield from (post.deliver(envelope) for _, envelope in kept)


def _count(verdicts: Iterator[Verdict]) -> Sent:
    counted = Counter(type(verdict) for verdict in verdicts)
    return Sent(counted[Accepted], counted[Deferred], counted[Rejected], counted[LostContact])


def _send_all(
    messages: list[Message], post: Post, desk: Desk, at: datetime, lease: timedelta
) -> Iterator[Verdict]:
    with transaction.atomic(durable=True):
        pass  # refused inside another transaction: what is written of a letter's way must be there when the wire is touched
    for place, message in enumerate(messages):
        verdict = _send(message, post, desk, at, lease)
        if verdict is None:
            continue
        _mark(message, verdict, at)
        yield verdict
        if isinstance(verdict, Deferred) and verdict.concerns_all:
            mail.hold_back(messages[place + 1 :], verdict.reason, until=message.next_attempt_at)
            return


def _send(message: Message, post: Post, desk: Desk, at: datetime, lease: timedelta) -> Verdict | None:
    """The verdict on one message; None when another worker has it by now."""
    try:
        envelope = post.seal(desk.letter(message))
    except ValueError as error:
        return Rejected(str(error))
    if not mail.begin_sending(message, at=at, lease=lease):
        return None
    return post.deliver(envelope)


def _mark(message: Message, verdict: Verdict, at: datetime) -> None:
    with telling_step(message, at):
        match verdict:
            case Accepted():
                mail.mark_sent(message, at=at)
            case Deferred(reason, concerns_all):
                mail.mark_deferred(message, reason, at=at, gives_up=not concerns_all)
            case Rejected(reason):
                mail.mark_failed(message, reason, at=at)
            case LostContact(reason):
                mail.mark_uncertain(message, reason, at=at)


def expire_leases(*, at: datetime) -> int:
    """What workers that are gone left on the wire becomes uncertain, with its steps; how many messages."""
    return sum(_expire(message, at) for message in Message.objects.left_behind(at))


def _expire(message: Message, at: datetime) -> bool:
    with telling_step(message, at):
        return mail.expire_lease(message, at=at)


def settle_uncertain(message: Message, was_sent: bool, *, by: Account, at: datetime) -> Message:
    """A person says whether an uncertain message was sent; its step is done then, or waits for the next attempt."""
    with telling_step(message, at):
        return mail.settle_message(message, was_sent, by=by, at=at)


def retry_failed(message: Message, *, by: Account, at: datetime) -> Message:
    """A failed message is queued again; its step waits for it."""
    with telling_step(message, at):
        return mail.retry_message(message, by=by, at=at)


@contextmanager
def telling_step(message: Message, at: datetime) -> Iterator[None]:
    """One transaction around a change of the message and of what follows for its step. Without a step the change stands alone."""
    if message.step_id is None:
        yield
        return
    with transaction.atomic():
        step = _locked_step(message)
        yield
        if step is not None:
            _tell(step, at)


def _locked_step(message: Message) -> Step | None:
    return next(iter(_locked_steps([message])), None)


def _locked_steps(messages: Iterable[Message]) -> list[Step]:
    """The steps that wrote them, in one order."""
    ids = {message.step_id for message in messages if message.step_id}
    if not ids:
        return []
    steps = Step.objects.select_for_update(of=("self",)).select_related(
        "occurrence__version", "playbook_step"
    )
    return list(steps.filter(pk__in=ids).order_by("pk"))


def _tell(step: Step, at: datetime) -> None:
    """Done when one was accepted, though it may have come back since; else open as long as one may still be; else uncertain, or failed."""
    messages = list(Message.objects.of_step(step.pk).only("state", "error"))
    states = {message.state for message in messages}
    errors = "; ".join(sorted({message.error for message in messages if message.error}))
    if states & set(Message.ACCEPTED):
        finish_step(step, at=at)
    elif states & {State.QUEUED, State.SENDING}:
        hand_step(step, at=at)
    elif State.UNCERTAIN in states:
        hold_uncertain(step, errors, at=at)
    elif states == {State.DROPPED}:
        finish_step(step, at=at, answer="unwanted")
    else:
        fail_step(step, errors, at=at, retry=False)
