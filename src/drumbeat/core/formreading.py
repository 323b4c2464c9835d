"""Reads a form's text into a value, or says everything that keeps it from being one: line, key, reason and mend."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from drumbeat.core.forms.model import TYPES, Bound, Field, Form, OnlyIf
from drumbeat.core.playbook import grammar
from drumbeat.core.playbook.outline import Section, outline
from drumbeat.core.playbook.problems import Findings, RoutineErrors, Unreadable, nearest

FORM_KEYS = ("form", "title", "intro", "thanks", "fields")
FIELD_KEYS = (
    "field", "type", "label", "help", "required", "least", "most", "options", "currency", "only_if",
)  # fmt: skip
ONLY_IF_KEYS = ("field", "is")
MOST_FIELDS, MOST_OPTIONS = 40, 60
THANKS = "Thank you. Your answers have arrived."
_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
# Which types a bound means something to, and how it is read there.
_COUNTS = ("text", "long_text", "choices", "file")


def read_form(text: str, source: str = "") -> Form:
    """The form of a YAML text. Raises RoutineErrors with every problem found."""
    findings = Findings(source)
    section = Section.of(outline(text, source), findings, "", FORM_KEYS)
    form = Form(
        key=section.read("form", grammar.slug, "", required=True),
        title=section.read("title", grammar.text(80), "", required=True),
        intro=section.read("intro", grammar.text(600), ""),
        thanks=section.read("thanks", grammar.text(300), THANKS),
        fields=_fields(section, findings),
        text=text,
    )
    if findings.problems:
        raise RoutineErrors(findings.problems)
    return form


def _fields(form: Section, findings: Findings) -> tuple[Field, ...]:
    nodes = form.items("fields")
    if not 1 <= len(nodes) <= MOST_FIELDS:
        findings.refuse("fields", f"holds {len(nodes)} fields", f"write 1 to {MOST_FIELDS}")
    earlier: dict[str, Field] = {}
    for number, node in enumerate(nodes, 1):
        path = f"fields.{number}"
        findings.lines[path] = node.start_mark.line + 1
        field = _field(Section.of(node, findings, path, FIELD_KEYS), earlier)
        if field.key in earlier:
            findings.refuse(f"{path}.field", f"{field.key} is asked twice", "give each field its own key")
        earlier[field.key or path] = field
    return tuple(earlier.values())


def _field(section: Section, earlier: dict[str, Field]) -> Field:
    read = section.read
    type_ = read("type", grammar.one_of(TYPES), "text", required=True)
    _refuse_strangers(section, type_)
    return Field(
        key=read("field", _key, "", required=True),
        type=type_,
        label=read("label", grammar.text(160), "", required=True),
        help=read("help", grammar.text(300), ""),
        required=read("required", grammar.flag, False),
        least=read("least", _bound(type_), None),
        most=read("most", _bound(type_), None),
        options=_options(section, type_),
        currency=read("currency", _currency, "", required=type_ == "money"),
        only_if=_only_if(section, earlier),
    )


def _refuse_strangers(section: Section, type_: str) -> None:
    """Keys that mean nothing to this type."""
    strange = {"options": ("choice", "choices"), "currency": ("money",)}
    for key, types in strange.items():
        if section.has(key) and type_ not in types:
            reason, mend = (
                f"means nothing to a field of type {type_}",
                f"leave it out, or write type: {types[0]}",
            )
            section.findings.refuse(section.full(key), reason, mend)
    for key in ("least", "most"):
        if section.has(key) and type_ in ("choice", "yes_no"):
            section.findings.refuse(
                section.full(key), f"means nothing to a field of type {type_}", "leave it out"
            )


def _key(value: str) -> str:
    if not _KEY.fullmatch(value):
        raise Unreadable(f"{value!r} is no key of a field", "begin with a letter and use a–z 0–9 _")
    return value


def _currency(value: str) -> str:
    if not re.fullmatch(r"[A-Z]{3}", value):
        raise Unreadable(f"{value!r} is no currency", "write its three letters, like EUR")
    return value


def _bound(type_: str) -> Callable[[str], Bound]:
    def read(value: str) -> Bound:
        if type_ == "date":
            return _day(value)
        if type_ in _COUNTS:
            return grammar.whole(0, 20_000)(value)
        if not re.fullmatch(r"-?\d{1,15}(\.\d{1,6})?", value):
            raise Unreadable(f"{value!r} is no number", "write digits, like 1234.50")
        return Decimal(value)

    return read


def _day(value: str) -> date:
    return grammar.day(value)


def _options(section: Section, type_: str) -> dict[str, str]:
    if type_ not in ("choice", "choices"):
        return {}
    node = section.nodes.get("options")
    if node is None or node.id != "mapping" or not 2 <= len(node.value) <= MOST_OPTIONS:
        mend = f"write 2 to {MOST_OPTIONS} of them as key: label, one a line"
        section.findings.refuse(section.full("options"), "has nothing to choose from", mend)
        return {}
    return dict(option for pair in node.value if (option := _option(section, *pair)))


def _option(section: Section, key: Any, label: Any) -> tuple[str, str] | None:
    path = section.full("options")
    try:
        return _key(str(key.value)), grammar.text(120)(str(label.value))
    except Unreadable as error:
        section.findings.refuse(path, error.reason, error.mend, key.start_mark.line + 1)
        return None


def _only_if(section: Section, earlier: dict[str, Field]) -> OnlyIf | None:
    if not section.has("only_if"):
        return None
    part = Section.of(section.nodes["only_if"], section.findings, section.full("only_if"), ONLY_IF_KEYS)
    key = part.read("field", _key, "", required=True)
    values = part.read_one_or_more("is", grammar.text(60), required=True)
    asked = earlier.get(key)
    if asked is None:
        part.findings.refuse(part.full("field"), f"no field {key!r} comes before", nearest(key, earlier))
        return None
    known = ("yes", "no") if asked.type == "yes_no" else tuple(asked.options)
    if not known:
        part.findings.refuse(part.full("field"), f"{key} offers no choices", "name a choice, or a yes_no")
    for value in values:
        if known and value not in known:
            part.findings.refuse(part.full("is"), f"{key} is never {value!r}", nearest(value, known))
    return OnlyIf(key, values)
