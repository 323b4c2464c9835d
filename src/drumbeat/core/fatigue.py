"""Contacts who would get too many mails: in a day, in a week, in thirty days. It knows counts, not what is written."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from drumbeat.core.arrays import Ints
from drumbeat.core.mailcaps import CAPS, Caps
from drumbeat.core.simulation import Window


@dataclass(frozen=True, slots=True)
class Tired:
    """A contact above a cap: the most mails in one day, in one week from Monday, and in 30 days on end."""

    contact: int
    a_day: int
    a_week: int
    in_30_days: int
    total: int


def fatigue(mails: NDArray[np.uint8], window: Window, caps: Caps = CAPS) -> list[Tired]:
    """Contacts above a cap, those with most mails in a week first."""
    if not mails.size:
        return []
    a_day = mails.max(axis=1)
    a_week, total = mails_a_week(mails, window).max(axis=1), mails.sum(axis=1, dtype=np.int64)
    above = (a_day > caps.a_day) | (a_week > caps.a_week) | (total > caps.in_30_days)
    sums = np.cumsum(mails[above], axis=1, dtype=np.int64)
    in_30 = np.max(sums - np.pad(sums, ((0, 0), (30, 0)))[:, : sums.shape[1]], axis=1)
    places = np.flatnonzero(above)
    found = [
        Tired(int(n), int(a_day[n]), int(a_week[n]), int(most), int(total[n]))
        for n, most in zip(places, in_30, strict=True)
        if a_day[n] > caps.a_day or a_week[n] > caps.a_week or most > caps.in_30_days
    ]
    return sorted(found, key=lambda one: (-one.a_week, -one.in_30_days, one.contact))


def mails_a_week(mails: NDArray[np.uint8], window: Window) -> Ints:
    """contacts x weeks."""
    week = window.week_of(np.arange(window.first, window.first + window.length))
    starts = np.searchsorted(week, np.arange(len(window.weeks)))
    return np.add.reduceat(mails, starts, axis=1, dtype=np.int64)
