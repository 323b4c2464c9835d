"""What events open is written down as moments, for the beat to open like any other; what was made of each event too."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from drumbeat.apps.routines.bridge import moment_of
from drumbeat.apps.routines.models import (
    Moment,
    Occurrence,
    Reaction,
    Routine,
    Step,
    StepState,
    Subscription,
    Version,
)
from drumbeat.core.planning import Wanted

Owner = tuple[str, int]  # "partner" or "person", and the id
Seat = tuple[int, Owner]  # routine and owner: of these there is one running subscription


@dataclass(frozen=True, slots=True)
class Planned:
    """One occurrence that an event opens; `opened_by` is the step that it is the subroutine of."""

    routine: Routine
    version: Version
    owner: Owner
    event_id: int
    wanted: Wanted
    opened_by: Step | None = None

    @property
    def seat(self) -> Seat:
        return self.routine.pk, self.owner


@dataclass(frozen=True, slots=True)
class Heard:
    """What a routine made of one event."""

    routine_id: int
    event_id: int
    owner: Owner | None
    verdict: str
    detail: str = ""


def seat_subscriptions(seats: Collection[Seat], *, on: date) -> dict[Seat, int]:
    """The running subscription of each, made where there is none."""
    found = _running(seats)
    if missing := [seat for seat in seats if seat not in found]:
        Subscription.objects.bulk_create(
            [
                Subscription(routine_id=routine, started_on=on, **{f"{word}_id": pk})
                for routine, (word, pk) in missing
            ],
            ignore_conflicts=True,
            batch_size=5000,
        )
        found |= _running(missing)
    return found


def _running(seats: Collection[Seat]) -> dict[Seat, int]:
    routines = {routine for routine, _ in seats}
    partners = {pk for _, (word, pk) in seats if word == "partner"}
    people = {pk for _, (word, pk) in seats if word == "person"}
    running = Subscription.objects.running().filter(
        Q(partner__in=partners) | Q(person__in=people), routine__in=routines
    )
    found: dict[Seat, int] = {}
    for pk, routine, partner, person in running.values_list("pk", "routine", "partner", "person"):
        found[routine, ("partner", partner) if partner else ("person", person)] = pk
    return found


def plan_triggered(planned: Sequence[Planned], *, on: date) -> dict[Seat, int]:
    """Writes the moments; what was opened before is passed over. Returns the subscriptions of all that were given."""
    seats = seat_subscriptions({one.seat for one in planned}, on=on) if planned else {}
    events = {one.event_id for one in planned}
    done = set(
        Occurrence.objects.filter(subscription__in=seats.values(), event_id__in=events).values_list(
            "subscription", "nominal_on", "event_id"
        )
        if planned
        else ()
    )
    rows = [
        _moment(one, seats[one.seat])
        for one in planned
        if (seats[one.seat], one.wanted.nominal_on, one.event_id) not in done
    ]
    Moment.objects.bulk_create(rows, ignore_conflicts=True, batch_size=2000)
    return seats


def _moment(one: Planned, subscription: int) -> Moment:
    return moment_of(
        one.wanted,
        subscription_id=subscription,
        version=one.version,
        event_id=one.event_id,
        opened_by_id=one.opened_by.pk if one.opened_by else None,
    )


def forget_moments(moments: Collection[int]) -> None:
    """What was about to open is overtaken by a later event, or the matter came to its end."""
    gone = list(Moment.objects.filter(pk__in=moments))
    Moment.objects.filter(pk__in=moments).delete()
    for one in gone:
        Reaction.objects.filter(
            subscription=one.subscription_id, event_id=one.event_id, verdict=Reaction.Verdict.OPENED
        ).update(verdict=Reaction.Verdict.OVERTAKEN)


def write_reactions(heard: Sequence[Heard], seats: Mapping[Seat, int], *, at: datetime) -> None:
    """What each routine made of each event; written again it changes nothing."""
    known = dict(seats)
    missing = {(one.routine_id, one.owner) for one in heard if one.owner} - known.keys()
    known |= _running([(routine, owner) for routine, owner in missing if owner]) if missing else {}
    Reaction.objects.bulk_create(
        [
            Reaction(
                routine_id=one.routine_id,
                event_id=one.event_id,
                subscription_id=known.get((one.routine_id, one.owner)) if one.owner else None,
                verdict=one.verdict,
                detail=one.detail[:200],
                at=at,
            )
            for one in heard
        ],
        ignore_conflicts=True,
        batch_size=2000,
    )


def wake_waits(occurrences: Collection[int]) -> None:
    """Something happened in their matter: what waits looks again now."""
    waits = Step.objects.filter(occurrence__in=occurrences, kind="wait", state=StepState.OPEN)
    waits.update(next_attempt_at=None)
