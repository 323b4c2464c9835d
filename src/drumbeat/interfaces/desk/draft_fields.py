"""The fields of a draft as a page shows them and as a browser sends them back: lengths and offsets in parts, words with
their choices, each problem at its field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from drumbeat.apps.savedreports.queries import shared_reports
from drumbeat.core.playbook import Problem, grammar
from drumbeat.core.playbook.editing import Path
from drumbeat.core.playbook.fields import Field, head_groups, step_fields, subjects_for
from drumbeat.core.playbook.filling import choices, fields_of, is_nested, name_of, steps_of, value_at
from drumbeat.core.playbook.model import ANCHORS, UNITS, Offset
from drumbeat.core.playbook.problems import Unreadable
from drumbeat.core.playbook.writing import Value
from drumbeat.core.subjects import DATE_FIELDS
from drumbeat.interfaces.kit import playbooks
from drumbeat.interfaces.kit.forms import lines_of
from drumbeat.library import message_templates

from .draft_reminders import reminded, reminder_parts, reminders_sent

# What a step is, when and by whom comes first, its name in the text last; the rest stays in the order of the house.
FIRST, LAST = ("title", "kind", "due", "by", "minutes"), ("step",)
UNIT_WORDS = {unit: f"{playbooks.UNITS[unit]}s" for unit in UNITS}
ANCHOR_WORDS = {"due": "due", "opened": "its opening", "period_end": "the end of the period"}
USUAL = (
    ("FREQ=WEEKLY;BYDAY=TU", "every Tuesday"),
    ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "every second Tuesday"),
    ("FREQ=MONTHLY;BYMONTHDAY=1", "on the 1st of every month"),
    ("FREQ=MONTHLY;BYDAY=1MO", "on the first Monday of every month"),
    ("FREQ=MONTHLY;BYMONTHDAY=-1", "on the last day of every month"),
    ("FREQ=YEARLY;BYMONTH=1,4,7,10;BYMONTHDAY=1", "at the start of every quarter"),
    ("FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=15", "once a year, on 15 January"),
    ("fiscal:month", "every fiscal month"),
    ("fiscal:quarter", "every fiscal quarter"),
    ("every 5bd", "every 5 working days"),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """One field with what it holds; `parts` are those of a length or an offset."""

    name: str
    field: Field
    value: str
    chosen: tuple[str, ...]
    options: Sequence[tuple[str, str]]
    parts: Mapping[str, Any]
    problem: str
    is_nested: bool

    @property
    def id(self) -> str:
        return f"f-{self.name.replace('.', '-')}"

    @property
    def look(self) -> str:
        return "nested" if self.is_nested else self.field.look


def shown_head(values: Mapping[str, Any], problems: Mapping[str, str]) -> list[tuple[str, list[Shown]]]:
    """Groups of fields above the steps, with their titles."""
    return [
        (
            group.title,
            [
                _shown(values, (*filter(None, group.path.split(".")), one.key), one, problems)
                for one in group.fields
            ],
        )
        for group in head_groups(is_triggered="trigger" in values)
    ]


def shown_step(values: Mapping[str, Any], at: int, problems: Mapping[str, str]) -> list[Shown]:
    kind = str(value_at(values, ("steps", at, "kind")) or "")
    fields = {one.key: one for one in step_fields(kind)}
    keys = (*FIRST, *(key for key in fields if key not in FIRST + LAST), *LAST)
    return [_shown(values, ("steps", at, *fields[key].path), fields[key], problems) for key in keys]


def _shown(values: Mapping[str, Any], path: Path, one: Field, problems: Mapping[str, str]) -> Shown:
    name, value = name_of(path), value_at(values, path)
    listed = (
        tuple(value)
        if isinstance(value, list) and not is_nested(value)
        else (value,)
        if isinstance(value, str)
        else ()
    )
    return Shown(
        name=name,
        field=one,
        value=("\n" if one.look in ("lines", "reminders") else ", ").join(listed),
        chosen=listed,
        options=_options(values, path, one, listed),
        parts=_parts(values, one, listed),
        problem=problems.get(name, ""),
        is_nested=is_nested(value),
    )


def _options(
    values: Mapping[str, Any], path: Path, one: Field, chosen: Iterable[str]
) -> list[tuple[str, str]]:
    """What there is to choose from, and what was written although it isn't."""
    if one.look in ("steps", "step"):
        own = value_at(values, (*path[:-1], "step")) if path[0] == "steps" else None
        told = [(key, title or key) for key, title in choices(values) if key != own]
    elif one.look == "template":
        told = [(key, key.replace("-", " ")) for key in sorted(message_templates())]
    elif one.look == "report":
        told = [*((word, word.replace("-", " ")) for word in one.words), *shared_reports().items()]
    elif one.look == "cadence":
        return [*USUAL]
    elif one.look == "reminders":
        return [(word, word.replace("_", " ")) for word in dict.fromkeys([*one.words, *reminded(chosen)])]
    else:
        words = subjects_for(is_triggered="trigger" in values) if path == ("subject",) else one.words
        told = [(word, word.replace("_", " ")) for word in words]
    known = dict(told)
    return told + [(word, word) for word in chosen if word not in known and one.words + tuple(known)]


def _parts(values: Mapping[str, Any], one: Field, listed: Sequence[str]) -> dict[str, Any]:
    text = listed[0] if listed else ""
    if one.look == "length":
        return _length_parts(text)
    if one.look == "reminders":
        return reminder_parts(listed, UNIT_WORDS)
    return _offset_parts(values, text) if one.look == "offset" else {}


def _length_parts(text: str) -> dict[str, Any]:
    try:
        length = grammar.duration(text) if text else None
    except Unreadable:
        return {"raw": text}
    return {
        "amount": "" if length is None else length.amount,
        "unit": length.unit if length else "bd",
        "units": UNIT_WORDS.items(),
    }


def _offset_parts(values: Mapping[str, Any], text: str) -> dict[str, Any]:
    try:
        offset = grammar.offset(text or "0")
    except Unreadable:
        return {"raw": text}
    anchors = [(anchor, ANCHOR_WORDS[anchor]) for anchor in ANCHORS]
    anchors += [(f"step.{key}", f"“{title}”") for key, title in choices(values)]
    if "trigger" in values or offset.anchor in DATE_FIELDS:
        anchors += [(name, name.replace(".", ", ").replace("_", " ")) for name in DATE_FIELDS]
    if offset.anchor not in dict(anchors):
        anchors.append((offset.anchor, offset.anchor))
    return {
        "amount": abs(offset.amount),
        "unit": offset.unit,
        "side": "before" if offset.amount < 0 else "after",
        "anchor": offset.anchor,
        "clock": f"{offset.at:%H:%M}" if offset.at else "",
        "anchors": anchors,
        "units": UNIT_WORDS.items(),
    }


def sent_back(text_values: Mapping[str, Any], text: str, sent: QueryDict) -> dict[str, Value]:
    """What a browser sent, by name of the field; fields that it did not send are left out."""
    told: dict[str, Value] = {}
    for path, one in fields_of(text):
        name = name_of(path)
        value = _sent(name, one, sent)
        if value is not None:
            told[name] = _kept_as_written(value_at(text_values, path), value, one)
    return told


def _sent(name: str, one: Field, sent: QueryDict) -> Value | None:
    if one.look == "reminders" and f"{name}.amount" in sent:
        return reminders_sent(name, sent)
    if f"{name}.amount" in sent:
        return _offset(name, sent) if one.look == "offset" else _length(name, sent)
    if name not in sent:
        return None
    if one.look in ("lines", "reminders"):
        return lines_of(_one(sent, name))
    if one.look == "list":
        return [part.strip() for part in _one(sent, name).split(",") if part.strip()]
    if one.is_list:
        return [word for word in sent.getlist(name) if word]
    if one.look == "flag":
        return "true" if "true" in sent.getlist(name) else ""
    usual = _one(sent, f"{name}.usual") if one.look == "cadence" else ""
    return usual or _one(sent, name).replace("\r\n", "\n").replace("\x00", "")


def _one(sent: QueryDict, name: str) -> str:
    return str(sent.get(name) or "")


def _length(name: str, sent: QueryDict) -> str:
    amount = _one(sent, f"{name}.amount").strip()
    return f"{amount}{_one(sent, f'{name}.unit') or 'bd'}" if amount else ""


def _offset(name: str, sent: QueryDict) -> str:
    """Written as a person would: -2bd, step.call+1bd@09:00, 0."""
    amount, unit = _one(sent, f"{name}.amount").strip() or "0", _one(sent, f"{name}.unit") or "bd"
    anchor, clock = _one(sent, f"{name}.anchor") or "due", _one(sent, f"{name}.clock").strip()
    sign = "-" if _one(sent, f"{name}.side") == "before" else "+"
    length = f"{sign}{amount}{unit}" if amount.strip("0") else ""
    return f"{'' if anchor == 'due' else anchor}{length}{f'@{clock}' if clock else ''}" or "0"


def _kept_as_written(before: Any, value: Value, one: Field) -> Value:
    """What says the same stays as it was written: an order of words, spaces, +0bd."""
    if isinstance(value, str) and isinstance(
        before, list
    ):  # a text or a list of them, such as what ends a trigger
        return [part.strip() for part in value.split(",") if part.strip()]
    if isinstance(value, str):
        if not isinstance(before, str):
            return "" if value == "0" and one.look == "offset" and before is None else value
        is_same = before.split() == value.split() or (
            one.look == "offset" and _offset_of(before) == _offset_of(value)
        )
        return before if is_same else value
    order = {word: place for place, word in enumerate(before if isinstance(before, list) else ())}
    return sorted(value, key=lambda word: order.get(word, len(order)))


def _offset_of(text: str) -> Offset | str:
    try:
        return grammar.offset(text)
    except Unreadable:
        return text


def problems_by_name(values: Mapping[str, Any], problems: Iterable[Problem]) -> dict[str, str]:
    """Name of the field -> what is wrong there and how to mend it."""
    told: dict[str, str] = {}
    for problem in problems:
        name = field_name(values, problem.key)
        told[name] = f"{told[name]} {_sentence(problem)}" if name in told else _sentence(problem)
    return told


def _sentence(problem: Problem) -> str:
    return f"{problem.reason[0].upper()}{problem.reason[1:]}; {problem.mend}."


def field_name(values: Mapping[str, Any], key: str) -> str:
    """`steps.call.due` of a problem is `steps.2.due` of the form."""
    if not key.startswith("steps."):
        return key
    _, step, *rest = key.split(".")
    keys = [str(one.get("step", "")) for one in steps_of(values)]
    place = keys.index(step) if step in keys else int(step) - 1 if step.isdigit() else 0
    return ".".join(["steps", str(place), *rest])
