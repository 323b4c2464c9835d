"""Beat strips: the promises of a partner, a routine or a person in time order, with their on-time record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from drumbeat.apps.ledger.models import Promise
from drumbeat.apps.ledger.queries import Beat, beats
from drumbeat.apps.partners.models import Partner
from drumbeat.apps.people.models import Account
from drumbeat.apps.routines.models import Moment, Routine
from drumbeat.core.tally import Count

BEATS_SHOWN = 45  # as many as a strip of a page's side can tell apart


@dataclass(frozen=True, slots=True)
class Rhythm:
    """One strip: whose it is (a routine or a partner), which side owes, its beats, and the count of those past."""

    routine: Routine | None
    partner: Partner | None
    person: Account | None
    owing: str
    beats: tuple[Beat, ...]
    count: Count


def partner_rhythms(
    partner: Partner, at: datetime, *, since: datetime, until: datetime, today_until: datetime
) -> list[Rhythm]:
    """A strip for each routine and side of a partner, upcoming moments included; vendor's first."""
    promises = Promise.objects.filter(
        partner=partner, origin="routine", original_due_at__gte=since, original_due_at__lt=until
    )
    coming = Moment.objects.filter(subscription__partner=partner, due_at__lt=until)
    found = _group(
        [*beats(promises, at, today_until=today_until), *(beat for _, beat in _coming(coming))],
        lambda beat: (beat.routine, beat.owing),
    )
    routines = {routine.key: routine for routine in Routine.objects.filter(key__in={key for key, _ in found})}
    rhythms = [
        Rhythm(routines.get(key), partner, None, owing, tuple(marks), count_of(marks, at))
        for (key, owing), marks in found.items()
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
        Rhythm(routine, row.partner, row.person, "", tuple(marks[row.pk]), count_of(marks[row.pk], at))
        for row in shown
    ]


def person_beats(
    person: Account, at: datetime, *, days: int = 90, today_until: datetime, limit: int = BEATS_SHOWN
) -> list[Beat]:
    """The vendor's promises that a person answers for, of the last days and due today: the newest `limit`, one query."""
    answered = Promise.objects.filter(
        standing__person=person,
        standing__due_at__gte=at - timedelta(days=days),
        standing__due_at__lt=today_until,
    ).exclude(owing="partner")
    return beats(answered, at, today_until=today_until, newest=limit)


def count_of(marks: list[Beat], at: datetime) -> Count:
    """The on-time record of the marks that are past."""
    states = [mark.state for mark in marks if mark.due_at <= at]
    return Count(
        **{name: states.count(name) for name in ("kept", "late", "missed", "waived", "overdue", "in_grace")}
    )


def _group(marks: list[Beat], key: Any) -> dict[Any, list[Beat]]:
    found: dict[Any, list[Beat]] = defaultdict(list)
    for mark in marks:
        found[key(mark)].append(mark)
    return found


def _coming(moments: QuerySet[Moment]) -> Iterator[tuple[int, Beat]]:
    """(subscription, mark) of moments that are not opened yet, by due moment."""
    told = ("subscription_id", "subscription__routine__key", "version__owing", "due_at")
    for subscription, routine, owing, due_at in moments.order_by("due_at").values_list(*told):
        yield subscription, Beat(0, routine, owing, due_at, "upcoming")
