"""Routines: the list with what became of their promises, and the page of one with its playbook and who is on it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from django.db.models import Count as CountOf
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from drumbeat.apps.goals.models import Goal
from drumbeat.apps.ledger.queries import months_of_routines
from drumbeat.apps.partners.access import visible_to
from drumbeat.apps.people.models import Role
from drumbeat.apps.routines.access import may_shape_routines, subscriptions_visible_to
from drumbeat.apps.routines.bridge import playbook_of
from drumbeat.apps.routines.models import Override, Routine
from drumbeat.apps.routines.queries import Rhythm, routine_rhythms, upcoming_moments
from drumbeat.core.charts import Mark, Svg, draw_strip
from drumbeat.core.playbook import Routine as Playbook
from drumbeat.core.tally import Count, OnTimeRecord
from drumbeat.interfaces.kit import times
from drumbeat.interfaces.kit.exceptions import what_words
from drumbeat.interfaces.kit.playbooks import offset_words, own_minutes
from drumbeat.interfaces.kit.records import count_words, last_year, rate_words, shown_count, year_records
from drumbeat.interfaces.kit.strips import today_until, window, year_strip
from drumbeat.interfaces.kit.triggers import when_words
from drumbeat.interfaces.kit.viewer import Viewer, for_business, viewer_of
from drumbeat.workflows.recounting import answers_of

FEW = 8
MOST = 100
GOOD = 0.9  # a month's mark is solid when so many of its promises were on time


@for_business
def routines(request: HttpRequest) -> HttpResponseBase:
    viewer = viewer_of(request)
    shown = list(Routine.objects.exclude(version=None).select_related("version"))
    months, records = _months_and_records(viewer)
    counts = dict(
        subscriptions_visible_to(viewer.person, viewer.at)
        .running()
        .values_list("routine_id")
        .annotate(CountOf("pk"))
    )
    rows = [_row(viewer, routine, months, records, counts.get(routine.pk, 0)) for routine in shown]
    return render(
        request, "desk/routines.html", {"rows": rows, "may_shape": may_shape_routines(viewer.person)}
    )


def _months_and_records(viewer: Viewer) -> tuple[dict[str, dict[date, Count]], dict[str, OnTimeRecord]]:
    """By routine, each on the side that owes it; a manager's own routines beside those of his partners."""
    from_on, until_on = last_year(viewer)
    months: dict[str, dict[date, Count]] = {}
    records: dict[str, OnTimeRecord] = {}
    scopes: list[dict[str, Any]] = [{}]
    if viewer.person.has(Role.CHANNEL_MANAGER):
        scopes = [{"person": viewer.person}, {"partner": visible_to(viewer.person, viewer.at)}]
    for scope in scopes:
        for side in ("partner", "vendor"):
            months |= months_of_routines(side=side, from_on=from_on, until_on=until_on, **scope)
            records |= year_records("routine", side, viewer, **scope)
    return months, records


def _row(
    viewer: Viewer,
    routine: Routine,
    months: dict[str, dict[date, Count]],
    records: dict[str, OnTimeRecord],
    subjects: int,
) -> dict[str, Any]:
    assert routine.version
    playbook = playbook_of(routine.version)
    count = shown_count(records.get(routine.key))
    return {
        "routine": routine,
        "promise": playbook.promise.text,
        "cadence": when_words(playbook),
        "subjects": subjects,
        "strip": _month_strip(viewer, routine, months.get(routine.key, {})),
        "rate": rate_words(count) or None,
        "rate_words": count_words(count),
        "rate_url": f"{reverse('promises')}?routine={routine.key}",
    }


def _month_strip(viewer: Viewer, routine: Routine, months: dict[date, Count]) -> Svg:
    """A mark a month over all subjects."""
    from_on, until_on = (datetime(on.year, on.month, 1, tzinfo=UTC) for on in last_year(viewer))
    marks = [_month_mark(routine, month, count) for month, count in sorted(months.items()) if count.judged]
    title = f"{routine.title}, a mark a month"
    return draw_strip(marks, since=from_on, until=until_on, width=200, title=title)


def _month_mark(routine: Routine, month: date, count: Count) -> Mark:
    rate = count.rate or 0.0
    state = "kept" if rate >= GOOD else "late" if rate >= 0.5 else "missed"
    return Mark(
        state=state,
        at=datetime(month.year, month.month, 15, tzinfo=UTC),
        label=f"{month:%B %Y}, {count.kept} of {count.judged} on time",
        url=f"{reverse('promises')}?routine={routine.key}&month={month:%Y-%m}",
        lateness=1 - rate,
    )


@for_business
def routine(request: HttpRequest, key: str) -> HttpResponseBase:
    viewer = viewer_of(request)
    shown, playbook = _routine_of(key)
    rhythms = _rhythms(viewer, shown, FEW)
    context = _head(viewer, shown, playbook, "playbook") | {
        "cadence": when_words(playbook),
        "steps": [_step(playbook, step) for step in playbook.steps],
        "strips": [_strip(viewer, shown, rhythm) for rhythm in rhythms],
        "coming": _coming(viewer, shown),
        "answers": answers_of(shown, visible_to(viewer.person, viewer.at), limit=FEW)
        if playbook.trigger
        else [],
        "agreed": _agreed(viewer, shown),
    }
    return render(request, "desk/routine.html", context)


@for_business
def routine_subjects(request: HttpRequest, key: str) -> HttpResponseBase:
    viewer = viewer_of(request)
    shown, playbook = _routine_of(key)
    rhythms = _rhythms(viewer, shown, MOST)
    strips = [_strip(viewer, shown, rhythm) for rhythm in rhythms]
    return render(
        request,
        "desk/routine_subjects.html",
        _head(viewer, shown, playbook, "subjects") | {"strips": strips, "most": MOST},
    )


@for_business
def routine_versions(request: HttpRequest, key: str) -> HttpResponseBase:
    viewer = viewer_of(request)
    shown, playbook = _routine_of(key)
    versions = list(shown.versions.select_related("published_by"))
    chosen = request.GET.get("version", "")
    text = next((version for version in versions if str(version.number) == chosen), shown.version)
    context = _head(viewer, shown, playbook, "versions") | {"versions": versions, "chosen": text}
    return render(request, "desk/routine_versions.html", context)


def _routine_of(key: str) -> tuple[Routine, Playbook]:
    shown = get_object_or_404(Routine.objects.exclude(version=None).select_related("version"), key=key)
    assert shown.version
    return shown, playbook_of(shown.version)


def _head(viewer: Viewer, shown: Routine, playbook: Playbook, tab: str) -> dict[str, Any]:
    """What stands above each tab."""
    side = "partner" if playbook.promise.by == "partner" else "vendor"
    count = _count(viewer, shown, side)
    subjects = subscriptions_visible_to(viewer.person, viewer.at).running().filter(routine=shown).count()
    goals = dict(Goal.objects.filter(key__in=playbook.goals).values_list("key", "title"))
    return {
        "routine": shown,
        "may_shape": may_shape_routines(viewer.person),
        "playbook": playbook,
        "subjects": subjects,
        "subject_words": f"{playbook.subject}{'' if subjects == 1 else 's'}",
        "rate": rate_words(count),
        "judged": count.judged,
        "rate_words": count_words(count),
        "rate_url": f"{reverse('promises')}?routine={shown.key}",
        "minutes": own_minutes(playbook),
        "goals": [goals.get(goal, goal) for goal in playbook.goals],
        "tabs": (
            ("Playbook", reverse("routine", args=[shown.key]), tab == "playbook"),
            (
                f"{playbook.subject.capitalize()}s",
                reverse("routine_subjects", args=[shown.key]),
                tab == "subjects",
            ),
            ("Versions and text", reverse("routine_versions", args=[shown.key]), tab == "versions"),
        ),
    }


def _count(viewer: Viewer, shown: Routine, side: str) -> Count:
    scope: dict[str, Any] = {}
    if viewer.person.has(Role.CHANNEL_MANAGER):
        is_own = shown.subject == "manager"
        scope = {"person": viewer.person} if is_own else {"partner": visible_to(viewer.person, viewer.at)}
    return shown_count(year_records("routine", side, viewer, routine=shown.key, **scope).get(shown.key))


def _step(playbook: Playbook, step: Any) -> dict[str, Any]:
    return {
        "when": offset_words(step.due),
        "kind": step.kind,
        "title": step.title,
        "who": "machine" if step.is_by_machine and step.side == "vendor" else step.by.replace("_", " "),
        "minutes": step.minutes,
        "keeps": step.key == playbook.promise.kept_by,
        "notes": list(_notes(step)),
    }


def _notes(step: Any) -> Any:
    if step.needs:
        yield f"after {', '.join(step.needs)}"
    if step.when:
        yield f"if {step.when}"
    if step.otherwise:
        yield f"otherwise {', '.join(step.otherwise)}"
    if step.until:
        yield f"until {step.until}"
    if step.timeout:
        yield f"at most {step.timeout}"
    if step.routine:
        yield f"opens {step.routine}" + (" and waits until it closes" if step.waits else "")
    if step.promised:
        yield "a promise of its own"


def _rhythms(viewer: Viewer, shown: Routine, limit: int) -> list[Rhythm]:
    since, until = window(viewer)
    partners = visible_to(viewer.person, viewer.at)
    found = routine_rhythms(
        shown, partners, viewer.at, since=since, until=until, today_until=today_until(viewer), limit=limit
    )
    is_manager = viewer.person.has(Role.CHANNEL_MANAGER)
    return [rhythm for rhythm in found if not is_manager or rhythm.person in (None, viewer.person)]


def _strip(viewer: Viewer, shown: Routine, rhythm: Rhythm) -> dict[str, Any]:
    subject = rhythm.partner or rhythm.person
    query = (
        f"partner={rhythm.partner.pk}"
        if rhythm.partner
        else f"person={rhythm.person.pk if rhythm.person else ''}"
    )
    return {
        "name": subject.name if subject else "",
        "url": reverse("partner", args=[rhythm.partner.key]) if rhythm.partner else "",
        "strip": year_strip(rhythm.beats, viewer, title=f"{shown.title}, {subject}"),
        "rate": rate_words(rhythm.count) or None,
        "rate_words": count_words(rhythm.count),
        "rate_url": f"{reverse('promises')}?{query}&routine={shown.key}",
    }


def _agreed(viewer: Viewer, shown: Routine) -> list[tuple[Override, str]]:
    """What holds now for single subjects apart from this text."""
    seen = subscriptions_visible_to(viewer.person, viewer.at).filter(routine=shown)
    rows = Override.objects.in_force(viewer.today).filter(subscription__in=seen)
    related = ("subscription__partner", "subscription__person", "owner")
    return [(row, what_words(row)) for row in rows.select_related(*related)[:FEW]]


def _coming(viewer: Viewer, shown: Routine) -> list[dict[str, Any]]:
    """The next due moments the viewer may see, each with why it falls there."""
    person = viewer.person if viewer.person.has(Role.CHANNEL_MANAGER) else None
    found = upcoming_moments(until=window(viewer)[1], routine=shown, person=person, limit=6)
    return [
        {
            "moment": one,
            "who": (one.partner or one.person),
            "theirs": times.theirs_words(one.due_at, viewer.zone, one.partner.tz if one.partner else None),
        }
        for one in found
    ]
