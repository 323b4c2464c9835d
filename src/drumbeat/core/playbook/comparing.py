"""What differs between two versions of a routine, in words and line by line."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from drumbeat.core.playbook.editing import values_of
from drumbeat.core.playbook.fields import field_of
from drumbeat.core.playbook.filling import steps_of


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: `what` it is about, and what was written before and after; empty where nothing was."""

    what: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.what}: {self.before or 'nothing'} → {self.after or 'nothing'}"


@dataclass(frozen=True, slots=True)
class DiffLine:
    """A line of two texts: kept, added or taken away, with its number in each where it has one."""

    kind: Literal["kept", "added", "taken"]
    text: str
    before: int | None
    after: int | None


def changes_between(old: str, new: str) -> list[Change]:
    """What differs in two texts, as a person would tell it: fields first, then steps. Order of keys, comments and style
    don't matter. Raises RoutineErrors when one of the texts is no YAML."""
    before, after = values_of(old), values_of(new)
    return [*_of_map(before, after, ""), *_of_steps(before, after)]


def _of_map(before: Mapping[str, Any], after: Mapping[str, Any], path: str) -> Iterator[Change]:
    for key in (key for key in dict.fromkeys((*before, *after)) if key != "steps"):
        old, new = before.get(key), after.get(key)
        if isinstance(old, dict) or isinstance(new, dict):
            below = f"{path}.{key}" if path else key
            yield from _of_map(_map(old), _map(new), below)
        elif old != new:
            yield Change(_name(path, key), _told(old), _told(new))


def _map(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _name(path: str, key: str) -> str:
    return (
        field_of(path, key).label
        if not path.startswith("cadence")
        else f"When, {field_of(path, key).label.lower()}"
    )


def _told(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dict):
        return "; ".join(f"{key} {_told(inner)}" for key, inner in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _of_steps(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    old, new = ({str(step.get("step")): step for step in steps_of(values)} for values in (before, after))
    for key, step in new.items():
        if key not in old:
            yield Change("New step", "", _step(step))
    for key, step in old.items():
        if key not in new:
            yield Change("Step taken away", _step(step), "")
    for key in (key for key in new if key in old):
        title = new[key].get("title", key)
        for name in (
            name for name in dict.fromkeys((*old[key], *new[key])) if old[key].get(name) != new[key].get(name)
        ):
            label = field_of("step", name).label.lower()
            yield Change(f"Step “{title}”, {label}", _told(old[key].get(name)), _told(new[key].get(name)))
    kept = [[key for key in steps if key in old and key in new] for steps in (old, new)]
    if kept[0] != kept[1]:
        yield Change("Order of steps", _told(kept[0]), _told(kept[1]))


def _step(step: Mapping[str, Any]) -> str:
    return f"{step.get('title', step.get('step', ''))} ({step.get('kind', '')}, due {step.get('due', '0')})"


def compare_lines(old: str, new: str) -> list[DiffLine]:
    """Both texts line by line, the whole of them: what stays, what goes and what comes."""
    before, after = old.splitlines(), new.splitlines()
    found: list[DiffLine] = []
    for word, b1, b2, a1, a2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if word == "equal":
            found += [DiffLine("kept", before[b], b + 1, a1 + b - b1 + 1) for b in range(b1, b2)]
            continue
        found += [DiffLine("taken", before[b], b + 1, None) for b in range(b1, b2)]
        found += [DiffLine("added", after[a], None, a + 1) for a in range(a1, a2)]
    return found
