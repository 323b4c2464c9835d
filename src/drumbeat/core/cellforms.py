"""The forms in which dates and numbers are written in foreign files, and what is certain about them.

A form reads a text or refuses it; it never guesses. `certain_date` and `certain_number` look at many texts and name a
form only when every form that fits reads each of them alike. Knows no file and no column.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from .refusal import Refused

DATE_FORMS = (
    "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%d.%m.%Y", "%d.%m.%y", "%d/%m/%Y", "%m/%d/%Y", "%d/%m/%y", "%m/%d/%y",
    "%d-%m-%Y", "%m-%d-%Y", "%d-%b-%y", "%d-%b-%Y", "%d %b %Y", "%d %B %Y", "%B %d, %Y", "%b %d, %Y",
)  # fmt: skip
# A number's form is an example of it: sign of the thousands, sign of the decimals.
NUMBER_FORMS = ("1234.56", "1,234.56", "1234,56", "1.234,56", "1 234,56", "1 234.56", "1'234.56")
SPACES = "\u00a0\u2009\u202f\u2007 "
CURRENCY_SIGNS = "$€£¥₹₩₽zł"
_MIDNIGHT = re.compile(r"[T ]00:00(:00(\.0+)?)?$")
_FORM = re.compile(r"(?P<before>[^\d]*)1(?P<group>\D?)234(?:(?P<point>[.,])56)?(?P<after>[^\d]*)")

Read = Callable[[str], str]


class Unreadable(Refused):
    """No form is certain; `text` is the one that shows it."""

    def __init__(self, text: str, what: str, mend: str) -> None:
        super().__init__(what, mend)
        self.text = text


class Ambiguous(Unreadable):
    """Several forms fit and read differently: a person has to say which is meant."""


def date_reader(form: str) -> Read:
    """Text -> ISO date. The form is one of strptime; two-digit years are 2000 to 2068, or 1969 to 1999."""
    strict = re.compile(_strict(form))

    def read(text: str) -> str:
        found = _MIDNIGHT.sub("", text)
        if not strict.fullmatch(found):
            raise Refused(f"{text!r} is no day in the form {form}", "Correct the day, or the mapping's date")
        try:
            return datetime.strptime(found, form).date().isoformat()  # noqa: DTZ007
        except ValueError as error:
            raise Refused(f"There is no day {text!r}", f"Write an existing day in the form {form}") from error

    return read


def _strict(form: str) -> str:
    """strptime takes 1 to 2 digits and reads 2012 as %y with a rest; widths of years are held to here."""
    widths = {
        "%Y": r"\d{4}",
        "%y": r"\d{2}",
        "%m": r"\d{1,2}",
        "%d": r"\d{1,2}",
        "%b": r"[^\W\d_]+",
        "%B": r"[^\W\d_]+",
    }
    if form == "%Y%m%d":
        return r"\d{8}"
    parts = re.split(r"(%[A-Za-z])", form)
    return "".join(widths.get(part, re.escape(part)) for part in parts)


def number_reader(form: str, *, places: int = 4, rounds: bool = False) -> Read:
    """Text -> plain decimal with at most so many places. `form` is an example such as 1,234.56, £1,234.56 or
    1 234,56 €; a sign of currency in it is demanded, a space is any space. Brackets mean minus."""
    shape = _FORM.fullmatch(form)
    if not shape:
        raise Refused(
            f"{form!r} is no form of a number", f"Write an example such as {', '.join(NUMBER_FORMS)}"
        )
    group, point = shape["group"], shape["point"] or "."
    pattern = _pattern(shape["before"].strip(), group, point, shape["after"].strip())
    gone = str.maketrans("", "", SPACES if group == " " else group)

    def read(text: str) -> str:
        found = pattern.fullmatch(text)
        if not found:
            raise Refused(f"{text!r} is no number in the form {form}", "Correct it, or the mapping's number")
        whole, rest = found["whole"].translate(gone), found["rest"] or ""
        if len(rest) > places and rest[places:].strip("0") and not rounds:
            raise Refused(
                f"{text!r} has more than {places} decimals", "Write fewer, or put `round: yes` in the mapping"
            )
        minus = "-" if found["minus"] or found["inner"] or found["behind"] or found["open"] else ""
        if bool(found["open"]) != bool(found["close"]):
            raise Refused(f"{text!r} has one bracket", "Write both, or a minus")
        return _plain(minus, whole, rest, places)

    return read


def _pattern(before: str, group: str, point: str, after: str) -> re.Pattern[str]:
    space = f"[{SPACES}]*"
    sign = "[-\u2212]"
    grouped = rf"\d{{1,3}}(?:{f'[{SPACES}]' if group == ' ' else re.escape(group)}\d{{3}})+|" if group else ""
    return re.compile(
        rf"(?P<open>\()?(?P<minus>{sign})?{space}{re.escape(before)}{space}(?P<inner>{sign})?"
        rf"(?P<whole>{grouped}\d+)(?:{re.escape(point)}(?P<rest>\d+))?{space}{re.escape(after)}(?P<behind>{sign})?(?P<close>\))?"
    )


def _plain(minus: str, whole: str, rest: str, places: int) -> str:
    if len(rest) > places:
        return str(round(Decimal(f"{minus}{whole}.{rest}"), places))
    return f"{minus}{whole}.{rest}" if rest else f"{minus}{whole}"


def certain_date(texts: Iterable[str]) -> str:
    """The form of these dates. Raises Ambiguous when it isn't certain, Refused when none fits."""
    return _certain(texts, {form: date_reader(form) for form in DATE_FORMS}, "day", 'date: "%d/%m/%Y"')


def certain_number(texts: Iterable[str]) -> str:
    """The form of these numbers, with the sign of currency that all of them carry."""
    found = [text for text in texts if text]
    signs = {"".join(re.findall(r"[^\d.,'()\-\u2212\s]", text)) for text in found}
    before = bool(found) and not found[0].lstrip("(-\u2212 ")[:1].isdigit()
    sign = signs.pop() if len(signs) == 1 else ""
    forms = [f"{sign}{form}" if before and sign else f"{form} {sign}".strip() for form in NUMBER_FORMS]
    return _certain(
        found, {form: number_reader(form, places=18) for form in forms}, "number", 'number: "1,234.56"'
    )


def _certain(texts: Iterable[str], readers: dict[str, Read], noun: str, mend: str) -> str:
    distinct = list(dict.fromkeys(text for text in texts if text))
    left, example = dict(readers), distinct[0] if distinct else ""
    for text in distinct:
        fits = {form: reader for form, reader in left.items() if _reads(reader, text) is not None}
        if not fits:
            raise Unreadable(text, f"No {noun} is written like {text!r}", f"Correct it, or say how: {mend}")
        left = fits
    for text in distinct:
        if len({_value(_reads(reader, text) or "") for reader in left.values()}) > 1:
            raise Ambiguous(
                text,
                f"{text!r} may be read as {' or '.join(left)}",
                f"Say in the mapping which is meant, such as {mend}",
            )
    if not left:
        raise Unreadable(example, f"{example!r} is no {noun}", mend)
    return next(iter(left))


def _reads(reader: Read, text: str) -> str | None:
    try:
        return reader(text)
    except Refused:
        return None


def _value(text: str) -> object:
    try:
        return Decimal(text)
    except InvalidOperation:
        return date.fromisoformat(text)
