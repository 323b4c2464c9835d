"""Several meetings arranged together: one invitation for all, each date a meeting of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from drumbeat.apps.meetings.models import Attendee, Meeting, Series
from drumbeat.apps.partners.models import Contact, Partner
from drumbeat.apps.people.models import Account
from drumbeat.core.meetingseries import dates_of

from .arranging import attendee_of, uid_of
from .inviting import invite_to_series


@transaction.atomic
def arrange_series(
    key: str,
    *,
    rule: str,
    title: str,
    organiser: Account,
    guests: Sequence[Contact | Account],
    starts_at: datetime,
    minutes: int,
    zone: str,
    at: datetime,
    partner: Partner | None = None,
    room: str = "",
    video_url: str = "",
) -> Series:
    """Arranges all dates of a rule (see `core.meetingseries`) and invites their guests once for all, once for its key."""
    uid = uid_of(key)
    series, is_new = Series.objects.get_or_create(uid=uid, defaults={"rule": rule, "starts_at": starts_at})
    if is_new:
        told = {"title": title, "organiser": organiser, "minutes": minutes, "zone": zone, "partner": partner}
        told |= {"room": room, "video_url": video_url, "changed_at": at, "uid": uid, "series": series}
        days = dates_of(rule, starts_at, zone)
        meetings = Meeting.objects.bulk_create(
            Meeting(**told, starts_at=day, original_at=day) for day in days
        )
        people = list(dict.fromkeys(guests))
        Attendee.objects.bulk_create(attendee_of(meeting, who) for meeting in meetings for who in people)
        invite_to_series(series, meetings[0], at=at)
    return series
