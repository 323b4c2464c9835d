"""Judges what somebody filled in: typed values of what is right, words beside each field of what isn't.

Whatever is wrong, what was written is never lost: the caller keeps the raw texts and shows them again.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from drumbeat.core.forms.model import Field, Form

Given = Mapping[str, str | Sequence[str] | Mapping[str, Any]]
LINE, LINES = 200, 5000
MOST_DIGITS = 15
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")
_SPACES = str.maketrans("", "", " \u00a0\u202f\u2009'’_")


@dataclass(frozen=True, slots=True)
class Checked:
    """`values` are ready to keep as JSON; `problems` say by field what is wrong and how to mend it. Fields that are not
    asked for, by their `only_if`, are in neither."""

    values: dict[str, Any]
    problems: dict[str, str]

    @property
    def is_sound(self) -> bool:
        return not self.problems


class _Wrong(ValueError):
    """Why one answer can't be taken, as sentences."""


def check_answers(form: Form, given: Given) -> Checked:
    """Texts as a browser sends them, lists for several choices, and for a file that was kept its `{id, name, size}`."""
    values: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for field in form.fields:
        if not _is_asked(field, values):
            continue
        try:
            value = _value(field, given.get(field.key, ""))
        except _Wrong as wrong:
            problems[field.key] = str(wrong)
            continue
        if value is not None:
            values[field.key] = value
        elif field.required:
            problems[field.key] = _missing(field)
    return Checked(values, problems)


def shown_fields(form: Form, values: Mapping[str, Any]) -> list[Field]:
    """The fields that were asked for, given these answers."""
    return [field for field in form.fields if _is_asked(field, values)]


def _is_asked(field: Field, values: Mapping[str, Any]) -> bool:
    if field.only_if is None:
        return True
    told = values.get(field.only_if.field)
    words = ("yes" if told else "no",) if isinstance(told, bool) else _listed(told)
    return bool(set(words) & set(field.only_if.values))


def _listed(told: Any) -> tuple[str, ...]:
    if told is None:
        return ()
    return (told,) if isinstance(told, str) else tuple(told)


def _missing(field: Field) -> str:
    if field.type in ("choice", "choices", "yes_no"):
        return "Please choose."
    return "Please choose a file." if field.type == "file" else "Please fill this in."


def _value(field: Field, given: Any) -> Any:
    """None when nothing was given."""
    if field.type == "choices":
        return _chosen(field, [given] if isinstance(given, str) else list(given))
    if field.type == "file":
        return _file(field, given)
    text = clean(given if isinstance(given, str) else next(iter(given), ""))
    return _READERS[field.type](field, text) if text else None


def clean(text: str) -> str:
    """Line ends made one kind; signs that no page and no database can hold are left out."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        sign for sign in text if sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cs")
    ).strip()


def _text(field: Field, text: str) -> str:
    if field.type == "text":
        text = " ".join(text.split())
    longest = field.most or (LINE if field.type == "text" else LINES)
    if len(text) > int(longest):  # type: ignore[arg-type]
        raise _Wrong(f"This is {len(text)} characters long. Use {longest} at most.")
    if field.least is not None and len(text) < int(field.least):  # type: ignore[arg-type]
        raise _Wrong(f"This is short. Write {field.least} characters at least.")
    return text


def _number(field: Field, text: str) -> str:
    number = read_number(text)
    _bound(field, number, str)
    return f"{number.normalize():f}"


def _money(field: Field, text: str) -> dict[str, str]:
    amount = read_number(text.removesuffix(field.currency).removeprefix(field.currency))
    if amount != round(amount, 2):
        raise _Wrong("An amount has two places after the point at most.")
    _bound(field, amount, lambda bound: f"{bound} {field.currency}")
    return {"amount": f"{amount:.2f}", "currency": field.currency}


def read_number(text: str) -> Decimal:
    """`1234.5`, `1,234.50`, `1.234,50` and `1 234,50` alike. What could mean two numbers is asked back, not guessed."""
    bare = text.translate(_SPACES)
    signs = [sign for sign in bare if sign in ".,"]
    if len(set(signs)) == 2:
        decimal = signs[-1]
        bare = bare.replace("," if decimal == "." else ".", "").replace(decimal, ".", signs.count(decimal))
    elif len(signs) > 1:
        bare = bare.replace(signs[0], "")
    elif signs:
        head, _, tail = bare.partition(signs[0])
        if len(tail) == 3 and head.lstrip("+-") not in ("", "0"):
            raise _Wrong(f"{text[:20]} can be read in two ways. Write {head}{tail} or {head}.{tail}0.")
        bare = f"{head}.{tail}"
    if not _NUMBER.fullmatch(bare) or sum(sign.isdigit() for sign in bare) > MOST_DIGITS:
        raise _Wrong("This is no number. Write digits, like 1234.50.")
    return Decimal("".join(str(unicodedata.digit(sign)) if sign.isdigit() else sign for sign in bare))


def _bound(field: Field, value: Any, told: Any) -> None:
    if field.least is not None and value < field.least:
        raise _Wrong(f"The least is {told(field.least)}.")
    if field.most is not None and value > field.most:
        raise _Wrong(f"The most is {told(field.most)}.")


def _day(field: Field, text: str) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise _Wrong("There is no such day. Write year, month and day, like 2026-01-31.") from None
    _bound(field, day, lambda bound: f"{bound.day} {bound:%B %Y}")
    return day.isoformat()


def _choice(field: Field, text: str) -> str:
    if text not in field.options:
        raise _Wrong("Please choose from the list.")
    return text


def _chosen(field: Field, given: list[str]) -> list[str] | None:
    if any(one and one not in field.options for one in given):
        raise _Wrong("Please choose from the list.")
    chosen = [key for key in field.options if key in given]
    if chosen:
        _bound(field, len(chosen), lambda bound: f"{bound} of them")
    return chosen or None


def _yes_no(_: Field, text: str) -> bool:
    if text not in ("yes", "no"):
        raise _Wrong("Please choose yes or no.")
    return text == "yes"


def _file(field: Field, given: Any) -> dict[str, Any] | None:
    if not isinstance(given, Mapping) or not given:
        return None
    if field.most is not None and given["size"] > int(field.most) * 1_000_000:  # type: ignore[arg-type]
        raise _Wrong(f"The file is too large. {field.most} MB at most.")
    return dict(given)


_READERS = {
    "text": _text,
    "long_text": _text,
    "number": _number,
    "money": _money,
    "date": _day,
    "choice": _choice,
    "yes_no": _yes_no,
}
