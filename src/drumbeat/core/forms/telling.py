"""What rules may read of a form's answers, and how an answer is told in words."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from drumbeat.core.facts import BOOL, DATE, DOUBLE, UNKNOWN, WORD, WORDS, FactType, declared
from drumbeat.core.forms.model import Field, Form

_FACTS = {
    "number": DOUBLE,
    "money": DOUBLE,
    "date": DATE,
    "choices": WORDS,
    "yes_no": BOOL,
}


def facts_of(form: Form, step_key: str) -> dict[str, FactType]:
    """What the rules of a routine may read of the form that this step asks: `answer.<step>.<field>`. What was not
    answered is unknown."""
    stem = f"answer.{step_key.replace('-', '_')}"
    facts = (
        declared(f"{stem}.{one.key}", _FACTS.get(one.type, WORD), UNKNOWN, one.label) for one in form.fields
    )
    return {fact.name: fact for fact in facts}


def names_of(form: Form, step_key: str, values: Mapping[str, Any]) -> dict[str, object]:
    """The answers as rules read them, by full name; amounts and numbers as decimals."""
    stem = f"answer.{step_key.replace('-', '_')}"
    return {f"{stem}.{one.key}": _fact(one, values[one.key]) for one in form.fields if one.key in values}


def _fact(field: Field, value: Any) -> object:
    if field.type == "number":
        return Decimal(value)
    if field.type == "money":
        return Decimal(value["amount"])
    return value["name"] if field.type == "file" else value


def value_words(field: Field, value: Any) -> str:
    """An answer as people read it; several choices one after the other."""
    if field.type == "yes_no":
        return "Yes" if value else "No"
    if field.type == "choice":
        return field.options.get(value, value)
    if field.type == "choices":
        return ", ".join(field.options.get(one, one) for one in value)
    if field.type == "money":
        return f"{_grouped(value['amount'])} {value['currency']}"
    if field.type == "number":
        return _grouped(value)
    if field.type == "date":
        day = date.fromisoformat(value)
        return f"{day.day} {day:%B %Y}"
    return str(value["name"]) if field.type == "file" else str(value)


def _grouped(number: str) -> str:
    return f"{Decimal(number):,f}"
