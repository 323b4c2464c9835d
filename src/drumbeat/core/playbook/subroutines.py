"""Judges the routines that a routine opens: there must be such, opened by events, and none may lead back to it."""

from collections.abc import Callable, Iterable

from drumbeat.core.playbook.model import Routine, Step
from drumbeat.core.playbook.problems import Problem, nearest

Find = Callable[[str], Routine | None]


def check_subroutines(routine: Routine, find: Find, known: Iterable[str], source: str = "") -> list[Problem]:
    """`find` gives the routine of a key as it stands, None where there is none; `known` are all keys."""
    return [
        Problem(source, _line_of(step, routine.text), f"steps.{step.key}.routine", *wrong)
        for step in routine.steps
        if step.routine and (wrong := _wrong(routine, step.routine, find, known))
    ]


def _wrong(routine: Routine, key: str, find: Find, known: Iterable[str]) -> tuple[str, str] | None:
    child = routine if key == routine.key else find(key)
    if child is None:
        return f"there is no routine {key!r}", nearest(key, sorted(known))
    if child.trigger is None:
        return f"{key} has a cadence, so nothing can open it", "name a routine with a trigger"
    if way := _way_back(routine, key, find):
        return f"leads back to itself: {' → '.join(way)}", "take one of these steps out"
    if child.is_of_person != routine.is_of_person:
        return f"{key} belongs to another side of the house", "name a routine of the same kind of subject"
    return None


def _way_back(routine: Routine, key: str, find: Find) -> list[str]:
    """The routines from this one through `key` to this one again; empty when there is no such way."""
    ways, seen = [[routine.key, key]], {key}
    while ways:
        way = ways.pop()
        if way[-1] == routine.key:
            return way
        child = find(way[-1])
        for step in child.steps if child else ():
            if step.routine and step.routine not in seen:
                seen.add(step.routine)
                ways.append([*way, step.routine])
    return []


def _line_of(step: Step, text: str) -> int:
    """The line that names the routine, else the first."""
    lines = enumerate(text.splitlines(), 1)
    return next((number for number, line in lines if f"routine: {step.routine}" in line and number > 1), 1)
