"""What a form is made of, as values. It does not read texts and judges no answers."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

TYPES = {
    "text": "one line",
    "long_text": "several lines",
    "number": "a number",
    "money": "an amount of money",
    "date": "a day",
    "choice": "one of several",
    "choices": "some of several",
    "yes_no": "yes or no",
    "file": "a file",
}
Bound = int | Decimal | date | None


@dataclass(frozen=True, slots=True)
class OnlyIf:
    """A field is asked for only if an earlier one has one of these values (`yes` and `no` for yes_no)."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """One question. `least` and `most` bound characters of texts, numbers and amounts, days, how many are chosen, and the
    size of a file in MB; `options` are keys and labels of choices."""

    key: str
    type: str
    label: str
    help: str = ""
    required: bool = False
    least: Bound = None
    most: Bound = None
    options: Mapping[str, str] = field(default_factory=dict)
    currency: str = ""
    only_if: OnlyIf | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """One form as read from its text: what it asks and what it says before and after."""

    key: str
    title: str
    intro: str
    thanks: str
    fields: tuple[Field, ...]
    text: str

    @property
    def digest(self) -> str:
        """The identity of this form: SHA-256 of its text, in hexadecimal."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def field(self, key: str) -> Field:
        return next(one for one in self.fields if one.key == key)
