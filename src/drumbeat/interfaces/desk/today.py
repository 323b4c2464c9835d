"""Today: what this person has to do, in the order of its urgency, with the record and the week beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from drumbeat.apps.ledger.models import Ask
from drumbeat.apps.ledger.queries import commitments_of, monthly_counts
from drumbeat.apps.meetings.queries import Arranged, next_meetings
from drumbeat.apps.partners.access import visible_to
from drumbeat.apps.people.models import Role
from drumbeat.apps.people.queries import staff
from drumbeat.apps.routines.actions import UNDO_FOR
from drumbeat.apps.routines.queries import (
    Section,
    Today,
    just_done,
    load_of_days,
    machine_deeds,
    person_beats,
)
from drumbeat.apps.routines.queries import today as list_of
from drumbeat.core.charts import Bar, draw_bars, draw_strip
from drumbeat.core.tally import Count
from drumbeat.interfaces.kit import times
from drumbeat.interfaces.kit.records import count_words, rate_words, year_records
from drumbeat.interfaces.kit.strips import marks_of, today_until
from drumbeat.interfaces.kit.viewer import Viewer, for_business, viewer_of

from .commitment_lines import lines_by_section
from .items import line_of, line_to_come
from .promises import told_asks

DAYS = 90


@for_business
def today(request: HttpRequest) -> HttpResponseBase:
    context = today_context(viewer_of(request))
    request.__dict__["overdue"] = context["lede"]["overdue"]
    return render(request, "desk/today.html", context)


def today_context(viewer: Viewer) -> dict[str, Any]:
    lists, meetings = list_of(viewer.person, viewer.at), next_meetings(viewer.person, viewer.at)
    return {
        **counts_context(viewer, lists, meetings),
        "just_done": _just_done(viewer),
        "machine": _machine(viewer),
        "machine_since": f"{_day_before(viewer):%A}",
        "hours": _hours(viewer),
        "capacity": viewer.person.routine_minutes_a_day,
        "coming": [line_to_come(step, viewer) for step in lists.coming],
        "meetings": meetings,
        "asks": _asks(viewer),
        "managers": _managers(viewer),
    }


def counts_of(viewer: Viewer) -> dict[str, Any]:
    """What changes, told anew after a line was done."""
    return counts_context(viewer, list_of(viewer.person, viewer.at), next_meetings(viewer.person, viewer.at))


def counts_context(viewer: Viewer, lists: Today, meetings: Sequence[Arranged]) -> dict[str, Any]:
    """What changes with every item done: sentence, heads, record."""
    undertaken = lines_by_section(commitments_of(viewer.person), viewer)
    return {
        "lede": _lede(viewer, lists, meetings),
        "sections": [
            _section(viewer, "overdue", "Overdue", lists.overdue, undertaken, tone="over"),
            _section(viewer, "due", "Today", lists.today, undertaken),
            _section(viewer, "week", "This week", lists.this_week, undertaken),
            _section(viewer, "waiting", "Waiting on partner", lists.waiting, undertaken),
        ],
        **_record(viewer, lists),
    }


def _section(
    viewer: Viewer,
    key: str,
    title: str,
    section: Section,
    undertaken: Mapping[str, list[dict[str, Any]]],
    *,
    tone: str = "",
) -> dict[str, Any]:
    """Steps, then the commitments that belong under the same head."""
    commitments = undertaken.get(key, [])
    count = section.count + len(commitments)
    return {
        "id": key,
        "title": title,
        "n": count,
        "sum": times.span_words(section.minutes) if section.minutes else "",
        "tone": tone if count else "",
        "more": section.count - len(section.items),
        "items": [*(line_of(item, viewer) for item in section.items), *commitments],
    }


def _lede(viewer: Viewer, lists: Today, meetings: Sequence[Arranged]) -> dict[str, Any]:
    """The day in one sentence."""
    is_today = bool(meetings) and meetings[0].starts_at < today_until(viewer)
    minutes = lists.overdue.minutes + lists.today.minutes
    return {
        "late": lists.late_promises,
        "overdue": lists.overdue.count,
        "due": lists.today.count,
        "work": times.span_words(minutes) if minutes else "",
        "first_meeting": meetings[0] if is_today else None,
    }


def _just_done(viewer: Viewer) -> list[dict[str, Any]]:
    """What may still be taken back."""
    return [line_of(item, viewer) for item in just_done(viewer.person, viewer.at - UNDO_FOR, page=10)]


def _record(viewer: Viewer, lists: Today) -> dict[str, Any]:
    """The person's own promises of three months as figure, the rate of the three before, and the last ones as a strip."""
    since, months = _months_back(viewer, 2), _months_back(viewer, 5)
    until = today_until(viewer)
    counts = monthly_counts(viewer.person, "vendor", from_on=months, until_on=until.date())
    overdue = Count(overdue=lists.late_promises)
    now = sum((count for month, count in counts.items() if month >= since), overdue)
    before = sum((count for month, count in counts.items() if month < since), Count())
    beats = person_beats(viewer.person, viewer.at, days=DAYS, today_until=until)
    strip = draw_strip(
        marks_of(beats, viewer),
        since=viewer.at - timedelta(days=DAYS),
        until=until,
        width=290,
        title="Your last promises",
        now=viewer.at,
    )
    return {
        "record": now,
        "record_since": since,
        "record_words": count_words(now),
        "record_before": rate_words(before),
        "record_strip": strip,
        "record_url": f"{reverse('promises')}?person={viewer.person.pk}",
    }


def _months_back(viewer: Viewer, count: int) -> date:
    """The first day of the month so many months ago; 0 is this month's."""
    years, month = divmod(viewer.today.year * 12 + viewer.today.month - 1 - count, 12)
    return date(years, month + 1, 1)


def _machine(viewer: Viewer) -> list[str]:
    """What the machine did since yesterday morning, in words."""
    since = datetime.combine(_day_before(viewer), time(), tzinfo=viewer.zone)
    deeds = machine_deeds(visible_to(viewer.person, viewer.at), since=since, until=viewer.at)
    words = {
        "mail": ("sent {} mail", "sent {} mails"),
        "report": ("built {} report", "built {} reports"),
        "branch": ("decided {} branch", "decided {} branches"),
        "wait": ("noted {} answer", "noted {} answers"),
        "stuck": ("{} step is stuck", "{} steps are stuck"),
    }
    return [
        words[kind][number != 1].format(number) for kind, number in deeds.items() if kind in words and number
    ]


def _day_before(viewer: Viewer) -> Any:
    """The last weekday: on a Monday, Friday."""
    back = {0: 3, 6: 2}.get(viewer.today.weekday(), 1)
    return viewer.today - timedelta(days=back)


def _hours(viewer: Viewer) -> Any:
    """Hours of this week by day against what the person has for routines."""
    capacity = viewer.person.routine_minutes_a_day / 60
    days = load_of_days(viewer.person, viewer.at)
    if not any(day.done + day.planned for day in days):
        return ""
    bars = [
        Bar(
            f"{day.on:%a}",
            round((day.done + day.planned) / 60, 1),
            strong=day.on == viewer.today,
            target=capacity,
        )
        for day in days
    ]
    return draw_bars(bars, width=290, height=110, title="Hours this week by day", unit="h")


def _asks(viewer: Viewer) -> Any:
    """What waits for a director's yes or no."""
    if not viewer.person.has(Role.DIRECTOR):
        return ()
    waiting = Ask.objects.filter(decided_at=None).order_by("asked_at")
    return told_asks(waiting.select_related("promise__partner", "promise__standing")[:20], viewer)


def _managers(viewer: Viewer) -> list[dict[str, Any]]:
    """For a director: the record of each channel manager over the year."""
    if not viewer.person.has(Role.DIRECTOR):
        return []
    records = year_records("person_id", "vendor", viewer)
    return [_manager(person, records.get(person.pk)) for person in staff(Role.CHANNEL_MANAGER)]


def _manager(person: Any, record: Any) -> dict[str, Any]:
    count = record.people if record else Count()
    return {
        "name": person.name,
        "url": f"{reverse('promises')}?person={person.pk}",
        "rate": rate_words(count) or "no rate yet",
        "words": count_words(count) if count.judged else "nothing judged yet",
    }
