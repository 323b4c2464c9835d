"""The next so many moments of a routine, however far apart: planning asked for wider and wider windows."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from drumbeat.core.overriding import Override
from drumbeat.core.planning import Setting, Wanted, is_anchored, wanted_moments
from drumbeat.core.playbook import Routine

# Offsets and spreads may carry a due day this far from its rule date.
MARGIN = timedelta(days=100)
HORIZONS = (timedelta(days=366), timedelta(days=4 * 366), timedelta(days=20 * 366))
# What does not count from a first day was always there.
EPOCH = date(2000, 1, 1)


def next_moments(
    routine: Routine,
    setting: Setting,
    *,
    phase: int,
    anchor: date,
    at: datetime,
    count: int,
    overrides: tuple[Override, ...] = (),
) -> list[Wanted]:
    """Due at or after `at` in order of rule dates; fewer than `count` when twenty years don't hold so many."""
    anchor = anchor if is_anchored(routine.cadence.rule) else EPOCH
    found: list[Wanted] = []
    for horizon in HORIZONS:
        window = {"since": at.date() - MARGIN, "until": at.date() + horizon}
        moments = wanted_moments(routine, setting, phase=phase, anchor=anchor, **window, overrides=overrides)
        found = [moment for moment in moments if moment.due_at >= at]
        if len(found) >= count:
            break
    return found[:count]
