"""Questions about meetings: when both sides last met, and whether an invitation was accepted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from drumbeat.apps.partners.models import Partner

from .models import Attendee, Meeting


def last_meetings(partners: Iterable[Partner]) -> dict[int, datetime]:
    """Partner id -> start of the last meeting held, both sides present."""
    held = Meeting.objects.filter(partner__in=list(partners), state=Meeting.State.HELD)
    with_partner = held.filter(attendees__contact__isnull=False, attendees__attended=True)
    rows = with_partner.order_by("partner", "-starts_at").distinct("partner")
    return {partner: starts_at for partner, starts_at in rows.values_list("partner", "starts_at") if partner}


def is_accepted(meeting: Meeting) -> bool:
    """Somebody of the other side said yes."""
    return meeting.attendees.filter(answer=Attendee.Answer.ACCEPTED).exclude(contact=None).exists()
