"""A leave is asked for, approved, declined or taken back. Who covers the partners meanwhile is said above, where partners
are known."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from drumbeat.apps.events.actions import record_event
from drumbeat.apps.people.access import may_ask_leave, may_decide_leave
from drumbeat.apps.people.models import Account, Leave
from drumbeat.core.refusal import Refused, insist

State = Leave.State
ONE_DAY = timedelta(days=1)


@transaction.atomic
def ask_leave(
    person: Account,
    from_on: date,
    until_on: date,
    *,
    kind: str = Leave.Kind.HOLIDAY,
    note: str = "",
    by: Account | None,
    at: datetime,
) -> Leave:
    """From a day until the day of return. Asking for the same days again is the same leave."""
    insist(may_ask_leave(by, person), "You ask for your own leave", "A director may ask for others")
    insist(kind in Leave.Kind.values, f"There is no leave called {kind!r}", f"Use one of {', '.join(Leave.Kind.values)}", "kind")  # fmt: skip
    insist(until_on > from_on, f"It would end on {until_on}, before it begins", "Give the day of return", "until_on")  # fmt: skip
    person = Account.objects.select_for_update().get(pk=person.pk)
    insist(person.is_active, f"The account of {person} is closed", "Ask for somebody who is here")
    others = person.leaves.standing().filter(from_on__lt=until_on, until_on__gt=from_on)
    same = others.filter(from_on=from_on, until_on=until_on).first()
    if same:
        return same
    if meeting := others.first():
        raise Refused(
            f"{person} is away from {meeting.from_on} until {meeting.until_on} already",
            "Take that leave back first, or choose other days", field="from_on",
        )  # fmt: skip
    leave = person.leaves.create(
        from_on=from_on, until_on=until_on, kind=kind, note=note, asked_by=by, asked_at=at
    )
    _record("leave.asked", leave, by, at)
    return leave


@transaction.atomic
def approve_leave(leave: Leave, *, cover: Account | None = None, by: Account | None, at: datetime) -> Leave:
    """`cover` does what is due of the person's own routines. Approving twice only names the cover anew."""
    leave = _locked(leave, by)
    insist(leave.state in (State.ASKED, State.APPROVED), f"This leave is {leave.get_state_display().lower()}", "Ask anew")  # fmt: skip
    _insist_on_nobody_covered(leave)
    is_new = leave.state == State.ASKED
    leave.cover = cover
    if is_new:
        leave.state, leave.decided_by, leave.decided_at = State.APPROVED, by, at
    leave.save()
    if is_new:
        _record("leave.approved", leave, by, at, cover=cover.email if cover else None)
    return leave


def _insist_on_nobody_covered(leave: Leave) -> None:
    """Nobody covers for others from a leave of his own."""
    covered = Leave.objects.approved().filter(
        cover=leave.person, from_on__lt=leave.until_on, until_on__gt=leave.from_on
    )
    if other := covered.first():
        raise Refused(f"{leave.person} covers {other.person} until {other.until_on}", "Name another cover there first")  # fmt: skip


@transaction.atomic
def decline_leave(leave: Leave, *, by: Account | None, at: datetime) -> Leave:
    leave = _locked(leave, by)
    insist(leave.state == State.ASKED, f"This leave is {leave.get_state_display().lower()}", "Only one asked for is declined")  # fmt: skip
    leave.state, leave.decided_by, leave.decided_at = State.DECLINED, by, at
    leave.save()
    _record("leave.declined", leave, by, at)
    return leave


@transaction.atomic
def take_back_leave(leave: Leave, *, on: date, by: Account | None, at: datetime) -> Leave:
    """Not yet begun on that day it is taken back whole; else it ends then, and the person is back. Twice changes nothing."""
    insist(may_ask_leave(by, leave.person), "You take back your own leave", "A director may for others")
    leave = Leave.objects.select_for_update(of=("self",)).select_related("person").get(pk=leave.pk)
    if leave.state not in (State.ASKED, State.APPROVED) or on >= leave.until_on:
        return leave
    if leave.state == State.ASKED or on <= leave.from_on:
        leave.state = State.CANCELLED
    else:
        leave.until_on = on
    leave.save()
    _record("leave.cancelled", leave, by, at)
    return leave


def _locked(leave: Leave, by: Account | None) -> Leave:
    locked = Leave.objects.select_for_update(of=("self",)).select_related("person").get(pk=leave.pk)
    insist(may_decide_leave(by, locked), "You don't decide on this leave", "Another director does")
    return locked


def _record(kind: str, leave: Leave, by: Account | None, at: datetime, **more: Any) -> None:
    record_event(
        kind,
        ("leave", leave.pk),
        by_id=by.pk if by else None,
        at=at,
        person=leave.person_id,
        starts_on=leave.from_on.isoformat(),
        ends_on=(leave.until_on - ONE_DAY).isoformat(),
        **more,
    )
