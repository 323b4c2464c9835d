"""The shape of what may be loaded: a kind of rows with its fields, where they go, and what refuses a row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FieldType = Literal["text", "day", "money", "whole", "rate"]
PLACES = {"money": 4, "rate": 18, "whole": 0}


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    type: FieldType = "text"
    is_needed: bool = False
    longest: int = 160


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table from a field: SQL over `s`. With `otherwise`, an empty cell leaves what is there, and gives a
    new row that value."""

    name: str
    field: str
    sql: str
    otherwise: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """A condition over `s` and the joined tables that refuses a row; `{value}` is the field's text."""

    field: str
    condition: str
    reason: str
    mend: str


@dataclass(frozen=True, slots=True)
class Kind:
    noun: str
    what: str
    fields: tuple[Field, ...]
    table: str = ""
    key: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()
    joins: str = ""
    checks: tuple[Check, ...] = ()

    @property
    def needs(self) -> tuple[str, ...]:
        return tuple(field.name for field in self.fields if field.is_needed)
