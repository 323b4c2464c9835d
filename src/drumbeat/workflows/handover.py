"""A partner gets another channel manager: nothing that was promised is lost."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from drumbeat.apps.partners.actions import assign_manager
from drumbeat.apps.partners.models import Partner
from drumbeat.apps.people.models import Account
from drumbeat.apps.people.queries import vendor_day
from drumbeat.apps.routines.actions import follow_assignments


@transaction.atomic
def hand_over(partner: Partner, person: Account, from_on: date, *, by: Account | None, at: datetime) -> int:
    """Assigns from that day; open steps and promises follow at once when the day has come, else in its night."""
    assign_manager(partner, person, from_on, by=by, at=at)
    return follow_assignments(on=vendor_day(at), partner=partner)
