"""Reminders: planned once for a promise, its rule and its due moment; told, kept for the digest, or dropped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from drumbeat.apps.messages.models import Reminder
from drumbeat.apps.partners.models import Contact
from drumbeat.apps.people.models import Account

State = Reminder.State


def plan_reminders(reminders: Iterable[Reminder]) -> None:
    """Those that are planned already stay as they are."""
    Reminder.objects.bulk_create(reminders, ignore_conflicts=True)


def claim_reminders(*, at: datetime, limit: int) -> list[Reminder]:
    """Those whose time has come, locked until the end of the caller's transaction; others may claim beside."""
    due = Reminder.objects.filter(state=State.PLANNED, at__lte=at).order_by("at", "pk")
    related = ("promise__standing__person", "promise__partner")
    return list(due.select_related(*related).select_for_update(skip_locked=True, of=("self",))[:limit])


def drop_reminders(reminders: Iterable[Reminder]) -> None:
    """What it would have told is no longer so, or nobody is there to be told."""
    _move(reminders, state=State.DROPPED)


def hold_reminders(reminders: Iterable[Reminder], until: datetime) -> None:
    _move(reminders, at=until)


def keep_for_digest(reminders: Iterable[Reminder], person: Account) -> None:
    _move(reminders, state=State.KEPT, person=person)


def note_told(reminders: Iterable[Reminder], to: Account | Contact, *, at: datetime) -> None:
    whom = {"person": to} if isinstance(to, Account) else {"contact": to}
    _move(reminders, state=State.TOLD, told_at=at, **whom)


def _move(reminders: Iterable[Reminder], **changes: object) -> None:
    ids: Sequence[int] = [reminder.pk for reminder in reminders]
    if ids:
        with transaction.atomic():
            Reminder.objects.filter(pk__in=ids).update(**changes)
