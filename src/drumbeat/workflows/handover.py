"""A partner gets another channel manager, or a manager leaves for good: nothing that was promised is lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from drumbeat.apps.ledger.actions import give_chase
from drumbeat.apps.ledger.models import Standing
from drumbeat.apps.ledger.reasons import PERSON_LEFT
from drumbeat.apps.partners.access import may_assign
from drumbeat.apps.partners.actions import assign_manager
from drumbeat.apps.partners.models import Assignment, Cover, Partner
from drumbeat.apps.people.actions import close_account
from drumbeat.apps.people.models import Account, Leave
from drumbeat.apps.people.queries import vendor_day
from drumbeat.apps.routines.actions import follow_assignments, wind_up, withdraw_override
from drumbeat.apps.routines.models import OPEN_STATES, Override, Step, Subscription
from drumbeat.core.refusal import Refused, insist

from .covering import Spreading, colleagues_of, cover_in_place_of, partners_of, spread_over

LOOKED_AHEAD = timedelta(days=28)


@transaction.atomic
def hand_over(partner: Partner, person: Account, from_on: date, *, by: Account | None, at: datetime) -> int:
    """Assigns from that day; open steps and promises follow at once when the day has come, else in its night."""
    assign_manager(partner, person, from_on, by=by, at=at)
    if from_on <= vendor_day(at):
        give_chase(partner, person)
    return follow_assignments(on=vendor_day(at), partner=partner)


@dataclass(frozen=True, slots=True)
class OpenWork:
    """What hangs on one person: partners looked after, open steps and promises, leaves of others covered."""

    partners: int
    steps: int
    promises: int
    covers: int

    def __bool__(self) -> bool:
        return bool(self.partners or self.steps or self.promises or self.covers)

    def __str__(self) -> str:
        return (
            f"{self.partners} partners, {self.steps} open steps, {self.promises} open promises and "
            f"{self.covers} covers"
        )


def open_work_of(person: Account, on: date) -> OpenWork:
    covers = Cover.objects.filter(person=person, leave__state=Leave.State.APPROVED, leave__until_on__gt=on)
    return OpenWork(
        len(partners_of(person, on)),
        Step.objects.filter(assignee=person, state__in=OPEN_STATES).count(),
        Standing.objects.open().filter(person=person).count(),
        covers.count(),
    )


def propose_handover(person: Account, on: date) -> Spreading:
    """All partners spread fairly over the other channel managers, by what is due in the next four weeks."""
    return spread_over(partners_of(person, on), colleagues_of(person), on, on + LOOKED_AHEAD)


@transaction.atomic
def hand_over_all(
    person: Account,
    hands: Mapping[int, Account] | None = None,
    *,
    by: Account | None,
    at: datetime,
) -> int:
    """From today: every partner goes to the hand named for it, else to the one proposed; open work goes along. The person's own
    routines end. How many partners changed hands; with nobody to take them, it is refused."""
    insist(may_assign(by), "Only a director or partner operations hands over", "Ask one to do it")
    on = vendor_day(at)
    proposed = propose_handover(person, on)
    chosen = proposed.hands | dict(hands or {})
    if proposed.left_over and not hands:
        raise Refused(f"There is nobody to take {person}'s partners", "Open an account for a channel manager first")  # fmt: skip
    _give_up_owning(person, on, by, at)
    own = Assignment.objects.filter(partner__in=chosen, person=person, until_on=None).select_related(
        "partner"
    )
    for assignment in own:
        hand_over(
            assignment.partner, chosen[assignment.partner_id], max(on, assignment.from_on), by=by, at=at
        )
    cover_in_place_of(person, by=None, at=at)
    wind_up(Subscription.objects.running().filter(person=person), reason=PERSON_LEFT, at=at)
    follow_assignments(on=on)
    return len(own)


def _give_up_owning(person: Account, on: date, by: Account | None, at: datetime) -> None:
    for override in Override.objects.not_over(on).filter(kind=Override.Kind.OWNER, owner=person):
        withdraw_override(override, by=by, at=at)


@transaction.atomic
def let_go(person: Account, *, by: Account | None, at: datetime) -> None:
    """Closes the account of somebody who leaves for good. Refused while work hangs on it."""
    work = open_work_of(person, vendor_day(at))
    if work:
        raise Refused(f"{person} still has {work}", "Hand over everything on the person's page first")
    close_account(person, by=by, at=at)
