"""Writes routines as text: single values so that they are read back as they were, and a whole routine in the house's order.

What a value means it does not know; texts that people wrote are changed in `editing`, not written anew.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Any, TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from drumbeat.core.playbook.keys import KEYS, keys_of_step
from drumbeat.core.playbook.model import Pause, Routine, Step

Value: TypeAlias = str | Sequence[str]
Tree: TypeAlias = Mapping[str, Any]  # of values, and of trees below keys

# Keys that a value keeps under another name, and numbers that carry a unit.
NAMES = {"routine": "key", "trigger.event": "events", "steps.step": "key", "steps.wait": "waits"}
MEASURED = {"review_every": "{}mo", "cadence.offset": "{:+d}bd", "cadence.spread": "{}bd"}
INDENT = "  "


def write_routine(routine: Routine) -> str:
    """The text of a routine, anew: reading it gives the same routine. Comments of the text it came from are not in it."""
    tree = _tree(routine, "", KEYS[""])
    tree["steps"] = [_tree(step, "steps", keys_of_step(step.kind)) for step in routine.steps]
    for step, told in zip(routine.steps, tree["steps"], strict=True):
        if step.by == routine.owner or step.kind == "approval":
            told.pop("by", None)
    if routine.trigger:
        del tree["cadence"]
        tree["trigger"] |= _exit(routine)
    return write_tree(tree)


def _tree(value: Any, path: str, keys: Sequence[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    known = {field.name: field for field in fields(value)}
    for key in keys:
        place = f"{path}.{key}" if path else key
        field = known.get(NAMES.get(place, key))
        if field is None or key == "steps":
            continue
        told = getattr(value, field.name)
        if not _is_absent(told, field, value):
            found[key] = _told(told, place)
    return found


def _is_absent(told: Any, field: "Field[Any]", owner: Any) -> bool:
    """What a text leaves out: nothing, and what a step has when nothing is written."""
    if told is None or told == ():
        return True
    may_be_left_out = isinstance(owner, Step) or is_dataclass(told)
    return may_be_left_out and field.default is not MISSING and told == field.default


def _told(value: Any, place: str) -> Any:
    if place in MEASURED:
        return MEASURED[place].format(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return [_told(one, f"{place}[]") for one in value]
    if isinstance(value, Pause):
        return _days(value)
    if is_dataclass(value) and place in KEYS:
        return _tree(value, place, KEYS[place])
    if isinstance(value, dt.time):
        return f"{value:%H:%M}"
    return str(value)


def _days(pause: Pause) -> str:
    ends = [f"{day:%m-%d}" if pause.yearly else day.isoformat() for day in (pause.first, pause.last)]
    return ends[0] if ends[0] == ends[1] and not pause.yearly else "..".join(ends)


def _exit(routine: Routine) -> dict[str, Any]:
    """A trigger's exit is events or a rule, under one key."""
    assert routine.trigger
    told = list(routine.trigger.exits) or routine.trigger.exit_when
    return {"exit": told} if told else {}


def write_tree(tree: Tree, indent: str = "") -> str:
    """Lines of keys and values; lists of trees become items, empty trees are left out."""
    return "".join(_lines(key, value, indent) for key, value in tree.items() if value not in ({}, []))


def _lines(key: str, value: Any, indent: str) -> str:
    if isinstance(value, Mapping):
        return f"{indent}{key}:\n{write_tree(value, indent + INDENT)}"
    if isinstance(value, list) and value and isinstance(value[0], Mapping):
        return f"{indent}{key}:\n" + "".join(write_item(item, indent + INDENT) for item in value)
    return f"{indent}{key}: {write_value(value)}\n"


def write_item(tree: Tree, indent: str) -> str:
    """One item of a list of trees: a dash before its first line."""
    lines = write_tree(tree, indent + INDENT)
    return f"{indent}- {lines[len(indent) + len(INDENT) :]}"


def write_value(value: Value, *, in_flow: bool = False) -> str:
    """A text, quoted only where YAML asks for it, or a list in one line."""
    if isinstance(value, str):
        return _scalar(value, in_flow=in_flow)
    return f"[{', '.join(_scalar(one, in_flow=True) for one in value)}]"


def _scalar(text: str, *, in_flow: bool) -> str:
    if text.isprintable() and _reads_as(text, f"[{text}]" if in_flow else f"key: {text}"):
        return text
    return f'"{"".join(map(_escaped, text))}"'


def _reads_as(text: str, written: str) -> bool:
    """Is it one plain scalar that says this and no more?"""
    try:
        node = YAML(typ="rt", pure=True).compose(written)
    except YAMLError:
        return False
    if len(node.value) != 1:
        return False
    inner = node.value[0] if node.id == "sequence" else node.value[0][1]
    is_plain = inner.id == "scalar" and inner.style is None and not inner.anchor and inner.comment is None
    return is_plain and inner.value == text and inner.end_mark.index - inner.start_mark.index == len(text) > 0


def _escaped(sign: str) -> str:
    if sign in '"\\':
        return f"\\{sign}"
    if sign == "\n":
        return "\\n"
    if sign.isprintable():
        return sign
    return f"\\u{ord(sign):04x}" if ord(sign) < 0x10000 else f"\\U{ord(sign):08x}"
