"""A window of the channel reckoned as if it were lived: as it runs today, and with one routine started or changed.

Gathers rows, asks the laws, and writes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from drumbeat.apps.people.queries import vendor as the_vendor
from drumbeat.apps.routines.bridge import playbook_of
from drumbeat.apps.routines.models import Override, Routine
from drumbeat.apps.routines.queries.combinations import Want
from drumbeat.apps.routines.queries.shares import Share, shares_if_started, shares_of
from drumbeat.core.arrays import date_of
from drumbeat.core.capacity import hours_by_week
from drumbeat.core.conflicts import Meetings, clashes, meetings_in, out_of_hours, seats_in
from drumbeat.core.fatigue import Tired, fatigue
from drumbeat.core.massplanning import dues_of
from drumbeat.core.months import months_later
from drumbeat.core.planning import Setting, Wanted, wanted_moments
from drumbeat.core.playbook import Routine as Playbook
from drumbeat.core.playbook.model import rough_minutes
from drumbeat.core.refusal import insist
from drumbeat.core.simulation import Course, Forecast, Played, Window, forecast
from drumbeat.workflows.castlist import Cast, cast_of
from drumbeat.workflows.playing import apart_of, other_people, parts_of
from drumbeat.workflows.previewing import subjects_of

A_DAY = 1440
LONGEST = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Collision:
    """A rule date of a routine that is a holiday: where it moves (None: it is left out), and for how many subjects."""

    routine: int
    calendar: str
    holiday: date
    to: date | None
    subjects: int


@dataclass(frozen=True, slots=True)
class Side:
    """The window on one side of the comparison. Conflicts are pairs of places among the meetings."""

    played: tuple[Played, ...]
    forecast: Forecast
    tired: list[Tired]
    collisions: list[Collision]
    meetings: Meetings
    manager_clashes: list[tuple[int, int]]
    contact_clashes: list[tuple[int, int]]
    out_of_hours: list[int]


@dataclass(frozen=True, slots=True)
class Simulation:
    """`routines` are keys and titles by number. `then` is None when nothing is to change. Capacity is hours for planned
    work, managers x weeks."""

    window: Window
    cast: Cast
    routines: list[tuple[str, str]]
    capacity: list[list[float]]
    now: Side
    then: Side | None
    changed: int | None


def simulate(change: Playbook | None, *, from_on: date, until_on: date, at: datetime) -> Simulation:
    """All live routines in the window, and beside them the same with `change` in its routine's place, or added."""
    insist(from_on < until_on, "The window ends before it begins", "Let the end come after the first day")
    insist(until_on - from_on <= LONGEST, "The window is longer than 400 days", "Ask for a year at most")
    insist(
        change is None or not change.trigger,
        "What events open can't be foreseen",
        "Choose a routine with a cadence",
    )
    window, cast = Window(from_on, until_on), cast_of(max(from_on, at.date()))
    live = live_routines()
    texts = {routine.key: playbook_of(routine.version) for routine in live if routine.version}
    now = {key: _gathered(text, live, window, cast, at) for key, text in texts.items()}
    then = now | {change.key: _gathered(change, live, window, cast, at)} if change else None
    keys = list(then or now)
    titles = {key: text.title for key, text in texts.items()} | ({change.key: change.title} if change else {})
    return Simulation(
        window, cast, [(key, titles[key]) for key in keys],
        [hours_by_week(working, from_on, until_on) for working in cast.workings],
        now=_side([now.get(key, NOTHING) for key in keys], window, cast),
        then=_side([then[key] for key in keys], window, cast) if then else None,
        changed=keys.index(change.key) if change else None,
    )  # fmt: skip


def live_routines() -> list[Routine]:
    """Those that fall due by a cadence."""
    found = Routine.objects.filter(status=Routine.Status.LIVE).select_related("version")
    return [routine for routine in found if routine.version and not playbook_of(routine.version).trigger]


@dataclass(frozen=True, slots=True)
class Gathered:
    played: Played
    rolls: tuple[tuple[str, date, date | None, int], ...] = ()


NOTHING = Gathered(Played((), (), False))


def _gathered(
    playbook: Playbook, live: Sequence[Routine], window: Window, cast: Cast, at: datetime
) -> Gathered:
    shares = shares_in(playbook, live, window, cast, at)
    agreed = other_people(
        (share.subscriptions[0] for share in shares if len(share.subscriptions) == 1), window
    )
    wanted: dict[object, list[Wanted]] = {}
    courses = []
    for share in shares:
        if share.want not in wanted:
            wanted[share.want] = moments_of(playbook, share.want, window)
        others = agreed.get(share.subscriptions[0], ())
        courses.append(_course(playbook, share, wanted[share.want], others, window, cast))
    return Gathered(
        Played(parts_of(playbook, cast), tuple(courses), playbook.is_of_person),
        _rolls(playbook, shares, window),
    )


def shares_in(
    playbook: Playbook, live: Sequence[Routine], window: Window, cast: Cast, at: datetime
) -> list[Share]:
    """Who would be on it: those who are, where the audience stays the same, else those whom it fits now."""
    vendor, on = the_vendor(), max(window.from_on, at.date())
    since = window.from_on - reach_of(playbook)
    running = next((routine for routine in live if routine.key == playbook.key), None)
    if running and running.version and playbook_of(running.version).audience == playbook.audience:
        return shares_of(running, playbook, vendor, on=on, since=since)
    subjects = subjects_of(playbook, at=at, past_audience=False)
    people = {person.pk: person for person in cast.managers}
    managers = {partner: people[person] for partner, person in cast.managed.items() if person in people}
    return shares_if_started(playbook, subjects, managers, vendor, on=window.from_on, since=since)


def reach_of(playbook: Playbook) -> timedelta:
    """How far steps may lie from the rule date, generously: working days as two days each, and a fortnight."""
    steps = max(abs(rough_minutes(step.due)) // A_DAY + 1 for step in playbook.steps)
    return timedelta(days=2 * (abs(playbook.cadence.offset) + playbook.cadence.spread + steps) + 14)


def moments_of(playbook: Playbook, want: Want, window: Window) -> list[Wanted]:
    return wanted_moments(
        playbook, want.setting, phase=want.phase, anchor=want.anchor, since=want.since,
        until=window.until_on + reach_of(playbook), overrides=want.agreed,
    )  # fmt: skip


def _course(
    playbook: Playbook,
    share: Share,
    wanted: list[Wanted],
    agreed: Sequence[Override],
    window: Window,
    cast: Cast,
) -> Course:
    numbers = cast.manager_number if playbook.is_of_person else cast.partner_number
    subjects = cast.numbers_of(share.subjects, numbers)
    known = subjects >= 0
    dues = [[int(due.timestamp()) for due in moment.step_dues] for moment in wanted]
    return Course(
        zone=share.want.setting.zone,
        due_at=np.array([int(moment.due_at.timestamp()) for moment in wanted], np.int64),
        step_dues=np.array(dues, np.int64).reshape(len(wanted), len(playbook.steps)),
        subjects=subjects[known],
        managers=cast.numbers_of(share.managers, cast.manager_number)[known],
        apart=tuple(
            apart_of(one, playbook, int(subject), window, cast)
            for one in agreed
            for subject in subjects[known]
        ),
    )


def _rolls(
    playbook: Playbook, shares: Sequence[Share], window: Window
) -> tuple[tuple[str, date, date | None, int], ...]:
    """Rule dates on holidays: (calendar, holiday, where it rolls, how many subjects)."""
    counts: Counter[tuple[str, date, date | None]] = Counter()
    members: Counter[tuple[Setting, date]] = Counter()
    for share in shares:
        members[share.want.setting, share.want.anchor] += len(share.subjects)
    for (setting, anchor), count in members.items():
        dues = dues_of(
            playbook.cadence,
            setting,
            phases=(0,),
            anchor=anchor,
            since=window.from_on,
            until=window.until_on,
        )
        calendar = setting.calendar
        for nominal, rolled, kept in zip(dues.nominal, dues.rolled, dues.kept[0], strict=True):
            day = date_of(nominal)
            if day in calendar.holidays and day.weekday() not in calendar.weekend:
                counts[calendar.name, day, date_of(rolled) if kept else None] += count
    return tuple((*place, count) for place, count in counts.items())


def _side(gathered: list[Gathered], window: Window, cast: Cast) -> Side:
    played = tuple(one.played for one in gathered)
    found = forecast(played, window, cast.size)
    meetings = meetings_in(played, window)
    with_partner = np.array([not one.of_person for one in played] or [True])[meetings.routine]
    outside = np.zeros(meetings.size, np.bool_)
    outside[with_partner] = out_of_hours(
        meetings.only(with_partner), window, *cast.partner_places, cast.manager_places
    )
    collisions = [
        Collision(number, *roll) for number, one in enumerate(gathered) for roll in sorted(one.rolls, key=str)
    ]
    return Side(
        played=played,
        forecast=found,
        tired=fatigue(found.mails, window),
        collisions=sorted(collisions, key=lambda one: (one.holiday, one.routine, one.calendar)),
        meetings=meetings,
        manager_clashes=clashes(meetings.manager, meetings.begins, meetings.ends),
        contact_clashes=_contact_clashes(played, meetings, window),
        out_of_hours=[int(n) for n in np.flatnonzero(outside)],
    )


def _contact_clashes(played: Sequence[Played], meetings: Meetings, window: Window) -> list[tuple[int, int]]:
    """Pairs of meetings that want the same contact at once, whoever leads them."""
    place, contact = seats_in(played, window)
    pairs = clashes(contact, meetings.begins[place], meetings.ends[place])
    return sorted({(int(place[one]), int(place[other])) for one, other in pairs})


def played_live(window: Window, cast: Cast, at: datetime) -> list[Played]:
    """The live routines alone."""
    live = live_routines()
    return [
        _gathered(playbook_of(routine.version), live, window, cast, at).played
        for routine in live
        if routine.version
    ]


def quarter_after(on: date) -> tuple[date, date]:
    """The next calendar quarter."""
    begin = months_later(date(on.year, (on.month - 1) // 3 * 3 + 1, 1), 3)
    return begin, months_later(begin, 3)
