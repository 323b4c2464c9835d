"""How people are: the reliable, the slipping and the neglectful, and partners who answer or do not.

Shares are those of a believable channel, assumed; the year's days are told by the caller.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from .cast import MARA, NORA, TOMAS
from .chance import Chance
from .duties import Duty
from .firms import FAR

MONTH = 30.4


@dataclass(frozen=True, slots=True)
class Temper:
    """Probability of on time; of the rest, the share that is done late and not never; its typical lateness in hours."""

    on_time: float
    late_share: float
    hours_late: float


@dataclass(frozen=True, slots=True)
class Answering:
    """Of a partner: files in time and missing, the share of asks answered, meetings stayed away from."""

    in_time: float
    missing: float
    answers: float
    stays_away: float


@dataclass(frozen=True, slots=True)
class Leave:
    """Days away, half-open, after the first day of the year; `cared` is the share of promises moved before."""

    person: str
    after: int
    days: int
    cared: float

    def around(self, first: date) -> tuple[date, date]:
        begin = first + timedelta(days=self.after)
        begin += timedelta(days=-begin.weekday() % 7)
        return begin, begin + timedelta(days=self.days)


GOOD = Temper(0.945, 0.85, 3.0)
TEAM = Temper(0.97, 0.9, 4.0)
NEAR = Temper(0.93, 0.75, 5.0)
NEGLECTED = Temper(0.84, 0.45, 20.0)
# Months after the start in which the slipping one begins to slip, and the rate at the end of the year.
SLIPPING = {"minutes": (3, 0.50), "desk": (4, 0.70), "meeting": (6, 0.70)}
BEST, YEAR = 0.975, 12.0

ANSWERING = (
    Answering(0.9, 0.02, 0.9, 0.02),
    Answering(0.7, 0.06, 0.7, 0.05),
    Answering(0.42, 0.2, 0.4, 0.12),
)
LEAVES = (Leave(MARA.email, 170, 14, 0.95), Leave(NORA.email, 262, 14, 0.4))
RUN = timedelta(days=24)
IN_A_RUN = 0.30


def temper_of(duty: Duty, first: date) -> Temper:
    if duty.assignee == TOMAS.email:
        return _slipping(duty, (duty.nominal_on - first).days / MONTH)
    if duty.assignee == NORA.email:
        return NEGLECTED if duty.territory in FAR else NEAR
    return GOOD if duty.assignee else TEAM


def _slipping(duty: Duty, month: float) -> Temper:
    begins, ends = SLIPPING[_sort_of_work(duty)]
    gone = min(1.0, max(0.0, (month - begins) / (YEAR - begins)))
    return Temper(BEST - (BEST - ends) * gone, 0.75, 3 + 25 * gone)


def _sort_of_work(duty: Duty) -> str:
    if duty.follows:
        return "minutes"
    return "meeting" if duty.partner else "desk"


def is_in_a_run(duty: Duty, chance: Chance) -> bool:
    """Neglect comes in runs: for some weeks nothing at all happens with a far partner."""
    stretch = duty.nominal_on.toordinal() // RUN.days
    is_neglected = duty.assignee == NORA.email and duty.territory in FAR
    return is_neglected and chance.happens(IN_A_RUN, "run", duty.partner, stretch)


def answering_of(partner: str, territory: str, chance: Chance) -> Answering:
    """Who is neglected answers less."""
    shares = (0.40, 0.75) if territory in FAR else (0.62, 0.90)
    luck = chance.of("answering", partner).uniform(0, 1)
    return ANSWERING[sum(luck > share for share in shares)]


def leave_on(person: str | None, day: date, first: date) -> tuple[Leave, date] | None:
    """The leave that the day falls in, with the day of return."""
    for leave in LEAVES:
        begin, end = leave.around(first)
        if leave.person == person and begin <= day < end:
            return leave, end
    return None
