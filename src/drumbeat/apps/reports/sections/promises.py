"""Promises: the strips of both sides, what is open, and what comes next."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from drumbeat.apps.ledger.models import Standing
from drumbeat.apps.ledger.queries import Beat
from drumbeat.apps.reports.scope import AHEAD, Scope
from drumbeat.apps.reports.shelf import NEAR
from drumbeat.apps.reports.wording import day
from drumbeat.apps.routines.queries import Upcoming, person_beats

from .record import names
from .shapes import MOMENT, TEXT, Section, strip, table

SHOWN = 12
BACK = timedelta(weeks=26)
OWED_BY = {"vendor": ("vendor", "team", "both"), "partner": ("partner", "both")}
MEANING = (
    "Strips: one mark a promise, by due day. A full mark is kept on time, a raised one late, a hollow one missed, "
    "a diamond waived, an outline is to come."
)


def strips_of_both(scope: Scope) -> Section:
    """Of a partner: half a year back, four weeks ahead."""
    if scope.partner is None:
        return strip_of_person(scope)
    since, until = scope.at - BACK, scope.at + AHEAD
    past = scope.shelf.beats(scope.partner, since, until, scope.today_until)
    marks = past + [_mark_to_come(moment) for moment in scope.coming]
    called = names(scope)
    rows = [
        _strip(scope, called[side], [mark for mark in marks if mark.owing in owing], since, until)
        for side, owing in OWED_BY.items()
    ]
    return strip(rows, key="strips", title="What each side promised, and kept", meaning=MEANING)


def _mark_to_come(moment: Upcoming) -> Beat:
    return Beat(0, moment.routine.key, moment.owing, moment.due_at, "upcoming")


def strip_of_person(scope: Scope) -> Section:
    """Of the person (his newest promises of 90 days), when the report is about one; else nothing."""
    if scope.person is None:
        return strip([], key="strips", title="Promises of 90 days", meaning=MEANING)
    since, until = scope.at - timedelta(days=90), scope.today_until
    found = person_beats(scope.person, scope.at, days=90, today_until=scope.today_until)
    rows = [_strip(scope, scope.person.name, found, since, until)]
    return strip(rows, key="strips", title="Promises of 90 days", meaning=MEANING)


def _strip(
    scope: Scope, name: str, found: Iterable[Beat], since: datetime, until: datetime
) -> dict[str, Any]:
    marks = sorted(found, key=lambda beat: beat.due_at)
    states = [mark.state for mark in marks]
    return {
        "name": name,
        "since": since.isoformat(),
        "until": until.isoformat(),
        "now": scope.at.isoformat(),
        "kept": states.count("kept"),
        "judged": sum(states.count(state) for state in ("kept", "late", "missed", "overdue")),
        "marks": [_mark(scope, beat) for beat in marks],
    }


def _mark(scope: Scope, beat: Beat) -> dict[str, Any]:
    title = scope.titles.get(beat.routine, beat.routine or "Commitment")
    mark: dict[str, Any] = {
        "state": beat.state,
        "at": beat.due_at.isoformat(timespec="minutes"),
        "label": f"{title}, {day(scope.day(beat.due_at))}",
    }
    if beat.lateness:
        mark["lateness"] = round(beat.lateness, 3)
    if beat.moved_from:
        mark["moved_from"] = beat.moved_from.isoformat(timespec="minutes")
    if beat.promise_id:
        mark["ref"] = f"promise:{beat.promise_id}"
    return mark


def open_promises(scope: Scope) -> Section:
    """Of both sides: past due, or due within two weeks; the oldest first."""
    found = _open(scope)
    several, called = scope.partner is None, names(scope)
    columns = [("partner", TEXT)] * several + [
        ("promise", TEXT),
        ("owed by", TEXT),
        ("due", MOMENT),
        ("state", TEXT),
    ]
    rows = [
        [standing.promise.partner.name if standing.promise.partner else "all"] * several
        + [
            standing.promise.text or scope.titles.get(standing.promise.routine, standing.promise.routine),
            "both" if standing.promise.owing == "both" else called["partner" if standing.promise.owing == "partner" else "vendor"],
            standing.due_at.isoformat(),
            _state(standing, scope.at),
        ]
        for standing in found[:SHOWN]
    ]  # fmt: skip
    refs = [f"promise:{standing.pk}" for standing in found[:SHOWN]]
    title = "Open promises of both sides"
    return table(columns, rows, key="open-promises", title=title, refs=refs, empty="Nothing is owed in the next two weeks.", of=_more(found))  # fmt: skip


def _open(scope: Scope) -> list[Standing]:
    """One more than is shown."""
    if scope.partner:
        return scope.shelf.near(scope.partner)[: SHOWN + 1]
    near = Standing.objects.open().filter(due_at__lt=scope.at + NEAR)
    if scope.manager:
        near = near.filter(
            Q(person=scope.manager) | Q(promise__partner__in=scope.partners, promise__owing="partner")
        )
    return list(near.select_related("promise__partner").order_by("due_at", "pk")[: SHOWN + 1])


def _more(found: list[Standing]) -> int | None:
    """Not counted: that there are more than shown is enough."""
    return -1 if len(found) > SHOWN else None


def _state(standing: Standing, at: datetime) -> str:
    if standing.due_at > at:
        return "to come"
    if standing.rests_from:
        return "the partner's turn"
    return "within grace" if standing.deadline_at > at else "overdue"


def coming(scope: Scope) -> Section:
    """What falls due in the next four weeks; with whom, where the report is about several."""
    several = scope.partner is None
    columns = [("what", TEXT), *[("with", TEXT)] * several, ("due", MOMENT)]
    rows = [
        [moment.routine.title, *[_subject(moment, scope)] * several, moment.due_at.isoformat()]
        for moment in scope.coming[:SHOWN]
    ]
    return table(columns, rows, key="coming", title="What comes next", empty="Nothing is planned in the next four weeks.")  # fmt: skip


def _subject(moment: Upcoming, scope: Scope) -> str:
    one = moment.partner or moment.person
    return one.name if one else scope.vendor.name
