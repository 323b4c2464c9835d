"""What becomes of each duty: when somebody does it, asks to be released from it, or never does.

Told from the duty's name by chance alone, so the same duty has the same fate in every life of the demo.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from .cast import ZONE
from .chance import Chance
from .duties import Duty
from .tempers import Temper, answering_of, is_in_a_run, leave_on, temper_of

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
OFFICE = (time(8, 15), time(17, 45))
# Of the promises to a partner that a manager keeps himself.
WAIVED, REDATED = 0.04, 0.08


@dataclass(frozen=True, slots=True)
class Deed:
    """`way`: do, waive or redate (asks), decide (the director's answer); `to` is the new due moment asked for."""

    at: datetime
    way: str = "do"
    cause: str = ""
    answer: str = ""
    reason: str = ""
    to: datetime | None = None


def deeds_of(duty: Duty, chance: Chance, first: date) -> list[Deed]:
    """In order of time; none when it is left undone. `first` is the first day of the demo's year."""
    if duty.side == "partner":
        return _answers(duty, chance)
    return _releases(duty, chance, first) or _work(duty, chance, first)


def _answers(duty: Duty, chance: Chance) -> list[Deed]:
    """What a partner's side does and the manager marks. Sales files come by themselves."""
    if duty.key == "file":
        return []
    likely = {"questions": 0.3, "wish": 0.5, "points": 0.8, "agreed": 0.95}.get(duty.key, 1.0)
    luck = chance.of("answer", duty.name)
    answering = answering_of(duty.partner or "", duty.territory or "", chance)
    if luck.uniform(0, 1) > answering.answers * likely:
        return []
    earliest = max(duty.opened_at, duty.due_at - timedelta(hours=60))
    at = earliest + (duty.due_at - earliest) * luck.uniform(0.2, 1)
    return [Deed(_office(at, duty.zone), answer="answered")]


def _releases(duty: Duty, chance: Chance, first: date) -> list[Deed]:
    """Some promises are moved or waived before they fall due; those of a leave by whom keeps the calendar."""
    if not (duty.keeps and duty.assignee):
        return []
    luck = chance.of("release", duty.name)
    leave = leave_on(duty.assignee, duty.promised_for.date(), first)
    if leave and luck.uniform(0, 1) < leave[0].cared:
        return _moved_for_leave(duty, leave[1], luck)
    share = luck.uniform(0, 1)
    if leave or duty.partner is None or is_in_a_run(duty, chance) or share > WAIVED + REDATED:
        return []
    if share < WAIVED:
        return _asked(duty, "waive", luck.choice(["no_need", "partner_asked"]), luck)
    to = _office(duty.promised_for + timedelta(days=luck.choice([1, 2, 3])), duty.partner_zone)
    return _asked(duty, "redate", luck.choice(["partner_asked", "partner_asked", "vendor_asked"]), luck, to)


def _moved_for_leave(duty: Duty, back: date, luck: Random) -> list[Deed]:
    if duty.partner is None:
        return _asked(duty, "waive", "holiday", luck)
    return _asked(duty, "redate", "holiday", luck, _morning(back, luck, duty.zone))


def _asked(duty: Duty, way: str, reason: str, luck: Random, to: datetime | None = None) -> list[Deed]:
    """Asked and decided before the promise falls due, else it is too late to ask; then done on the new day."""
    latest = duty.deadline_at if way == "waive" else duty.promised_for
    time_left = latest - duty.opened_at
    asked_at = duty.opened_at + time_left * luck.uniform(0.1, 0.3)
    deeds = [
        Deed(asked_at, way, reason=reason, to=to),
        Deed(asked_at + time_left * luck.uniform(0.2, 0.5), "decide", to=to),
    ]
    return [*deeds, Deed(to + luck.uniform(10, 60) * MINUTE)] if to else deeds


def _work(duty: Duty, chance: Chance, first: date) -> list[Deed]:
    temper = temper_of(duty, first)
    fate = chance.of("fate", duty.name) if duty.follows else chance.of("fate", *duty.occurrence)
    detail = chance.of("detail", duty.name)
    if is_in_a_run(duty, chance) or leave_on(duty.assignee, duty.promised_for.date(), first):
        return _neglected(duty, detail, first)
    if _stays_away(duty, chance):
        return [Deed(duty.due_at + 25 * MINUTE, cause="partner")]
    if fate.uniform(0, 1) < temper.on_time:
        return [Deed(_in_time(duty, detail))]
    if fate.uniform(0, 1) < temper.late_share:
        return _late(duty, temper, detail)
    return [] if duty.keeps or duty.follows else [Deed(_in_time(duty, detail))]


def _stays_away(duty: Duty, chance: Chance) -> bool:
    if duty.kind != "meeting" or duty.partner is None:
        return False
    answering = answering_of(duty.partner, duty.territory or "", chance)
    return chance.happens(answering.stays_away, "away", duty.name)


def _in_time(duty: Duty, luck: Random) -> datetime:
    """Meetings are noted soon after; tasks are done around the hour they are due, in working hours if that fits."""
    if duty.kind == "meeting":
        return max(duty.due_at, duty.opened_at) + luck.uniform(25, 100) * MINUTE
    at = max(duty.due_at + luck.triangular(-2, 1.5, 0) * HOUR, duty.opened_at + luck.uniform(2, 30) * MINUTE)
    decent = _office(at, duty.zone)
    return decent if decent < _latest(duty) else min(at, _latest(duty) - luck.uniform(1, 20) * MINUTE)


def _latest(duty: Duty) -> datetime:
    """Steps that don't keep the promise may take as long as the promise itself."""
    return (
        duty.deadline_at
        if duty.keeps
        else max(duty.deadline_at, duty.due_at + (duty.deadline_at - duty.promised_for))
    )


def _late(duty: Duty, temper: Temper, luck: Random) -> list[Deed]:
    late = luck.lognormvariate(0, 0.8) * temper.hours_late * HOUR
    at = _office(_latest(duty) + late, duty.zone)
    too_late = duty.miss_at if duty.keeps else at + HOUR
    return [Deed(at)] if at < too_late else [Deed(duty.miss_at - luck.uniform(1, 3) * HOUR)]


def _neglected(duty: Duty, luck: Random, first: date) -> list[Deed]:
    """Left until the leave is over, if that is not too late; in a run of neglect mostly never."""
    leave = leave_on(duty.assignee, duty.promised_for.date(), first)
    if leave:
        at = _morning(leave[1], luck, duty.zone)
        return [Deed(at)] if at < duty.miss_at else []
    return [Deed(duty.miss_at - luck.uniform(1, 8) * HOUR)] if luck.uniform(0, 1) < 0.15 else []


def _morning(day: date, luck: Random, zone: str | None) -> datetime:
    """A working hour of one of the next days."""
    day += timedelta(days=luck.choice([0, 0, 1, 1, 2]))
    start = datetime.combine(day, time(9), tzinfo=ZoneInfo(zone or ZONE))
    return _office(start + luck.uniform(0, 6) * HOUR, zone)


def _office(at: datetime, zone: str | None) -> datetime:
    """The moment itself in working hours, else the next morning of work."""
    local = at.astimezone(ZoneInfo(zone or ZONE))
    begins, ends = OFFICE
    if local.time() > ends:
        local = datetime.combine(local.date() + timedelta(days=1), begins, tzinfo=local.tzinfo)
    elif local.time() < begins:
        local = datetime.combine(local.date(), begins, tzinfo=local.tzinfo)
    if local.weekday() > 4:
        local += timedelta(days=7 - local.weekday())
    return local.astimezone(at.tzinfo)
