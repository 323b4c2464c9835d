"""Promises that fall due or are overdue are told to whom they concern: singly up to a cap, the rest in a morning digest.

Who is told is asked when the time comes, so that a cover or a new manager hears of it, and what was done meanwhile is not
told any more. Each reminder is told once; its mail carries its number in the key.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from drumbeat.apps.ledger.models import Standing
from drumbeat.apps.messages.actions import (
    claim_reminders,
    drop_reminders,
    hold_reminders,
    keep_for_digest,
    note_told,
    plan_reminders,
    write_messages,
)
from drumbeat.apps.messages.models import Reminder
from drumbeat.apps.messages.queries import told_since, unreminded, written_to
from drumbeat.apps.partners.models import Contact
from drumbeat.apps.people.models import Account
from drumbeat.apps.routines.queries import routines_that_mail
from drumbeat.core.reminding import Rule, may_write_to_contact, moment_of, reading_hours, share_out
from drumbeat.core.worktime import next_working_moment, working_time_between

from .chatting import tell_rooms
from .concerning import Hours, Listeners
from .reminder_letters import Digest, Letters, digests_due
from .reminder_rules import Rules

CHUNK = 200
AHEAD, BACK = timedelta(days=17), timedelta(days=3)  # longer than the earliest reminder, over a long weekend
A_MONTH, A_DAY = timedelta(days=30), timedelta(days=1)


def remind(*, at: datetime) -> int:
    """Plans what is new, tells what is due, sends the digests whose morning has come; how many mails were written."""
    hours, told = Hours(), 0
    while _plan(at, hours) == CHUNK:
        pass
    while True:
        claimed, written = _tell(at, hours)
        told += written
        if claimed < CHUNK:
            _drop_done()
            digests = digests_due(at, hours)
            return told + sum(_send_digest(digest, at) for digest in digests)


def _plan(at: datetime, hours: Hours) -> int:
    """One chunk of promises whose present due moment has no reminders yet."""
    standings = unreminded(at, since=at - BACK, until=at + AHEAD, limit=CHUNK)
    mailing = routines_that_mail() if standings else frozenset()
    rules = Rules(standing.promise for standing in standings)
    plan_reminders(
        _planned(standing, rule, at, mailing, hours)
        for standing in standings
        for rule in rules.about(standing.promise)
    )
    return len(standings)


def _planned(standing: Standing, rule: Rule, at: datetime, mailing: frozenset[str], hours: Hours) -> Reminder:
    """Dropped from the start when its moment is past, or when the routine's own mails remind the partner."""
    theirs, promise = hours.of_side(standing, rule.to), standing.promise
    allowance = working_time_between(promise.promised_at, promise.original_due_at, theirs)
    moment = moment_of(rule, standing.due_at, standing.deadline_at, theirs, allowance)
    is_needless = rule.to == "partner" and promise.routine in mailing
    return Reminder(
        promise_id=standing.pk,
        rule=rule.key,
        for_due_at=standing.due_at,
        at=moment,
        state=Reminder.State.DROPPED if is_needless or moment < at else Reminder.State.PLANNED,
    )


@transaction.atomic
def _tell(at: datetime, hours: Hours) -> tuple[int, int]:
    """One chunk of reminders whose time has come: how many, and how many mails they made."""
    claimed = claim_reminders(at=at, limit=CHUNK)
    rules = Rules(reminder.promise for reminder in claimed)
    still = [reminder for reminder in claimed if _still_holds(reminder) and rules.still_hold(reminder)]
    drop_reminders(reminder for reminder in claimed if reminder not in still)
    promises = [reminder.promise for reminder in still]
    listeners = Listeners(promises, at)
    by_person: dict[Account | Contact | None, list[Reminder]] = defaultdict(list)
    for reminder in still:
        by_person[listeners.of(reminder.promise, rules.of(reminder).to)].append(reminder)
    drop_reminders(by_person.pop(None, []))
    told = {whom: _told_now(whom, reminders, at, hours) for whom, reminders in by_person.items() if whom}
    return len(claimed), _write(told, rules, at)


@transaction.atomic
def _drop_done() -> None:
    """What waits for the digest and was settled meanwhile is not told there."""
    kept = list(Reminder.objects.filter(state=Reminder.State.KEPT).select_related("promise__standing"))
    if kept:
        rules = Rules(reminder.promise for reminder in kept)
        drop_reminders(one for one in kept if not (_still_holds(one) and rules.still_hold(one)))


def _still_holds(reminder: Reminder) -> bool:
    """Not done, waived or redated since, and not the other side's turn."""
    standing = reminder.promise.standing
    return standing.outcome is None and not standing.rests_from and standing.due_at == reminder.for_due_at


def _told_now(
    whom: Account | Contact, reminders: Sequence[Reminder], at: datetime, hours: Hours
) -> list[Reminder]:
    """Those that are written now; the others wait, or are kept for the digest."""
    opens = next_working_moment(at, reading_hours(hours.of(whom)))
    if opens > at:
        hold_reminders(reminders, opens)
        return []
    if isinstance(whom, Contact):
        return _told_to_contact(whom, reminders, at)
    singly, digest = share_out(
        [_Owed(reminder) for reminder in reminders],
        told_since([whom.pk], _midnight(whom, at)).get(whom.pk, 0),
    )
    keep_for_digest((line.reminder for line in digest), whom)
    return [line.reminder for line in singly]


class _Owed:
    """A reminder in the order of its promise's deadline."""

    def __init__(self, reminder: Reminder) -> None:
        self.reminder, self.deadline_at = reminder, reminder.promise.standing.deadline_at


def _told_to_contact(contact: Contact, reminders: Sequence[Reminder], at: datetime) -> list[Reminder]:
    """One mail a day at most, under the caps of the week and the month; what comes too often waits a day."""
    first, *others = sorted(reminders, key=lambda reminder: reminder.promise.standing.deadline_at)
    hold_reminders(others, at + A_DAY)
    written = written_to([contact.pk], at - A_MONTH).get(contact.pk, [])
    if not may_write_to_contact(written, at):
        hold_reminders([first], at + A_DAY)
        return []
    return [first]


def _write(told: Mapping[Account | Contact, Sequence[Reminder]], rules: Rules, at: datetime) -> int:
    written = [reminder for reminders in told.values() for reminder in reminders]
    if not written:
        return 0
    letters = Letters(reminder.promise for reminder in written)
    notes = [
        letters.reminder(reminder, whom, rules.of(reminder), step=rules.step_title(reminder))
        for whom, reminders in told.items()
        for reminder in reminders
    ]
    for whom, reminders in told.items():
        note_told(reminders, whom, at=at)
    return len(write_messages(notes, at=at))


def _midnight(person: Account, at: datetime) -> datetime:
    return at.astimezone(person.tz).replace(hour=0, minute=0, second=0, microsecond=0)


@transaction.atomic
def _send_digest(digest: Digest, at: datetime) -> int:
    written = write_messages([digest.note], at=at)
    note_told(digest.reminders, digest.person, at=at)
    if written:
        tell_rooms(digest.note, digest.person, at=at)
    return len(written)
