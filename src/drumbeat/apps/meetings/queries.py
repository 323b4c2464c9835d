"""Questions about meetings: when both sides last met, whether an invitation was accepted, who may undertake something,
and what the minutes say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, FilteredRelation, OuterRef, Prefetch, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from drumbeat.apps.asking import kept
from drumbeat.apps.ledger.models import Commitment
from drumbeat.apps.partners.models import Contact, Partner
from drumbeat.apps.people.models import Account
from drumbeat.core.localwords import weekday_words
from drumbeat.core.meetingseries import shifted
from drumbeat.library import agenda_point, word

from .models import AgendaPoint, Attendee, CalendarCopy, CounterProposal, Meeting, OwnCalendar


@dataclass(frozen=True, slots=True)
class Arranged:
    """A meeting to come, as a line; `partner` and `zone` are empty for one among ourselves."""

    pk: int
    title: str
    starts_at: datetime
    minutes: int
    partner: str
    zone: str

    @property
    def tz(self) -> ZoneInfo | None:
        return ZoneInfo(self.zone) if self.zone else None


def next_meetings(person: Account, at: datetime) -> list[Arranged]:
    """The next four that this person arranged, by start."""
    return [Arranged(*row) for row in _organised(person.pk, at)]


def next_meeting_with(partner: Partner, at: datetime) -> Arranged | None:
    return next((Arranged(*row) for row in _arranged_with(partner.pk, at)), None)


@kept
def _organised(person: int, at: datetime) -> QuerySet[Any, tuple[Any, ...]]:
    return _to_come(at).filter(organiser=person)[:4]


@kept
def _arranged_with(partner: int, at: datetime) -> QuerySet[Any, tuple[Any, ...]]:
    return _to_come(at).filter(partner=partner)[:1]


def _to_come(at: datetime) -> QuerySet[Any, tuple[Any, ...]]:
    rows = Meeting.objects.filter(state=Meeting.State.ARRANGED, starts_at__gte=at).order_by("starts_at")
    partner = (Coalesce(f"partner__{name}", Value("")) for name in ("name", "zone"))
    return rows.values_list("pk", "title", "starts_at", "minutes", *partner)


def last_meetings(partners: Iterable[Partner | int]) -> dict[int, datetime]:
    """Partner id -> start of the last meeting held, both sides present."""
    held = Meeting.objects.filter(partner__in=list(partners), state=Meeting.State.HELD)
    with_partner = held.filter(attendees__contact__isnull=False, attendees__attended=True)
    rows = with_partner.order_by("partner", "-starts_at").distinct("partner")
    return {partner: starts_at for partner, starts_at in rows.values_list("partner", "starts_at") if partner}


def accepted(meetings: Collection[int]) -> set[int]:
    """Those to which somebody of the other side said yes."""
    yes = Attendee.objects.filter(meeting__in=meetings, answer=Attendee.Answer.ACCEPTED)
    return set(yes.exclude(contact=None).values_list("meeting", flat=True))


def following(meeting: Meeting, at: datetime) -> list[Meeting]:
    """Of a series this date and the later ones that are to come, by the start that they had first."""
    rows = Meeting.objects.filter(series=meeting.series_id, original_at__gt=meeting.original_at)
    return [meeting, *rows.filter(state=Meeting.State.ARRANGED, starts_at__gt=at).order_by("original_at")]


def starts_after_move(meeting: Meeting, starts_at: datetime, at: datetime) -> list[datetime]:
    """When these take place if this one moves there and the others by as much."""
    starts = [one.starts_at for one in following(meeting, at)]
    return shifted(starts, meeting.starts_at, starts_at, meeting.zone)


def open_counters(meeting: Meeting) -> list[CounterProposal]:
    """Other times that guests asked for and nobody settled, the oldest first."""
    rows = CounterProposal.objects.filter(attendee__meeting=meeting, settled_at=None)
    return list(rows.select_related("attendee__contact", "attendee__person").order_by("received_at"))


@dataclass(frozen=True, slots=True)
class ToLay:
    """What is to be done about one meeting on somebody's own calendar."""

    meeting: Meeting
    copy: CalendarCopy | None
    is_to_be_there: bool


LAID_AHEAD, LAID_BACK = timedelta(days=400), timedelta(days=1)


def to_lay(calendar: OwnCalendar, at: datetime, *, limit: int) -> list[ToLay]:
    """The meetings that lie there otherwise than they are now, the next ones first: what was changed since, what is new, what
    is cancelled or somebody else's now; of a calendar that closes all that lies there."""
    attends = Exists(Attendee.objects.filter(meeting=OuterRef("pk"), person=calendar.person))
    mine = Q(organiser=calendar.person) | Q(attends)
    there = FilteredRelation("copies", condition=Q(copies__calendar=calendar))
    rows = Meeting.objects.annotate(attends=attends, there=there).filter(
        starts_at__gt=at - LAID_BACK, starts_at__lt=at + LAID_AHEAD
    )
    is_settled = Q(there__state__in=(CalendarCopy.State.FOREIGN, CalendarCopy.State.LEFT))
    is_old = Q(there__told_at__lt=F("changed_at")) | Q(there__state=CalendarCopy.State.OURS)
    if calendar.is_closing:
        wanted = Q(there__isnull=False)
    else:
        is_new = mine & Q(there__isnull=True, state=Meeting.State.ARRANGED)
        wanted = is_new | (Q(there__isnull=False) & (is_old | ~mine) & ~is_settled)
    guests = Attendee.objects.select_related("contact", "person").order_by("pk")
    found = (
        rows.filter(wanted)
        .select_related("organiser")
        .prefetch_related("points", Prefetch("attendees", guests))
    )
    meetings = list(found.order_by("starts_at", "pk")[:limit])
    copies = {copy.meeting_id: copy for copy in calendar.copies.filter(meeting__in=meetings)}
    return [ToLay(one, copies.get(one.pk), _is_to_be_there(one, calendar)) for one in meetings]


def _is_to_be_there(meeting: Meeting, calendar: OwnCalendar) -> bool:
    people = {meeting.organiser_id, *(one.person_id for one in meeting.attendees.all())}
    is_on = meeting.state != Meeting.State.CANCELLED
    return is_on and calendar.person_id in people and not calendar.is_closing


def attendees_of(meeting: Meeting) -> list[Attendee]:
    """With the people they stand for, in the order in which they were invited."""
    return list(meeting.attendees.select_related("contact__partner", "person").order_by("pk"))


def concerned(meeting: Meeting, attendees: Iterable[Attendee]) -> list[Contact | Account]:
    """The organiser and whoever was invited, each once."""
    return list(dict.fromkeys([meeting.organiser, *(who for one in attendees if (who := one.who))]))


def may_owe(meeting: Meeting, at: datetime) -> list[Contact | Account]:
    """Who may undertake something there: the organiser, whoever was invited, and everybody who works at the partner."""
    people = concerned(meeting, attendees_of(meeting))
    if meeting.partner:
        on = at.astimezone(meeting.partner.tz).date()
        people += meeting.partner.contacts.present(on).select_related("partner")
    return list(dict.fromkeys(people))


def commitments_from(meeting: Meeting) -> list[Commitment]:
    """What was undertaken there, in the order it was said."""
    rows = Commitment.objects.of("meeting", meeting.pk)
    return list(rows.select_related("contact__partner", "person", "partner", "promise__standing"))


def carried_points(partners: Collection[int]) -> dict[int, list[AgendaPoint]]:
    """Partner id -> what the last meeting did not come to: its points without a tick, if any was ticked there."""
    held = Meeting.objects.filter(partner__in=partners, state=Meeting.State.HELD)
    last = held.order_by("partner", "-starts_at").distinct("partner").values_list("pk", "partner")
    partner_of = dict(last)
    by_partner: dict[int, list[AgendaPoint]] = defaultdict(list)
    for point in AgendaPoint.objects.filter(meeting__in=partner_of):
        by_partner[partner_of[point.meeting_id] or 0].append(point)
    return {
        partner: [point for point in points if not point.is_done]
        for partner, points in by_partner.items()
        if any(point.is_done for point in points)
    }


def minutes_text(meeting: Meeting, undertaken: Sequence[Commitment], language: str = "en") -> str:
    """The minutes as Markdown: who was there, notes and decisions by point, what was undertaken, the rest; empty when nothing
    was written. What the house says is in this language, what people wrote as they wrote it."""
    points = list(meeting.points.all())
    written = [text for point in points if (text := _told(point, language))]
    left = [agenda_point(point.text, language) for point in points if not point.is_done]
    parts = [
        *written,
        meeting.notes.strip(),
        _listed("minutes_commitments", [said_words(one, language) for one in undertaken], language),
        _listed("minutes_carried", left, language) if any(point.is_done for point in points) else "",
    ]
    told = [part for part in parts if part]
    return "\n\n".join([*_presence(meeting, language), *told]) if told else ""


def _told(point: AgendaPoint, language: str) -> str:
    decided = point.decision.strip()
    words = f"**{word('minutes_decided', language)}** {decided}" if decided else ""
    said = [part for part in (point.notes.strip(), words) if part]
    return "\n\n".join([f"**{agenda_point(point.text, language)}**", *said]) if said else ""


def _listed(heading: str, lines: list[str], language: str) -> str:
    return f"**{word(heading, language)}**\n\n" + "\n".join(f"- {line}" for line in lines) if lines else ""


def _presence(meeting: Meeting, language: str) -> list[str]:
    there = meeting.attendees.filter(attended=True).select_related("contact", "person").order_by("pk")
    names = ", ".join(str(one.who) for one in there)
    return [word("minutes_there", language).format(names)] if names else []


def said_words(commitment: Commitment, language: str = "en") -> str:
    """`Petra Bergmann: Send the price list by Friday 6 March 2026, done when Alice has it`."""
    owner = commitment.owner
    due = commitment.due_at.astimezone(owner.partner.tz if isinstance(owner, Contact) else owner.tz)
    day = weekday_words(due.date(), language)
    said = word("commitment", language).format(owner=owner.name, text=commitment.text, day=day)
    measure = commitment.measure
    return said + (word("commitment_measure", language).format(measure) if measure else "")
