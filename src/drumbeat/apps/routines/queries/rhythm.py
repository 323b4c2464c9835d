"""Beat strips: the promises of a partner, a routine or a person in time order, with their on-time record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from drumbeat.apps.ledger.models import Promise
from drumbeat.apps.ledger.queries import Beat, beats, beats_of_partner, beats_of_person
from drumbeat.apps.partners.models import Partner
from drumbeat.apps.people.models import Account
from drumbeat.apps.routines.models import Moment, Routine
from drumbeat.apps.routines.queries.texts import titles_of
from drumbeat.apps.routines.queries.upcoming import Coming
from drumbeat.core.tally import Count

BEATS_SHOWN = 45  # as many as a strip of a page's side can tell apart


@dataclass(frozen=True, slots=True)
class Rhythm:
    """One strip of a routine: whose it is, its beats, and the count of those past."""

    partner: Partner | None
    person: Account | None
    beats: tuple[Beat, ...]
    count: Count


@dataclass(frozen=True, slots=True)
class RoutineRhythm:
    """One strip of a partner: of which routine it is, which side owes, its beats, and the count of those past."""

    key: str
    title: str
    owing: str
    beats: tuple[Beat, ...]
    count: Count


def partner_rhythms(
    partner: Partner, coming: Iterable[Coming], at: datetime, *, since: datetime, until: datetime, today_until: datetime
) -> list[RoutineRhythm]:  # fmt: skip
    """A strip for each routine and side of a partner, with its moments to come; the vendor's first."""
    promised = beats_of_partner(partner, at, since=since, until=until, today_until=today_until)
    upcoming = (Beat(0, one.key, one.owing, one.due_at, "upcoming") for one in coming)
    found: dict[tuple[str, str], list[Beat]] = defaultdict(list)
    for beat in (*promised, *upcoming):
        found[beat.routine, beat.owing].append(beat)
    titles = titles_of(key for key, _ in found)
    rhythms = [
        RoutineRhythm(key, titles[key], owing, tuple(marks), count_of(marks, at))
        for (key, owing), marks in found.items()
        if key in titles
    ]
    return sorted(rhythms, key=lambda rhythm: (rhythm.owing == "partner", -len(rhythm.beats)))


def routine_rhythms(
    routine: Routine, partners: QuerySet[Partner], at: datetime, *, since: datetime, until: datetime, today_until: datetime,
    limit: int = 50,
) -> list[Rhythm]:  # fmt: skip
    """A strip for each partner on the routine, by name; for routines of managers, one for each manager."""
    running = routine.subscriptions.running().select_related("partner", "person")
    shown = list(
        running.filter(Q(partner__in=partners) | Q(partner=None)).order_by(
            "partner__sort_name", "person__sort_name"
        )[:limit]
    )
    promises = Promise.objects.filter(
        occurrence__subscription__in=shown, original_due_at__gte=since, original_due_at__lt=until
    ).select_related("occurrence")
    subscription_of = dict(promises.values_list("pk", "occurrence__subscription_id"))
    coming = Moment.objects.filter(subscription__in=shown, due_at__lt=until)
    marks: dict[int, list[Beat]] = defaultdict(list)
    for beat in beats(promises, at, today_until=today_until):
        marks[subscription_of[beat.promise_id]].append(beat)
    for subscription, beat in _coming(coming):
        marks[subscription].append(beat)
    return [
        Rhythm(row.partner, row.person, tuple(marks[row.pk]), count_of(marks[row.pk], at)) for row in shown
    ]


def person_beats(
    person: Account, at: datetime, *, days: int = 90, today_until: datetime, limit: int = BEATS_SHOWN
) -> list[Beat]:
    """The vendor's promises that a person answers for, of the last days and due today: the newest `limit`, one query."""
    since = at - timedelta(days=days)
    return beats_of_person(person, at, since=since, today_until=today_until, newest=limit)


def count_of(marks: list[Beat], at: datetime) -> Count:
    """The on-time record of the marks that are past."""
    states = [mark.state for mark in marks if mark.due_at <= at]
    return Count(
        **{name: states.count(name) for name in ("kept", "late", "missed", "waived", "overdue", "in_grace")}
    )


def _coming(moments: QuerySet[Moment]) -> Iterator[tuple[int, Beat]]:
    """(subscription, mark) of moments that are not opened yet, by due moment."""
    told = ("subscription_id", "subscription__routine__key", "version__owing", "due_at")
    for subscription, routine, owing, due_at in moments.order_by("due_at").values_list(*told):
        yield subscription, Beat(0, routine, owing, due_at, "upcoming")
