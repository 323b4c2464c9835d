"""One partner becomes part of another, and a wrong merge is split again. Rows that go over are named in the merge."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from drumbeat.apps.events.actions import record_event
from drumbeat.apps.partners.access import may_assign
from drumbeat.apps.partners.models import Contact, Merge, Partner, Status
from drumbeat.apps.people.models import Account
from drumbeat.core.refusal import Refused, insist


@transaction.atomic
def record_merge(lost: Partner, kept: Partner, *, on: date, by: Account | None, at: datetime) -> Merge:
    """The lost one closes and points to the kept one; its people go over, but those whom the kept one has already."""
    insist(may_assign(by), "Only a director or partner operations merges partners", "Ask one to do it")
    insist(lost.pk != kept.pk, "A partner can't become part of itself", "Choose the other one", "kept")
    rows = Partner.objects.select_for_update().in_bulk([lost.pk, kept.pk])
    lost, kept = rows[lost.pk], rows[kept.pk]
    for partner in (lost, kept):
        if partner.merged_into_id:
            raise Refused(f"{partner} is part of another partner already", "Choose that one instead", field="kept")  # fmt: skip
    insist(kept.status != Status.CLOSED, f"{kept} is closed", "Choose one that goes on", "kept")
    moved = {"status": lost.status, "contacts": _contacts_over(lost, kept, on)}
    merge = Merge.objects.create(lost=lost, kept=kept, merged_at=at, merged_by=by, moved=moved)
    Partner.objects.filter(pk=lost.pk).update(merged_into=kept, status=Status.CLOSED)
    record_event(
        "partner.merged", ("partner", lost.pk), by_id=by.pk if by else None, at=at, into=kept.pk, merge=merge.pk
    )  # fmt: skip
    return merge


def _contacts_over(lost: Partner, kept: Partner, on: date) -> list[int]:
    known = {email.lower() for email in kept.contacts.present(on).values_list("email", flat=True) if email}
    moving = [one.pk for one in lost.contacts.present(on) if one.email.lower() not in known]
    Contact.objects.filter(pk__in=moving).update(partner=kept)
    return moving


def note_moved(merge: Merge, **moved: object) -> None:
    """What else went over, so that a split can bring it back."""
    merge.moved = {**merge.moved, **moved}
    merge.save(update_fields=["moved"])


@transaction.atomic
def record_split(merge: Merge, *, by: Account | None, at: datetime) -> Merge:
    """The lost one stands by itself again, with its status and with those of its people who are still where they went."""
    insist(may_assign(by), "Only a director or partner operations splits partners", "Ask one to do it")
    merge = Merge.objects.select_for_update(of=("self",)).select_related("lost", "kept").get(pk=merge.pk)
    if merge.split_at:
        return merge
    Contact.objects.filter(pk__in=merge.moved["contacts"], partner=merge.kept).update(partner=merge.lost)
    Partner.objects.filter(pk=merge.lost_id).update(merged_into=None, status=merge.moved["status"])
    merge.split_at, merge.split_by = at, by
    merge.save(update_fields=["split_at", "split_by"])
    record_event(
        "partner.split", ("partner", merge.lost_id), by_id=by.pk if by else None, at=at, merge=merge.pk
    )
    return merge
