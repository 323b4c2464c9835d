"""Several meetings arranged together: one invitation for all, each date a meeting of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from drumbeat.apps.meetings.access import may_change_meeting
from drumbeat.apps.meetings.models import Attendee, Meeting, Series
from drumbeat.apps.partners.models import Contact, Partner
from drumbeat.apps.people.models import Account
from drumbeat.core.meetingseries import dates_of, ended
from drumbeat.core.refusal import insist

from .arranging import attendee_of, uid_of
from .inviting import invite_to_series
from .noting import record_meeting, settle_open_counters

State = Meeting.State


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


@transaction.atomic
def end_series(series: Series, *, by: Account, at: datetime) -> int:
    """What is still to come will not be; how many. All guests are told. What was before stays."""
    series = Series.objects.select_for_update().get(pk=series.pk)
    rows = series.meetings.select_for_update(of=("self",)).select_related("organiser", "partner")
    meetings = list(rows.order_by("original_at"))
    insist(
        may_change_meeting(by, meetings[0], at), "These meetings are somebody else's", "Ask their organiser."
    )
    coming = [one for one in meetings if one.state == State.ARRANGED and one.starts_at > at]
    if not coming:
        return 0
    series.sequence = max(series.sequence, *(one.sequence for one in meetings)) + 1
    is_off = len(coming) == len(meetings)
    series.rule = series.rule if is_off else ended(series.rule, at)
    series.save(update_fields=["sequence", "rule"])
    for meeting in coming:
        meeting.state, meeting.sequence, meeting.changed_at = State.CANCELLED, series.sequence, at
        meeting.save(update_fields=["state", "sequence", "changed_at"])
        settle_open_counters(meeting, at=at)
        record_meeting("meeting.cancelled", meeting, by, at)
    invite_to_series(series, meetings[0], is_off=is_off, at=at)
    return len(coming)
