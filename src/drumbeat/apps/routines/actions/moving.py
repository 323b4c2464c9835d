"""One occurrence is moved once. Before anybody was told it is planned anew, free; afterwards the owed side is asked.

Its identity stays, and planning leaves it where a person put it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from drumbeat.apps.events.actions import record_event
from drumbeat.apps.ledger.actions import ask_release, redate_promise, withdraw_ask
from drumbeat.apps.ledger.models import Ask, Promise
from drumbeat.apps.ledger.reasons import REPLANNED
from drumbeat.apps.people.models import Account
from drumbeat.apps.routines.access import may_override
from drumbeat.apps.routines.bridge import playbook_of
from drumbeat.apps.routines.models import OPEN_STATES, Moment, Occurrence, Step
from drumbeat.apps.routines.queries import has_told, setting_of
from drumbeat.core.calendars import roll
from drumbeat.core.planning import Setting, moved_moment
from drumbeat.core.refusal import Refused, insist
from drumbeat.core.worktime import localize

from .planning import plan_subscriptions
from .releasing import move_work_for

RELATED = ("subscription__partner", "subscription__person", "subscription__routine", "version")


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of a move: planned anew for `due_at`, or asked for (`ask`) because somebody was told already."""

    due_at: datetime
    ask: Ask | None = None

    @property
    def is_asked(self) -> bool:
        return self.ask is not None


@transaction.atomic
def move_occurrence(
    subject: Moment | Occurrence,
    to: date | datetime,
    *,
    by: Account | None,
    at: datetime,
    reason: str = "",
    note: str = "",
) -> Moved:
    """To a day (the local time stays) or to a moment. Refuses days off and what is past, and says the next working day.

    A moment to come and an occurrence of which nothing has left the house move at once; else the move is asked of the
    owed side, which needs a `reason` of the ledger's and a person who asks.
    """
    locked = _locked(subject)
    insist(may_override(by, locked.subscription, at), "This subscription isn't yours", "Ask its manager")
    setting = setting_of(locked.subscription, playbook_of(locked.version), at)
    if isinstance(locked, Moment):
        due_at = _due_moment(to, locked.due_at, setting, at)
        return _move_moment(locked, due_at, setting, by, at)
    due_at = _due_moment(to, locked.promise.standing.due_at, setting, at)
    if locked.closed_at or locked.promise.standing.outcome:
        raise Refused("This occurrence is over", "Move one that is open.")
    return _move_opened(locked, due_at, setting, by, at, reason, note)


def _locked(subject: Moment | Occurrence) -> Moment | Occurrence:
    if isinstance(subject, Moment):
        moment = (
            Moment.objects.select_for_update(of=("self",))
            .select_related(*RELATED)
            .filter(pk=subject.pk)
            .first()
        )
        if moment is None:
            raise Refused("This moment was opened or planned anew meanwhile", "Look at the page again.")
        return moment
    rows = Occurrence.objects.select_for_update(of=("self",))
    return rows.select_related(*RELATED, "promise__standing").get(pk=subject.pk)


def _due_moment(to: date | datetime, was: datetime, setting: Setting, at: datetime) -> datetime:
    if isinstance(to, datetime):
        due_at, on = to, to.astimezone(setting.zone).date()
    else:
        due_at, on = localize(to, was.astimezone(setting.zone).time(), setting.zone), to
    if due_at <= at:
        raise Refused("That moment is past", "Choose a later one.", field="to")
    if not setting.calendar.is_working(on):
        nearest = roll(on, "following", setting.calendar)
        raise Refused(f"{on:%A} {on} is a day off there", f"The next working day is {nearest}.", field="to")
    return due_at


def _move_moment(
    moment: Moment, due_at: datetime, setting: Setting, by: Account | None, at: datetime
) -> Moved:
    if due_at == moment.due_at:
        return Moved(due_at)
    later = Moment.objects.filter(subscription=moment.subscription_id, nominal_on__gt=moment.nominal_on)
    planned = moment.moved_from or moment.due_at
    wanted = moved_moment(
        playbook_of(moment.version),
        setting,
        moment.nominal_on,
        due_at,
        next_due_at=later.order_by("nominal_on").values_list("due_at", flat=True).first(),
        why=moved_why(moment.why, planned, due_at, setting),
    )
    Moment.objects.filter(pk=moment.pk).update(
        opens_at=wanted.opens_at, due_at=wanted.due_at, deadline_at=wanted.deadline_at, miss_at=wanted.miss_at,
        step_dues=list(wanted.step_dues), step_deadlines=list(wanted.step_deadlines), why=wanted.why,
        moved_from=planned, touched_at=at, touched_by=by,
    )  # fmt: skip
    _record("moment.moved", moment, planned, due_at, by, at)
    return Moved(due_at)


def moved_why(why: str, was: datetime, due_at: datetime, setting: Setting) -> str:
    """The trail, with the last move in place of an earlier one."""
    days = [moment.astimezone(setting.zone).date() for moment in (was, due_at)]
    kept = [part for part in why.split("; ") if not part.startswith(("moved ", "at ", "gap "))]
    clock = f"at {due_at.astimezone(setting.zone):%H:%M} {setting.zone.key}"
    return "; ".join([*kept, f"moved {days[0]} {days[1]}", clock])


def _move_opened(
    occurrence: Occurrence,
    due_at: datetime,
    setting: Setting,
    by: Account | None,
    at: datetime,
    reason: str,
    note: str,
) -> Moved:
    was = occurrence.promise.standing.due_at
    if due_at == was:
        return Moved(due_at)
    if by is None:
        raise Refused("An opened occurrence is moved by a person", "Say who moves it.")
    if has_told(occurrence):
        ask = ask_release(
            occurrence.promise, "redate", by=by, at=at, reason=reason or "vendor_asked", note=note, new_due_at=due_at
        )  # fmt: skip
        return Moved(due_at, ask)
    _replan(occurrence.promise, due_at, by, at)
    for step in _steps_with_promises(occurrence, at):
        assert step.promise
        _replan(step.promise, step.promise.standing.due_at + (due_at - was), by, at)
    planned = occurrence.moved_from or occurrence.due_at
    Occurrence.objects.filter(pk=occurrence.pk).update(
        due_at=due_at, moved_from=planned, touched_at=at, why=moved_why(occurrence.why, planned, due_at, setting)
    )  # fmt: skip
    _record("occurrence.moved", occurrence, was, due_at, by, at)
    return Moved(due_at)


def _steps_with_promises(occurrence: Occurrence, at: datetime) -> list[Step]:
    steps = occurrence.steps.filter(
        state__in=OPEN_STATES, promise__standing__outcome=None, promise__standing__due_at__gt=at
    )
    return list(steps.select_related("promise__standing"))


def _replan(promise: Promise, due_at: datetime, by: Account, at: datetime) -> None:
    was = promise.standing.due_at
    if due_at > at:
        redate_promise(promise, due_at, by=by, at=at, reason=REPLANNED)
        move_work_for(promise, due_before=was, due_at=due_at)


@transaction.atomic
def undo_move(subject: Moment | Occurrence, *, by: Account, at: datetime) -> None:
    """Back to where planning had it, or the open plea taken back. Nothing moved, nothing happens."""
    locked = _locked(subject)
    insist(may_override(by, locked.subscription, at), "This subscription isn't yours", "Ask its manager")
    if isinstance(locked, Moment):
        _release_moment(locked, by, at)
        return
    asked = locked.promise.asks.filter(decided_at=None, kind=Ask.Kind.REDATE).first()
    if asked:
        withdraw_ask(asked, by=by, at=at)
    elif locked.moved_from:
        _put_back(locked, locked.moved_from, by, at)


def _release_moment(moment: Moment, by: Account, at: datetime) -> None:
    """No longer a person's: planning puts it where the routine wants it now."""
    if moment.touched_at:
        Moment.objects.filter(pk=moment.pk).update(touched_at=None, touched_by=None, moved_from=None)
        plan_subscriptions([moment.subscription], at=at)
        _record("moment.moved", moment, moment.due_at, moment.moved_from or moment.due_at, by, at)


def _put_back(occurrence: Occurrence, planned: datetime, by: Account, at: datetime) -> None:
    if planned <= at:
        raise Refused("The moment it had is past", "Move it to another one.")
    move_occurrence(occurrence, planned, by=by, at=at)
    Occurrence.objects.filter(pk=occurrence.pk).update(
        moved_from=None, touched_at=None, why=_without_move(occurrence.why)
    )


def _without_move(why: str) -> str:
    return "; ".join(part for part in why.split("; ") if not part.startswith("moved "))


def _record(
    kind: str, subject: Moment | Occurrence, was: datetime, due_at: datetime, by: Account | None, at: datetime
) -> None:
    record_event(
        kind,
        ("subscription", subject.subscription_id),
        by_id=by.pk if by else None,
        at=at,
        nominal_on=subject.nominal_on.isoformat(),
        partner=subject.subscription.partner_id,
        was=was.isoformat(),
        due_at=due_at.isoformat(),
    )
