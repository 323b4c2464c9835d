"""Who looks after a partner, from a day on. One assignment is open at most; the past ones stay as they were."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from drumbeat.apps.events.actions import record_event
from drumbeat.apps.partners.access import may_assign
from drumbeat.apps.partners.models import Assignment, Partner
from drumbeat.apps.people.models import Account, Role
from drumbeat.core.refusal import insist


@transaction.atomic
def assign_manager(
    partner: Partner, person: Account, from_on: date, *, by: Account | None, at: datetime
) -> Assignment:
    """Gives the partner to a channel manager from `from_on`; who had it until then has it until that day.
    Giving it to the one who has it changes nothing."""
    insist(may_assign(by), "Only a director or partner operations assigns partners", "Ask one to do it")
    insist(
        person.is_active and person.has(Role.CHANNEL_MANAGER),
        f"{person} is no channel manager",
        "Choose one with an open account",
        "person",
    )
    current = _open_assignment(partner)
    if current and current.person_id == person.pk and current.from_on <= from_on:
        return current
    if current:
        _end(current, from_on)
    assignment = Assignment.objects.create(partner=partner, person=person, from_on=from_on)
    _record(partner, current.person_id if current else None, person.pk, from_on, by=by, at=at)
    return assignment


@transaction.atomic
def end_assignment(partner: Partner, until_on: date, *, by: Account | None, at: datetime) -> None:
    """Nobody looks after the partner from this day on, until somebody is assigned."""
    insist(may_assign(by), "Only a director or partner operations ends assignments", "Ask one to do it")
    current = _open_assignment(partner)
    if current:
        _end(current, until_on)
        _record(partner, current.person_id, None, until_on, by=by, at=at)


def _open_assignment(partner: Partner) -> Assignment | None:
    """The open one; the partner's row is held, so that two who assign at once come one after the other."""
    Partner.objects.select_for_update().get(pk=partner.pk)
    return Assignment.objects.filter(partner=partner, until_on=None).select_related("person").first()


def _end(current: Assignment, until_on: date) -> None:
    insist(
        until_on >= current.from_on,
        f"{current.person} looks after the partner from {current.from_on} on, which is later than {until_on}",
        "Give that day or a later one",
        "from_on",
    )
    current.until_on = until_on
    current.save(update_fields=["until_on"])


def _record(
    partner: Partner, before: int | None, after: int | None, on: date, *, by: Account | None, at: datetime
) -> None:
    record_event(
        "manager.changed",
        ("partner", partner.pk),
        by_id=by.pk if by else None,
        at=at,
        before=before,
        after=after,
        on=on.isoformat(),
    )
