"""The moments that a routine wants for one subject: due, opening, grace, miss, and those of its steps.

Due days come from `duedays`. Knows values only: no subscription, no database.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import zip_longest

from drumbeat.core.cadences import read_source
from drumbeat.core.calendars import add_working_days, roll
from drumbeat.core.duedays import DueDay, due_days
from drumbeat.core.duedays import Setting as Setting
from drumbeat.core.overriding import Override, rests_on
from drumbeat.core.playbook import Duration, Offset, Routine, Step
from drumbeat.core.worktime import add_working_time, localize, next_working_moment

MISS_AFTER_AT_MOST = Duration(20, "bd")
MIDNIGHT = time(0)


@dataclass(frozen=True, slots=True)
class Wanted:
    """One due moment. Identity within a subscription is `nominal_on`, the rule's date before any roll.

    All moments are UTC. `step_dues` follows the order of the playbook; `step_deadlines` holds a moment for steps
    with a promise of their own, else None. `why` is the trail that `explain` turns into a sentence.
    """

    nominal_on: date
    opens_at: datetime
    due_at: datetime
    deadline_at: datetime
    miss_at: datetime
    step_dues: tuple[datetime, ...]
    step_deadlines: tuple[datetime | None, ...]
    why: str


def phase_of(routine_key: str, subject_key: str, spread: int) -> int:
    """The fixed shift of one subject in working days, 0 to `spread`: even over subjects, the same for ever."""
    digest = hashlib.sha256(f"{routine_key}:{subject_key}".encode()).digest()
    return int.from_bytes(digest[:8]) % (spread + 1)


def is_anchored(rule_text: str) -> bool:
    """Does the rule need its first day to know the others (every second week, the 15th time, "monthly")?"""
    return bool(rule_text) and read_source(rule_text).is_anchored


def wanted_moments(
    routine: Routine,
    setting: Setting,
    *,
    phase: int,
    anchor: date,
    since: date,
    until: date,
    overrides: tuple[Override, ...] = (),
) -> list[Wanted]:
    """All due moments whose rule date lies in [since, until), paused ones left out, in order.

    `anchor` is the day that the rule counts from (DTSTART). A rule without further dates gives [], a trigger too.
    """
    if routine.trigger:
        return []
    window = {"phase": phase, "anchor": anchor, "since": since, "until": until}
    days = due_days(routine.cadence, setting, **window, overrides=overrides)  # type: ignore[arg-type]
    # A promise is missed at the latest when the next one falls due, so each day is looked at with its follower.
    return [
        _wanted(routine, setting, day, follower.due_at if follower else None, overrides)
        for day, follower in zip_longest(days, days[1:])
        if day.nominal_on < until and not day.is_paused
    ]


@dataclass(frozen=True, slots=True)
class Opening:
    """What opens a triggered occurrence: the event's word, its moment, and the days that its subject is known by, such
    as `deal.protected_until`."""

    event: str
    at: datetime
    dates: Mapping[str, date]


class DateMissing(ValueError):
    """A due moment counts from a day that nobody told; `name` is the field."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"{name} is not known")


def triggered_moment(routine: Routine, setting: Setting, opening: Opening) -> Wanted:
    """The moment that an event opens. What counts in working days or hours counts from the next working moment; a due
    day counted in days that is not worked moves to the next one; a day that was told stays, at the start of work.
    Raises DateMissing."""
    assert routine.due, "a triggered routine has a due"
    anchored = _anchored(routine.due, setting, opening)
    due_at = _Clock(setting).at_offset(anchored, routine.due)
    trail = (
        f"event {opening.event} {opening.at:%Y-%m-%dT%H:%M%z}; due {routine.due} {_local(due_at, setting)}"
    )
    worked_at = _on_worked_day(due_at, routine.due, setting)
    trail += f"; following {_local(worked_at, setting)}" * (worked_at != due_at)
    why = f"{trail}; at {worked_at.astimezone(setting.zone):%H:%M} {setting.zone.key}"
    nominal_on = opening.at.astimezone(setting.zone).date()
    return _wanted(routine, setting, DueDay(nominal_on, worked_at, False, why), None, opening=opening)


def _on_worked_day(moment: datetime, offset: Offset, setting: Setting) -> datetime:
    """What is counted in days from an event lands on a worked day, that one or the next, at the same time."""
    if offset.anchor != "opened" or offset.unit not in ("d", "w") or not offset.amount:
        return moment
    local = moment.astimezone(setting.zone)
    rolled = roll(local.date(), "following", setting.calendar)
    assert rolled, "following always finds a day"
    return moment if rolled == local.date() else localize(rolled, local.time(), setting.zone)


def _anchored(offset: Offset, setting: Setting, opening: Opening) -> datetime:
    """The moment that an offset of a triggered routine counts from, where it is no step and not the due."""
    if offset.anchor == "opened":
        is_working_time = offset.unit in ("bd", "bh") and offset.amount != 0
        return next_working_moment(opening.at, setting.hours) if is_working_time else opening.at
    if offset.anchor not in opening.dates:
        raise DateMissing(offset.anchor)
    return localize(opening.dates[offset.anchor], setting.starts, setting.zone)


def _local(moment: datetime, setting: Setting) -> str:
    return f"{moment.astimezone(setting.zone).date()}"


def moved_moment(
    routine: Routine,
    setting: Setting,
    nominal_on: date,
    due_at: datetime,
    *,
    next_due_at: datetime | None,
    why: str,
) -> Wanted:
    """The moment of that rule date as a person moved it: due then, with its steps, grace and miss told from there."""
    day = DueDay(nominal_on, due_at, is_paused=False, why=why)
    follower = next_due_at if next_due_at and next_due_at > due_at else None
    return _wanted(routine, setting, day, follower)


def _wanted(
    routine: Routine,
    setting: Setting,
    day: DueDay,
    next_due_at: datetime | None,
    overrides: tuple[Override, ...] = (),
    opening: Opening | None = None,
) -> Wanted:
    clock = _Clock(setting)
    deadline_at = clock.later(day.due_at, routine.grace)
    miss_at = max(_miss_at(routine, clock, day, next_due_at), deadline_at)
    dues = _step_dues(routine, setting, day, overrides, opening)
    return Wanted(
        nominal_on=day.nominal_on,
        opens_at=opening.at if opening else _opens_at(setting, dues.values()),
        due_at=day.due_at,
        deadline_at=deadline_at,
        miss_at=miss_at,
        step_dues=tuple(dues[step.key] for step in routine.steps),
        step_deadlines=tuple(
            clock.later(dues[step.key], routine.grace) if step.promised else None for step in routine.steps
        ),
        why=day.why,
    )


def _miss_at(routine: Routine, clock: _Clock, day: DueDay, next_due_at: datetime | None) -> datetime:
    """The routine's own word, else the next due or 20 working days, the earlier."""
    if routine.miss_after:
        return clock.later(day.due_at, routine.miss_after)
    latest = clock.later(day.due_at, MISS_AFTER_AT_MOST)
    return min(latest, next_due_at) if next_due_at else latest


def _step_dues(
    routine: Routine,
    setting: Setting,
    day: DueDay,
    overrides: tuple[Override, ...],
    opening: Opening | None,
) -> dict[str, datetime]:
    """Steps told from others come after those; reading has refused circles."""
    dues: dict[str, datetime] = {}
    waiting = list(routine.steps)
    while waiting:
        ready = [step for step in waiting if _anchor_is_known(step, dues, waiting, opening)]
        for step in ready:
            due_at = _step_due(setting, day, step, dues, opening)
            dues[step.key] = due_at if opening else _before_pause(routine, setting, due_at, overrides)
            waiting.remove(step)
    return dues


def _anchor_is_known(
    step: Step, dues: Mapping[str, datetime], waiting: list[Step], opening: Opening | None
) -> bool:
    anchor = step.due.anchor
    if anchor == "opened" and not opening:
        return all(other.due.anchor == "opened" for other in waiting)
    return not anchor.startswith("step.") or anchor.removeprefix("step.") in dues


def _step_due(
    setting: Setting,
    day: DueDay,
    step: Step,
    dues: Mapping[str, datetime],
    opening: Opening | None,
) -> datetime:
    if opening and step.due.anchor != "due" and not step.due.anchor.startswith("step."):
        moment = _Clock(setting).at_offset(_anchored(step.due, setting, opening), step.due)
        return _on_worked_day(moment, step.due, setting)
    anchors: dict[str, Callable[[], datetime]] = {
        "due": lambda: day.due_at,
        "opened": lambda: _opens_at(setting, dues.values()) if dues else day.due_at,
        "period_end": lambda: localize(day.nominal_on, MIDNIGHT, setting.zone),
    }
    find = anchors.get(step.due.anchor)
    anchored = find() if find else dues[step.due.anchor.removeprefix("step.")]
    return _Clock(setting).at_offset(anchored, step.due)


def _before_pause(
    routine: Routine, setting: Setting, moment: datetime, overrides: tuple[Override, ...]
) -> datetime:
    """A step that falls into a pause or blackout moves to the last working day before it."""
    local = moment.astimezone(setting.zone)
    on = local.date()
    while routine.cadence.rests_on(on) or rests_on(on, overrides):
        on = add_working_days(on, -1, setting.calendar)
    return moment if on == local.date() else localize(on, local.time(), setting.zone)


def _opens_at(setting: Setting, dues: Iterable[datetime]) -> datetime:
    """The beginning of the local day of the earliest step: what is due at ten is on the list at breakfast."""
    return localize(min(dues).astimezone(setting.zone).date(), MIDNIGHT, setting.zone)


def moment_after(moment: datetime, length: Duration, setting: Setting) -> datetime:
    """The instant (UTC) when so much time has passed; `bd` and `bh` run on the setting's calendar."""
    return _Clock(setting).later(moment, length)


@dataclass(frozen=True, slots=True)
class _Clock:
    """Adds lengths of time in the units that a routine may use."""

    setting: Setting

    def at_offset(self, moment: datetime, offset: Offset) -> datetime:
        moved = self.later(moment, Duration(offset.amount, offset.unit))
        if offset.at is None:
            return moved
        return localize(moved.astimezone(self.setting.zone).date(), offset.at, self.setting.zone)

    def later(self, moment: datetime, length: Duration) -> datetime:
        amount = length.amount
        if length.unit == "bh":
            return add_working_time(moment, timedelta(hours=amount), self.setting.hours)
        if length.unit in ("h", "min"):
            return moment + (timedelta(hours=amount) if length.unit == "h" else timedelta(minutes=amount))
        local = moment.astimezone(self.setting.zone)
        if length.unit == "bd":
            on = add_working_days(local.date(), amount, self.setting.calendar)
        else:
            on = local.date() + timedelta(days=amount * (7 if length.unit == "w" else 1))
        return localize(on, local.time(), self.setting.zone)
