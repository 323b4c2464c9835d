"""Several meetings arranged, moved and cancelled together: one invitation for all, each date a meeting of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from drumbeat.apps.meetings.models import AgendaPoint, Attendee, Meeting, Series
from drumbeat.apps.meetings.queries import following, starts_after_move
from drumbeat.apps.partners.models import Contact, Partner
from drumbeat.apps.people.models import Account
from drumbeat.core.meetingseries import dates_of, rule_of
from drumbeat.core.refusal import insist

from .arranging import Place, Point, attendee_of, place_of, points_of, put, put_off, uids_of
from .inviting import call_off_series, invite_to_moved, invite_to_series
from .noting import all_not_cancelled, meeting_to_come, record_meeting


@transaction.atomic
def arrange_series(
    key: str,
    *,
    rhythm: str,
    times: int,
    title: str,
    organiser: Account,
    guests: Sequence[Contact | Account],
    starts_at: datetime,
    minutes: int,
    zone: str,
    at: datetime,
    partner: Partner | None = None,
    points: Sequence[Point] = (),
    room: str = "",
    video_url: str = "",
) -> Series:
    """Arranges so many meetings in a rhythm (see `core.meetingseries`) and invites their guests once for all, once for its
    key. They keep their hour in `zone`, and each has the points on its agenda."""
    [uid], rule = uids_of([key]), rule_of(rhythm, times, starts_at, zone)
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
        AgendaPoint.objects.bulk_create(point for one in meetings for point in points_of(one, points))
        invite_to_series(series, meetings, at=at)
    return series


@transaction.atomic
def move_following(
    meeting: Meeting,
    starts_at: datetime,
    *,
    by: Account,
    at: datetime,
    minutes: int | None = None,
    place: Place | None = None,
) -> list[Meeting]:
    """This date of a series moves there and all that follow by as much, with this length and place. Guests get one letter
    and are asked again; the UID stays, the SEQUENCE rises."""
    insist(starts_at > at, "The new time is past", "Choose a later one.", "starts_at")
    dates = _following(meeting, by, at)
    series, starts = _next_version(meeting), starts_after_move(dates[0], starts_at, at)
    for one, start in zip(dates, starts, strict=True):
        put(one, start, minutes or one.minutes, place or place_of(one), sequence=series.sequence, at=at)
        record_meeting("meeting.moved", one, by, at)
    invite_to_moved(series, dates, at=at)
    return dates


@transaction.atomic
def cancel_following(meeting: Meeting, *, by: Account, at: datetime) -> list[Meeting]:
    """This date of a series and all that follow will not be; guests get one letter."""
    dates = _following(meeting, by, at)
    series = _next_version(meeting)
    for one in dates:
        put_off(one, sequence=series.sequence, at=at)
        record_meeting("meeting.cancelled", one, by, at)
    call_off_series(series, dates, at=at)
    return dates


def _following(meeting: Meeting, by: Account, at: datetime) -> list[Meeting]:
    """It and the later dates that are to come, locked."""
    first = meeting_to_come(meeting, by, at)
    insist(first.series_id is not None, "This meeting belongs to no series", "Change it alone.")
    later = following(first, at)
    locked = all_not_cancelled([(one, by, at) for one in later])
    return [locked[one.pk] for one in later]


def _next_version(meeting: Meeting) -> Series:
    """The series, newer than all that was told of any of its dates."""
    series = Series.objects.select_for_update(of=("self",)).get(meetings=meeting)
    told = series.meetings.order_by("-sequence").values_list("sequence", flat=True)[0]
    series.sequence = max(series.sequence, told) + 1
    series.save(update_fields=["sequence"])
    return series
