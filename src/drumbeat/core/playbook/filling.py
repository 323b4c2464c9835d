"""Carries what a person filled in over into the text: only what differs is changed, and names follow when a step is renamed."""

from collections.abc import Mapping, Sequence
from typing import Any

from drumbeat.core.playbook.editing import Path, values_of, with_value
from drumbeat.core.playbook.fields import Field, head_groups, step_fields
from drumbeat.core.playbook.keys import keys_of_step
from drumbeat.core.playbook.writing import Value

Filled = Mapping[str, Value]


def filled(text: str, values: Filled) -> str:
    """The text after a form with these values by name (`cadence.rule`, `steps.2.title`); a name that is absent is left as
    it is, an empty value takes its key away. Raises RoutineErrors when the text is no YAML."""
    now = values_of(text)
    for path, field in fields_of(text):
        name = name_of(path)
        if name in values and _fits(now, path):
            changed = _with_field(text, now, path, field, values[name])
            if changed != text:
                text, now = changed, values_of(changed)
    return text


def _fits(now: Mapping[str, Any], path: Path) -> bool:
    """A step that has just become another kind has no place for the fields of the old one."""
    kind = value_at(now, (*path[:2], "kind")) if path[0] == "steps" else ""
    return path[0] != "steps" or path[2] in keys_of_step(str(kind))


def fields_of(text: str) -> list[tuple[Path, Field]]:
    """Every field that the text has a place for, in the order of a form."""
    values = values_of(text)
    head = [
        ((*filter(None, group.path.split(".")), field.key), field)
        for group in head_groups(is_triggered="trigger" in values)
        for field in group.fields
    ]
    return head + [
        (("steps", at, *field.path), field)
        for at, step in enumerate(steps_of(values))
        for field in step_fields(str(step.get("kind", "")))
    ]


def name_of(path: Path) -> str:
    return ".".join(map(str, path))


def steps_of(values: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The steps as maps; what is no map is as if it were empty."""
    steps = values.get("steps", [])
    return [step if isinstance(step, dict) else {} for step in steps] if isinstance(steps, list) else []


def value_at(values: Any, path: Path) -> Any:
    """What stands at a path; None when nothing does."""
    for word in path:
        if isinstance(word, int):
            values = values[word] if isinstance(values, list) and word < len(values) else None
        else:
            values = values.get(word) if isinstance(values, dict) else None
    return values


def _with_field(text: str, now: Mapping[str, Any], path: Path, field: Field, value: Value) -> str:
    told = _told(field, value)
    before = value_at(now, path)
    if is_nested(before) or _same(before, told):
        return text
    if path[0] == "steps" and field.key == "step" and isinstance(before, str) and isinstance(told, str):
        text = _renamed(text, before, told)
    text = with_value(text, path, told)
    if path[0] == "steps" and field.key == "kind":
        text = _without_foreign_keys(text, path)
    return text


def _told(field: Field, value: Value) -> Value | None:
    """A flag that is not set is absent, as what is empty."""
    if isinstance(value, str):
        value = value.strip()
        return None if not value or (field.look == "flag" and value == "false") else value
    return [one for one in value if one] or None


def _same(before: Any, told: Value | None) -> bool:
    """A single value and a list of it say the same."""
    if before in (None, "", []):
        return told is None
    listed = [[one] if isinstance(one, str) else list(one or ()) for one in (before, told)]
    return listed[0] == listed[1]


def is_nested(value: Any) -> bool:
    """Whether a value is too deep for a form: maps, or lists of maps."""
    return isinstance(value, dict) or (
        isinstance(value, list) and any(not isinstance(one, str) for one in value)
    )


def _without_foreign_keys(text: str, path: Path) -> str:
    at = path[1]
    step = value_at(values_of(text), ("steps", at))
    for key in set(step).difference(keys_of_step(str(step.get("kind", "")))):
        text = with_value(text, ("steps", at, key), None)
    return text


def _renamed(text: str, old: str, new: str) -> str:
    """Every place that names a step by its key follows."""
    values = values_of(text)
    if value_at(values, ("promise", "kept_by")) == old:
        text = with_value(text, ("promise", "kept_by"), new)
    for at, step in enumerate(steps_of(values)):
        for key, value in step.items():
            followed = _followed(key, value, old, new)
            if followed != value:
                text = with_value(text, ("steps", at, key), followed)
    return text


def _followed(key: str, value: Any, old: str, new: str) -> Any:
    if key in ("needs", "otherwise", "attach") and isinstance(value, list):
        return [new if one == old else one for one in value]
    if key == "due" and isinstance(value, str) and value.startswith(f"step.{old}"):
        rest = value.removeprefix(f"step.{old}")
        return f"step.{new}{rest}" if not rest or rest[0] in "+-@" else value
    return value


def new_step(values: Mapping[str, Any]) -> dict[str, Value]:
    """A step to begin with, under a key that is free."""
    taken = {str(step.get("step", "")) for step in steps_of(values)}
    number = next(n for n in range(len(taken) + 1, 999) if f"step-{n}" not in taken)
    return {"step": f"step-{number}", "kind": "task", "title": "New step", "due": "0"}


def choices(values: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    """Key and title of each step, to name one in another."""
    return [
        (str(step.get("step", "")), str(step.get("title", "")))
        for step in steps_of(values)
        if step.get("step")
    ]


def under_another_name(text: str, key: str, title: str) -> str:
    """A copy under another key and title; everything else is as it was."""
    return with_value(with_value(text, ("routine",), key), ("title",), title)
