"""Response clocks: business-time stopwatches of one request, run by one side at a time, in that side's own hours.

Nothing is stored of a clock: it is reckoned from its turns each time, so that a changed calendar changes what is open.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from drumbeat.core.worktime import WorkingHours, add_working_time, working_time_between


@dataclass(frozen=True, slots=True)
class Turn:
    """From `at` (aware) on the clock of `side` runs: whoever it is that has to act. None stops the clock for good."""

    at: datetime
    side: str | None


@dataclass(frozen=True, slots=True)
class Reading:
    """One side's clock as of a moment: working time `used` so far, and when the allowance ends if nobody acts.

    `due_at` is None while the other side has its turn, unless the allowance was used up before.
    """

    used: timedelta
    allowance: timedelta
    due_at: datetime | None
    is_running: bool
    stopped_at: datetime | None

    @property
    def share(self) -> float:
        """The part of the allowance that is used; 1.0 and more is a breach."""
        return self.used / self.allowance if self.allowance else 1.0

    @property
    def is_breached(self) -> bool:
        return self.used > self.allowance


def read_clock(
    turns: Sequence[Turn], side: str, allowance: timedelta, hours: Mapping[str, WorkingHours], *, at: datetime
) -> Reading:
    """The clock of one side at a moment. `turns` are in order of time; `hours` are those of each side.

    Raises ValueError where a turn lies before the one that it follows.
    """
    if any(later.at < earlier.at for earlier, later in pairwise(turns)):
        raise ValueError(
            "The turns of a clock are told in the order in which they came: sort them by moment."
        )
    used, due_at = timedelta(), None
    for turn, end in _spans(turns, at):
        if turn.side != side:
            continue
        spent = working_time_between(turn.at, end, hours[side])
        if due_at is None and (used + spent > allowance or end == at):
            due_at = add_working_time(turn.at, allowance - used, hours[side])
        used += spent
    past = [turn for turn in turns if turn.at <= at]
    last = past[-1] if past else None
    is_running = last is not None and last.side == side
    stopped_at = last.at if last is not None and last.side is None else None
    return Reading(
        used, allowance, due_at if is_running or used > allowance else None, is_running, stopped_at
    )


def due_after_rest(
    due_at: datetime, rested_at: datetime, resumed_at: datetime, hours: WorkingHours
) -> datetime:
    """When a clock is due (UTC) that rested in between: the working time that was left is left still.

    What was due before it rested stays; so does everything when the clocks of two machines tell the turns in disorder.
    """
    if due_at <= rested_at or resumed_at <= rested_at:
        return due_at
    return add_working_time(resumed_at, working_time_between(rested_at, due_at, hours), hours)


def _spans(turns: Sequence[Turn], at: datetime) -> list[tuple[Turn, datetime]]:
    """Each turn that has begun by `at`, with its end."""
    ends = [turn.at for turn in turns[1:]] + [at]
    return [(turn, min(end, at)) for turn, end in zip(turns, ends, strict=True) if turn.at <= at]
