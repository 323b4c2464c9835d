"""Fills `{{ partner.name }}` in mail texts. It knows dotted names only: no conditions, no loops, no markup, no escaping."""

import re
from collections.abc import Collection, Mapping

MESSAGE_NAMES = (
    "vendor.name",
    "partner.name",
    "contact.first_name",
    "contact.name",
    "manager.name",
    "manager.email",
    "routine.title",
    "promise.text",
    "due.date",
    "due.time",
    "period.name",
    "report.summary",
    "report.figures",
    "report.title",
    "report.changes",
    "meeting.title",
    "meeting.when",
    "meeting.times",
    "meeting.agenda",
    "meeting.points",
    "meeting.length",
    "meeting.place",
    "meeting.asked_for",
    "meeting.asked",
    "series.rhythm",
    "series.dates",
    "organiser.name",
    "meeting.minutes",
    "form.title",
    "form.link",
    "form.due",
    "approval.title",
    "approval.link",
    "approval.due",
    "decision.outcome",
    "decision.reason",
    "decision.note",
    "file.period",
    "matter.name",
    "matter.state",
    "link.url",
    "digest.count",
    "digest.lines",
)

_PLACEHOLDER = re.compile(r"\{\{\s*([a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*)\s*\}\}")


_GAPS = re.compile(r"\n{3,}")


def first_name(name: str) -> str:
    """The first word of a person's name."""
    return next(iter(name.split()), "")


class MissingValue(ValueError):
    """A text names values that were not given; `names` holds them in order of appearance."""

    def __init__(self, names: Collection[str]) -> None:
        self.names = tuple(names)
        super().__init__(
            f"no value for {', '.join(self.names)}: give one, or take the placeholder out of the text"
        )


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with each placeholder replaced by its value, as it is: escaping is the business of whoever renders.
    Values are not looked into, so a value that holds a placeholder stays as it is. Raises MissingValue."""
    missing = [name for name in names_in(text) if name not in values]
    if missing:
        raise MissingValue(missing)
    return _PLACEHOLDER.sub(lambda match: values[match[1]], text)


def fill_letter(text: str, values: Mapping[str, str]) -> tuple[str, str]:
    """Subject and body of a text whose first line is `Subject: …`; where a value is empty no gap stays. Raises MissingValue."""
    head, _, body = fill(text, values).partition("\n")
    return head.removeprefix("Subject:").strip(), _GAPS.sub("\n\n", body.strip()) + "\n"


def names_in(text: str) -> tuple[str, ...]:
    """The names a text asks for, each once, in order of appearance."""
    return tuple(dict.fromkeys(_PLACEHOLDER.findall(text)))


def odd_braces(text: str) -> tuple[str, ...]:
    """What looks like a placeholder but is none, such as `{{ partner name }}` or an opening without an end."""
    rest = _PLACEHOLDER.sub("", text)
    return tuple(re.findall(r"\{\{[^\n]{0,40}|\}\}", rest))
