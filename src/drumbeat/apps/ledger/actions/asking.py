"""Asking to be released from a promise, and the answer. Nobody decides on a promise of his own."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from drumbeat.apps.ledger.access import may_decide_ask
from drumbeat.apps.ledger.models import Ask, Promise
from drumbeat.apps.ledger.reasons import REASONS
from drumbeat.apps.people.models import Account
from drumbeat.core.refusal import Refused

from .settling import redate_promise, waive_promise


@transaction.atomic
def ask_release(
    promise: Promise,
    kind: str,
    *,
    by: Account,
    at: datetime,
    reason: str,
    note: str = "",
    new_due_at: datetime | None = None,
) -> Ask:
    """A plea to waive or redate; `reason` is a code that both sides will see, `note` stays inside."""
    if reason not in REASONS:
        raise Refused(f"There is no reason {reason!r}", f"Use one of {', '.join(REASONS)}.", field="reason")
    if kind == Ask.Kind.REDATE and (new_due_at is None or new_due_at <= at):
        raise Refused("A new due moment is missing or past", "Choose a moment to come.", field="new_due_at")
    if promise.standing.outcome:
        raise Refused("This promise already has its outcome", "Nothing is left to ask for.")
    if promise.asks.filter(decided_at=None).exists():
        raise Refused("This promise is already asked about", "Wait for the decision.")
    return promise.asks.create(
        kind=kind, reason=reason, note=note, new_due_at=new_due_at, asked_by=by, asked_at=at
    )


@transaction.atomic
def decide_ask(ask: Ask, granted: bool, *, by: Account, at: datetime) -> None:
    """The director's answer; granted, the promise is waived or redated in the same transaction."""
    ask = Ask.objects.select_for_update(of=("self",)).select_related("promise__standing").get(pk=ask.pk)
    if ask.decided_at:
        raise Refused("This is already decided", "Look at the promise for its outcome.")
    if not may_decide_ask(by, ask):
        raise Refused("You may not decide this", "Another director decides what you asked for.")
    ask.decided_by, ask.decided_at, ask.granted = by, at, granted
    ask.save()
    if granted and ask.kind == Ask.Kind.WAIVE:
        waive_promise(ask.promise, by=by, at=at, reason=ask.reason)
    elif granted and ask.new_due_at:
        redate_promise(ask.promise, ask.new_due_at, by=by, at=at, reason=ask.reason)


@transaction.atomic
def withdraw_ask(ask: Ask, *, by: Account, at: datetime) -> None:
    """Who asked takes the plea back while nobody has answered it; it stays in the book as not granted."""
    ask = Ask.objects.select_for_update(of=("self",)).get(pk=ask.pk)
    if ask.decided_at:
        raise Refused("This is already decided", "Look at the promise for its outcome.")
    if ask.asked_by_id != by.pk:
        raise Refused("Somebody else asked for this", "Let who asked take it back, or a director decide.")
    ask.decided_by, ask.decided_at, ask.granted = by, at, False
    ask.save()
