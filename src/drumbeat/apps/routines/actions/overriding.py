"""Something is agreed for one subscription apart from its routine, ends, or is taken back; its moments follow at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.db.models import Q

from drumbeat.apps.events.actions import record_event
from drumbeat.apps.partners.models import Contact
from drumbeat.apps.people.models import Account, Role
from drumbeat.apps.people.queries import vendor_day
from drumbeat.apps.routines.access import may_override
from drumbeat.apps.routines.bridge import playbook_of
from drumbeat.apps.routines.models import Override, Subscription
from drumbeat.apps.routines.reasons import OVERRIDE_REASONS
from drumbeat.core.months import months_later
from drumbeat.core.playbook import PARTNER_ROLES, PEOPLE_WORDS, STAFF_ROLES
from drumbeat.core.refusal import Refused, insist

from .following import follow_assignments
from .planning import plan_subscriptions

Kind = Override.Kind
REVIEW_AFTER = 6
LONGEST_REVIEW = 24


@dataclass(frozen=True, slots=True)
class Agreement:
    """What is agreed: `kind`, and for it `weekday` (Monday = 0), `at`, `phase`, or words for people (roles, or
    `contact:7`), or `owner`. Without `until_on` it holds until told otherwise and is asked about after some months."""

    kind: str
    from_on: date
    reason: str
    until_on: date | None = None
    review_after: int = REVIEW_AFTER
    note: str = ""
    weekday: int | None = None
    at: time | None = None
    phase: int | None = None
    attendees: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    owner: Account | None = None


@transaction.atomic
def agree_override(
    subscription: Subscription, agreed: Agreement, *, by: Account | None, at: datetime
) -> Override:
    """The same again is the same override. Two of a kind may not meet on one day."""
    insist(may_override(by, subscription, at), "This subscription isn't yours", "Ask its manager")
    locked = Subscription.objects.select_for_update(of=("self",)).select_related(
        "routine__version", "partner"
    )
    subscription = locked.get(pk=subscription.pk)
    _insist_on_sense(subscription, agreed)
    values = _values(agreed)
    same = subscription.overrides.standing().filter(**values, **_people(agreed)).first()
    if same:
        return same
    _insist_on_room(subscription, agreed)
    override = subscription.overrides.create(
        **values,
        **_people(agreed),
        review_on=_review_on(agreed),
        note=agreed.note,
        agreed_by=by,
        agreed_at=at,
    )
    _follow(override, "override.agreed", by, at)
    return override


def _values(agreed: Agreement) -> Mapping[str, Any]:
    names = ("kind", "from_on", "until_on", "reason", "weekday", "at", "phase", "owner")
    return {name: getattr(agreed, name) for name in names}


def _people(agreed: Agreement) -> Mapping[str, Any]:
    return {"attendees": list(agreed.attendees), "recipients": list(agreed.recipients)}


def _review_on(agreed: Agreement) -> date | None:
    return None if agreed.until_on else months_later(agreed.from_on, agreed.review_after)


def _insist_on_sense(subscription: Subscription, agreed: Agreement) -> None:
    insist(subscription.ended_on is None, "This subscription has ended", "Agree on one that runs")
    insist(
        agreed.kind in Kind.values, f"There is no override {agreed.kind!r}", f"Use one of {', '.join(Kind.values)}", "kind"
    )  # fmt: skip
    insist(
        agreed.reason in OVERRIDE_REASONS,
        f"There is no reason {agreed.reason!r}", f"Use one of {', '.join(OVERRIDE_REASONS)}", "reason",
    )  # fmt: skip
    insist(
        agreed.until_on is None or agreed.until_on > agreed.from_on,
        f"It would end on {agreed.until_on}, before it begins", "Let it end on a later day", "until_on",
    )  # fmt: skip
    insist(
        1 <= agreed.review_after <= LONGEST_REVIEW,
        f"A review after {agreed.review_after} months is too early or too late",
        f"Choose 1 to {LONGEST_REVIEW} months", "review_after",
    )  # fmt: skip
    CHECKS.get(agreed.kind, _no_more)(subscription, agreed)


def _no_more(subscription: Subscription, agreed: Agreement) -> None:
    """A rest says all by its days."""


def _check_timing(subscription: Subscription, agreed: Agreement) -> None:
    given = (agreed.weekday, agreed.at, agreed.phase)
    insist(given != (None, None, None), "Nothing is changed", "Give a weekday, a time or a phase", "weekday")
    insist(
        agreed.weekday is None or 0 <= agreed.weekday <= 6,
        "There is no such weekday", "Choose Monday to Sunday", "weekday",
    )  # fmt: skip
    assert subscription.routine.version
    spread = playbook_of(subscription.routine.version).cadence.spread
    insist(
        agreed.phase is None or 0 <= agreed.phase <= spread,
        f"The routine spreads over {spread} working days", f"Choose a phase from 0 to {spread}", "phase",
    )  # fmt: skip


def _check_people(subscription: Subscription, agreed: Agreement) -> None:
    words = (*agreed.attendees, *agreed.recipients)
    insist(bool(words), "Nobody is named", "Give attendees or recipients", "attendees")
    known = {*STAFF_ROLES, *PARTNER_ROLES, *PEOPLE_WORDS}
    contacts = {int(pk) for word in words for kind, _, pk in [word.partition(":")] if kind == "contact" and pk.isdigit()}  # fmt: skip
    theirs = set(
        Contact.objects.filter(pk__in=contacts, partner=subscription.partner).values_list("pk", flat=True)
    )
    for word in words:
        kind, _, pk = word.partition(":")
        is_known = word in known or (kind == "contact" and pk.isdigit() and int(pk) in theirs)
        insist(
            is_known, f"Nobody is called {word!r}", "Name a role, or a contact of this partner", "attendees"
        )


def _check_owner(subscription: Subscription, agreed: Agreement) -> None:
    owner, version = agreed.owner, subscription.routine.version
    if owner is None or not owner.is_active or not owner.has(Role.CHANNEL_MANAGER, Role.DIRECTOR):
        raise Refused("No owner is named", "Choose a channel manager or a director", field="owner")
    insist(
        bool(version and version.owner == Role.CHANNEL_MANAGER),
        "This routine's work is shared by a role", "Only a channel manager's routines get another owner", "kind",
    )  # fmt: skip


CHECKS: dict[str, Callable[[Subscription, Agreement], None]] = {
    Kind.TIMING: _check_timing,
    Kind.PEOPLE: _check_people,
    Kind.OWNER: _check_owner,
}


def _insist_on_room(subscription: Subscription, agreed: Agreement) -> None:
    rests = (Kind.PAUSE, Kind.OPT_OUT)
    kinds = rests if agreed.kind in rests else (agreed.kind,)
    begun = Q() if agreed.until_on is None else Q(from_on__lt=agreed.until_on)
    unended = Q(until_on=None) | Q(until_on__gt=agreed.from_on)
    other = subscription.overrides.standing().filter(begun, unended, kind__in=kinds).first()
    if other:
        ends = f"until {other.until_on}" if other.until_on else "until told otherwise"
        raise Refused(
            f"{other.get_kind_display()} is agreed from {other.from_on} {ends}",
            "End that one first, or choose other days",
            field="from_on",
        )


@transaction.atomic
def end_override(override: Override, on: date, *, by: Account | None, at: datetime) -> Override:
    """The routine's own word counts again from that day on; one that hasn't begun by then is taken back."""
    if on <= override.from_on:
        return withdraw_override(override, by=by, at=at)
    override = _locked(override, by, at)
    if override.withdrawn_at is None and override.until_on != on:
        override.until_on, override.review_on = on, None
        override.save(update_fields=["until_on", "review_on"])
        _follow(override, "override.ended", by, at)
    return override


@transaction.atomic
def keep_override(override: Override, months: int, *, by: Account | None, at: datetime) -> Override:
    """Asked again and still wanted: the next review comes so many months from now."""
    override = _locked(override, by, at)
    insist(1 <= months <= LONGEST_REVIEW, f"{months} months is no time for a review", f"Choose 1 to {LONGEST_REVIEW}", "months")  # fmt: skip
    if override.until_on is None:
        override.review_on = months_later(vendor_day(at), months)
        override.save(update_fields=["review_on"])
    return override


@transaction.atomic
def withdraw_override(override: Override, *, by: Account | None, at: datetime) -> Override:
    """Taken back as if it had not been agreed; what was opened under it stays as it is. Twice changes nothing."""
    override = _locked(override, by, at)
    if override.withdrawn_at is None:
        override.withdrawn_by, override.withdrawn_at = by, at
        override.save(update_fields=["withdrawn_by", "withdrawn_at"])
        _follow(override, "override.withdrawn", by, at)
    return override


def _locked(override: Override, by: Account | None, at: datetime) -> Override:
    locked = Override.objects.select_for_update(of=("self",)).select_related("subscription__partner")
    override = locked.get(pk=override.pk)
    insist(may_override(by, override.subscription, at), "This subscription isn't yours", "Ask its manager")
    return override


def _follow(override: Override, event: str, by: Account | None, at: datetime) -> None:
    """Moments to come, and for another owner the open work, follow at once."""
    subscription = override.subscription
    record_event(
        event,
        ("subscription", subscription.pk),
        by_id=by.pk if by else None,
        at=at,
        override=override.pk,
        what=override.kind,
        reason=override.reason,
        partner=subscription.partner_id,
    )
    if override.kind == Kind.OWNER:
        follow_assignments(on=vendor_day(at), partner=subscription.partner)
    elif override.kind != Kind.PEOPLE:
        plan_subscriptions([subscription], at=at)
