"""A playbook in words: when it falls due, whom it is for, and when each step runs."""

from __future__ import annotations

from drumbeat.core.cadences import read_source
from drumbeat.core.playbook import Routine as Playbook
from drumbeat.core.playbook.model import Offset

from . import times

ROLLS = {
    "following": "moved to the next working day",
    "modified_following": "moved to the next working day inside the month",
    "preceding": "moved to the working day before",
    "modified_preceding": "moved to the working day before inside the month",
    "nearest": "moved to the nearest working day",
    "skip": "left out where that is no working day",
    "none": "on that very day",
}
UNITS = {"bd": "working day", "bh": "business hour", "d": "day", "w": "week", "h": "hour", "min": "minute"}
ANCHORS = {"opened": "after opening", "period_end": "from the end of the period"}


def cadence_words(playbook: Playbook) -> str:
    """The rule as a sentence: on day 1 of every month, moved to …, then 4 working days on, at 15:00 …"""
    cadence = playbook.cadence
    parts = [read_source(cadence.rule).words(), ROLLS[cadence.roll]]
    if cadence.offset:
        parts.append(f"{counted(abs(cadence.offset), 'bd')} {'later' if cadence.offset > 0 else 'earlier'}")
    parts.append(f"at {cadence.at:%H:%M} {zone_words(cadence.zone)}")
    if cadence.spread:
        parts.append(f"spread over {counted(cadence.spread, 'bd')}")
    return ", ".join(parts)


def zone_words(zone: str) -> str:
    return (
        f"in the {zone}’s zone" if zone in ("partner", "manager", "vendor") else f"in {times.zone_city(zone)}"
    )


def offset_words(offset: Offset) -> str:
    """When a step is due: −3 working days, due, +1 day after opening."""
    if offset.anchor == "due":
        where = "" if offset.amount else "due"
    else:
        where = ANCHORS.get(offset.anchor) or _anchor_words(offset)
    amount = (
        f"{'+' if offset.amount > 0 else '−'}{counted(abs(offset.amount), offset.unit)}"
        if offset.amount
        else ""
    )
    clock = f"at {offset.at:%H:%M}" if offset.at else ""
    return " ".join(part for part in (amount, where, clock) if part)


def _anchor_words(offset: Offset) -> str:
    """After a step, or from a day that an event told."""
    head, _, field = offset.anchor.partition(".")
    if head == "step":
        return f"after {field}"
    side = "from" if offset.amount > 0 else "before" if offset.amount < 0 else "on"
    return f"{side} {field.replace('_', ' ')}"


def offset_sentence(offset: Offset) -> str:
    """The same for a writer: 20 working days before, when due, 1 day after opening, at 09:00."""
    anchor = {"due": "", "opened": "its opening", "period_end": "the period’s end"}.get(
        offset.anchor, offset.anchor.removeprefix("step.").replace(".", ", ").replace("_", " ")
    )
    if not offset.amount:
        where = f"with {anchor}" if anchor else "when due"
    else:
        where = f"{counted(abs(offset.amount), offset.unit)} {'after' if offset.amount > 0 else 'before'} {anchor}"
    return where.rstrip() + (f", at {offset.at:%H:%M}" if offset.at else "")


def counted(amount: int, unit: str) -> str:
    """5 working days, 1 hour."""
    name = UNITS[unit]
    return f"{amount} {name}" if amount == 1 else f"{amount} {name}s"


def own_minutes(playbook: Playbook) -> int:
    """What one occurrence costs the vendor's people."""
    return sum(step.minutes for step in playbook.steps if step.side == "vendor" and not step.is_by_machine)
