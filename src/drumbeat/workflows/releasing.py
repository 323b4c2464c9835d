"""A plea to be released from a promise is decided, and the work that served the promise follows."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from drumbeat.apps.ledger.actions import decide_ask
from drumbeat.apps.ledger.models import Ask
from drumbeat.apps.people.models import Account
from drumbeat.apps.routines.actions import drop_work_for, move_work_for


@transaction.atomic
def decide_release(ask: Ask, granted: bool, *, by: Account, at: datetime) -> None:
    """Waived, nobody is asked for the work any more; redated, it moves along. Refused, all stays."""
    due_before = ask.promise.standing.due_at
    decide_ask(ask, granted, by=by, at=at)
    if granted and ask.kind == Ask.Kind.WAIVE:
        drop_work_for(ask.promise, at=at)
    elif granted and ask.new_due_at:
        move_work_for(ask.promise, due_before=due_before, due_at=ask.new_due_at)
