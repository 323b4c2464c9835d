"""A partner closes, is suspended, comes back, or becomes part of another: nothing open is forgotten, nobody is written to
any more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from drumbeat.apps.ledger.reasons import PARTNER_CLOSED
from drumbeat.apps.meetings.actions import cancel_meeting, give_meetings
from drumbeat.apps.meetings.models import Meeting
from drumbeat.apps.messages.actions import drop_queued
from drumbeat.apps.partners.access import may_assign
from drumbeat.apps.partners.actions import (
    change_partner,
    note_moved,
    note_same,
    part_doubles,
    record_merge,
    record_split,
)
from drumbeat.apps.partners.models import Double, Merge, Partner, Status
from drumbeat.apps.partners.queries import manager_of
from drumbeat.apps.people.models import Account
from drumbeat.apps.people.queries import vendor_day
from drumbeat.apps.routines.actions import (
    WoundUp,
    end_subscriptions,
    join_work,
    part_work,
    plan_subscriptions,
    wind_up,
)
from drumbeat.core.refusal import Refused, insist

from .enrolment import enrol_partner
from .handover import hand_over


@dataclass(frozen=True, slots=True)
class Closed:
    """What closing a partner ended."""

    wound_up: WoundUp
    meetings: int
    messages: int


@transaction.atomic
def close_partner(
    partner: Partner, *, finish: bool = False, heir: Account | None = None, by: Account, at: datetime
) -> Closed:
    """Subscriptions end and moments to come go. Open promises are waived by rule, or, to `finish`, done to the end, by `heir`
    when one is named. Meetings to come are cancelled, queued mail is dropped. Closing twice changes nothing."""
    insist(may_assign(by), "Only a director or partner operations closes partners", "Ask one to do it")
    partner = Partner.objects.select_for_update(of=("self",)).get(pk=partner.pk)
    _insist_on_its_own(partner)
    running = list(partner.subscriptions.running())
    meetings = _cancel_meetings(partner, by, at) if not finish else 0
    if heir:
        hand_over(partner, heir, vendor_day(at), by=by, at=at)
    if finish:
        end_subscriptions(running, at=at)
        ended = WoundUp(len(running))
    else:
        ended = wind_up(partner.subscriptions.all(), reason=PARTNER_CLOSED, at=at)
    messages = drop_queued(partner)
    change_partner(partner, {"status": Status.CLOSED}, by=by, at=at)
    return Closed(ended, meetings, messages)


def _insist_on_its_own(partner: Partner) -> None:
    if partner.merged_into:
        raise Refused(f"{partner} is part of {partner.merged_into}", "Split them first")


def _cancel_meetings(partner: Partner, by: Account, at: datetime) -> int:
    coming = Meeting.objects.filter(partner=partner, state=Meeting.State.ARRANGED, starts_at__gt=at)
    return len([cancel_meeting(meeting, by=by, at=at) for meeting in coming])


@transaction.atomic
def suspend_partner(partner: Partner, *, by: Account, at: datetime) -> int:
    """It leaves the routines whose audience it no longer fits; what is open is finished. How many it left."""
    return _change_status(partner, Status.SUSPENDED, by, at)


@transaction.atomic
def reopen_partner(partner: Partner, *, by: Account, at: datetime) -> int:
    """Active again: it comes on the routines that it fits; what was waived stays waived. How many it joined."""
    return _change_status(partner, Status.ACTIVE, by, at)


def _change_status(partner: Partner, status: str, by: Account, at: datetime) -> int:
    insist(may_assign(by), "Only a director or partner operations changes this", "Ask one to do it")
    _insist_on_its_own(partner)
    change_partner(partner, {"status": status}, by=by, at=at)
    done = enrol_partner(partner, at=at)
    plan_subscriptions(partner.subscriptions.running(), at=at)
    return done.left if status == Status.SUSPENDED else done.joined


@transaction.atomic
def merge_partners(lost: Partner, kept: Partner, *, by: Account, at: datetime) -> Merge:
    """Open work, subscriptions and people go over to `kept`; what both had is kept once. The history stays with each, and
    the manager of the kept one sees both."""
    merge = record_merge(lost, kept, on=vendor_day(at), by=by, at=at)
    before, heir = manager_of(lost, vendor_day(at)), manager_of(kept, vendor_day(at))
    joined = join_work(lost, kept, at=at)
    meetings = list(
        Meeting.objects.filter(partner=lost, state=Meeting.State.ARRANGED, starts_at__gt=at).values_list("pk", flat=True)
    )  # fmt: skip
    give_meetings(meetings, kept)
    if heir:
        hand_over(lost, heir, vendor_day(at), by=by, at=at)
        hand_over(kept, heir, vendor_day(at), by=by, at=at)
    note_moved(
        merge,
        ended=joined.ended,
        begun=joined.begun,
        occurrences={str(pk): subscription for pk, subscription in joined.occurrences.items()},
        doubled=joined.doubled,
        meetings=meetings,
        manager=before.pk if before else None,
    )
    return merge


@transaction.atomic
def split_partners(merge: Merge, *, by: Account, at: datetime) -> Merge:
    """A wrong merge is undone: people, subscriptions, meetings and what is still open go back. What was waived as a double stays
    waived, and what was done meanwhile stays done. Splitting twice changes nothing."""
    if merge.split_at:
        return merge
    merge = record_split(merge, by=by, at=at)
    part_work(
        merge.moved["ended"],
        merge.moved["begun"],
        {int(pk): subscription for pk, subscription in merge.moved["occurrences"].items()},
        at=at,
    )
    give_meetings(merge.moved["meetings"], merge.lost)
    before = Account.objects.filter(pk=merge.moved["manager"], is_active=True).first()
    if before:
        hand_over(merge.lost, before, vendor_day(at), by=by, at=at)
    part_doubles(merge.lost_id, merge.kept_id, by=by, at=at)
    return merge


@transaction.atomic
def join_double(double: Double, kept: Partner, *, by: Account, at: datetime) -> Merge:
    """They are one: the other becomes part of `kept`. A wrong merge is split again, and then they are not the same."""
    insist(
        kept.pk in (double.first_id, double.second_id), f"{kept} isn't one of the two", "Choose one of them"
    )
    lost = double.second if kept.pk == double.first_id else double.first
    note_same(double, by=by, at=at)
    return merge_partners(lost, kept, by=by, at=at)
