"""How many partners fit each manager, and which phases would lower a manager's peak. Reckoned from live routines; nothing is
written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache

import numpy as np

from drumbeat.apps.partners.queries import tiers_by_manager
from drumbeat.apps.people.models import Account, Role
from drumbeat.apps.people.queries import staff
from drumbeat.apps.people.queries import vendor as the_vendor
from drumbeat.apps.routines.bridge import playbook_of
from drumbeat.apps.routines.models import Moment, Routine
from drumbeat.apps.routines.queries.combinations import Want
from drumbeat.apps.routines.queries.shares import Share, crowds_of
from drumbeat.core.capacity import USUAL, Assumptions, Fit, Working, hours_by_week, partners_that_fit
from drumbeat.core.playbook import Routine as Playbook
from drumbeat.core.simulation import Window, forecast
from drumbeat.core.smoothing import Piece, Smoothed, Weeks, smooth
from drumbeat.workflows.castlist import Cast, absences_after, cast_of, workings_of
from drumbeat.workflows.simulating import live_routines, moments_of, played_live, reach_of, shares_in

YEAR = timedelta(days=364)  # whole weeks


@dataclass(frozen=True, slots=True)
class Holding:
    """One manager's year, or that of all together (`person` None): hours of work, partners now by tier, and what fits."""

    person: Account | None
    hours: float
    partners: Counter[str]
    fit: Fit


@dataclass(frozen=True, slots=True)
class Holdings:
    """`needs` are hours a partner and year by tier, of partners with a manager."""

    managers: list[Holding]
    everybody: Holding
    needs: dict[str, float]


def holdings(*, from_on: date, at: datetime, assumed: Assumptions = USUAL) -> Holdings:
    """A year from that day, by the routines as they are live and the partners as they are assigned then, or today if that
    is later. Its cost is that of the combinations there are, not of the partners."""
    window, on = Window(from_on, from_on + YEAR), max(from_on, at.date())
    people, mixes = list(staff(Role.CHANNEL_MANAGER)), tiers_by_manager(on)
    spent, own = _minutes_spent(window, on)
    everybody = sum((mixes[person.pk] for person in people if person.pk in mixes), Counter[str]())
    needs = {tier: spent[tier] / 60 / count for tier, count in everybody.items()}
    managers = []
    for person, hours in zip(people, _hours_of_year(people, window), strict=True):
        mix = mixes.get(person.pk, Counter())
        fit = partners_that_fit(hours, own[person.pk] / 60, mix or everybody, needs, assumed)
        managers.append(Holding(person, hours, mix, fit))
    count = max(len(managers), 1)
    mean_hours = sum(one.hours for one in managers) / count
    mean_own = sum(own[person.pk] for person in people) / 60 / count
    fit = partners_that_fit(mean_hours, mean_own, everybody, needs, assumed)
    return Holdings(managers, Holding(None, mean_hours, everybody, fit), needs)


def _minutes_spent(window: Window, on: date) -> tuple[Counter[str], Counter[int]]:
    """Of channel managers in the window: for partners by tier, and for routines of their own by person id."""
    vendor = the_vendor()
    by_tier, own = Counter[str](), Counter[int]()
    for routine in live_routines():
        assert routine.version, "a live routine has a version"
        playbook = playbook_of(routine.version)
        minutes: dict[Want, int] = {}
        for crowd in crowds_of(routine, playbook, vendor, on=on, since=window.from_on - reach_of(playbook)):
            if crowd.want not in minutes:
                minutes[crowd.want] = int(_minutes(playbook, crowd.want, window).sum())
            if crowd.person:
                own[crowd.person] += minutes[crowd.want]
            else:
                by_tier[crowd.tier] += minutes[crowd.want] * crowd.count
    return by_tier, own


def _hours_of_year(people: list[Account], window: Window) -> list[float]:
    """Working hours of each; those who work alike are reckoned once."""

    @cache
    def hours(working: Working) -> float:
        return sum(hours_by_week(working, window.from_on, window.until_on, WHOLE))

    return [hours(working) for working in workings_of(people, absences_after(window.from_on))]


WHOLE = Assumptions(internal=0.0, reserve=0.0)


@dataclass(frozen=True, slots=True)
class PhaseShift:
    """One subscription that would move inside its routine's spread."""

    subscription: int
    routine: str
    title: str
    partner: int
    was: int
    becomes: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Hours by week before and after, for one manager, and the shifts that make the difference; none where none helps."""

    window: Window
    cast: Cast
    number: int
    smoothed: Smoothed
    capacity: list[float]
    shifts: list[PhaseShift]

    @property
    def phases(self) -> dict[int, int]:
        return {shift.subscription: shift.becomes for shift in self.shifts}


@dataclass(frozen=True, slots=True)
class _Movable:
    playbook: Playbook
    subscription: int
    partner: int
    piece: Piece


def suggest_phases(person: Account, *, from_on: date, until_on: date, at: datetime) -> Suggestion:
    """For the partners that `person` looks after. Phases that were agreed with a partner stay, and those of subscriptions
    with a moment that a person moved."""
    window, cast = Window(from_on, until_on), cast_of(max(from_on, at.date()))
    number, live = cast.manager_number[person.pk], live_routines()
    now = forecast(played_live(window, cast, at), window, cast.size).minutes[number] / 60
    movable = [
        one
        for routine in live
        if routine.version
        for one in _movables(playbook_of(routine.version), live, person, window, cast, at)
    ]
    base = now - sum((one.piece.options[one.piece.now] for one in movable), np.zeros_like(now))
    smoothed = smooth(base, [one.piece for one in movable])
    shifts = [
        PhaseShift(one.subscription, one.playbook.key, one.playbook.title, one.partner, one.piece.now, way)
        for one, way in zip(movable, smoothed.chosen, strict=True)
        if way != one.piece.now
    ]
    capacity = hours_by_week(cast.workings[number], from_on, until_on)
    return Suggestion(window, cast, number, smoothed, capacity, shifts)


def _movables(
    playbook: Playbook, live: Sequence[Routine], person: Account, window: Window, cast: Cast, at: datetime
) -> list[_Movable]:
    spread = playbook.cadence.spread
    if not spread or playbook.is_of_person:
        return []
    mine = [
        (share, subject, subscription)
        for share in shares_in(playbook, live, window, cast, at)
        for subject, manager, subscription in zip(
            share.subjects, share.managers, share.subscriptions, strict=True
        )
        if manager == person.pk and not share.want.agreed and share.want.phase <= spread
    ]
    touched = _touched([subscription for *_, subscription in mine])
    options: dict[Want, Weeks] = {}
    return [
        _Movable(
            playbook,
            subscription,
            subject,
            Piece(_options(playbook, share, window, options), share.want.phase),
        )
        for share, subject, subscription in mine
        if subscription not in touched
    ]


def _touched(subscriptions: list[int]) -> set[int]:
    moved = Moment.objects.filter(subscription__in=subscriptions).exclude(touched_at=None)
    return set(moved.values_list("subscription_id", flat=True))


def _options(playbook: Playbook, share: Share, window: Window, known: dict[Want, Weeks]) -> Weeks:
    """Hours by week for each phase; the same for all that differ in their phase alone."""
    plain = replace(share.want, phase=0)
    if plain not in known:
        ways = (replace(plain, phase=phase) for phase in range(playbook.cadence.spread + 1))
        known[plain] = np.array([_minutes(playbook, way, window) / 60 for way in ways])
    return known[plain]


def _minutes(playbook: Playbook, want: Want, window: Window) -> Weeks:
    """Of channel managers, by week of the window."""
    mondays = window.weeks
    weeks = np.zeros(len(mondays))
    minutes = [
        step.minutes if step.by == "channel_manager" and not step.is_by_machine else 0
        for step in playbook.steps
    ]
    for moment in moments_of(playbook, want, window):
        for spent, due in zip(minutes, moment.step_dues, strict=True):
            day = due.astimezone(want.setting.zone).date()
            if spent and window.from_on <= day < window.until_on:
                weeks[(day - mondays[0]).days // 7] += spent
    return weeks
