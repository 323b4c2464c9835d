"""Capacity as tables, the same for page, command line and files. It reckons nothing."""

from __future__ import annotations

from drumbeat.interfaces.kit.tabletexts import Line, Table
from drumbeat.workflows.balancing import Holding, Holdings

TIERS = ("platinum", "gold", "silver", "registered", "none")
COLUMNS = (
    "Manager", "Working hours", "For planned work", "Own routines", "Partners now", *map(str.capitalize, TIERS),
    "Needed in all", "Partners that fit",
)  # fmt: skip


def tables_of(held: Holdings) -> list[Table]:
    """Hours of a year; how many fit is empty where partners need no time."""
    lines = [Line(_cells(one.person.name, one)) for one in held.managers if one.person]
    needs = [Line((tier, round(held.needs[tier], 2))) for tier in TIERS if tier in held.needs]
    mean = [Line(_cells("One of them on average", held.everybody))] if lines else []
    return [
        Table("needs", "What a partner needs", ("Tier", "Hours a partner and year"), needs),
        Table("managers", "Channel managers", COLUMNS, lines),
        Table("everybody", "All together", COLUMNS, mean),
    ]


def _cells(name: str, one: Holding) -> tuple[str | int | float | None, ...]:
    hours = (one.hours, one.fit.plannable, one.fit.fixed)
    return (
        name,
        *(round(value) for value in hours),
        one.partners.total(),
        *(one.partners[tier] for tier in TIERS),
        needed_hours(one),
        one.fit.partners,
    )


def needed_hours(one: Holding) -> int | None:
    """Of a manager's year, for his own routines and the partners he has; nothing for all together."""
    return round(one.fit.fixed + one.fit.a_partner * one.partners.total()) if one.person else None
