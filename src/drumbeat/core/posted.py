"""Reads what others post: events and facts, one JSON object a line. Everything that is wrong is told; whom keys name is
looked up elsewhere."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from drumbeat.core.events import KINDS
from drumbeat.core.facts import BOOL, DATE, DOUBLE, FACTS, INT, WORDS, FactType
from drumbeat.core.playbook.problems import nearest
from drumbeat.core.refusal import Refused
from drumbeat.core.subjects import BELONGS, EVERY_PARTNER, PERSON

EVENT_KEYS = ("kind", "subject", "partner", "person", "at", "facts", "key")
FACT_KEYS = ("fact", "partner", "value", "as_of", "source")
MOST_LINES = 20_000
LONGEST_LINE = 20_000
LONGEST = {"subject": 80, "partner": 64, "person": 254, "key": 100, "source": 40}
LONGEST_WORD = 200
# Clocks of two houses differ a little.
AHEAD_AT_MOST = timedelta(minutes=5)
MEND_WORD = "write it in quotes"


@dataclass(frozen=True, slots=True)
class PostedEvent:
    """One event as posted; keys are not yet looked up. `facts` are bare names of its subject and itself."""

    line: int
    kind: str
    subject: str
    partner: str
    person: str
    at: datetime
    facts: Mapping[str, object]
    partner_facts: Mapping[str, object]
    key: str


@dataclass(frozen=True, slots=True)
class PostedFact:
    """One fact about a partner (`partner.fund_available`)."""

    line: int
    partner: str
    name: str
    value: object
    as_of: datetime
    source: str


@dataclass(frozen=True, slots=True)
class PostProblem:
    """What is wrong in a line (from 1), in which field, and how to mend it."""

    line: int
    field: str
    reason: str
    mend: str

    def __str__(self) -> str:
        return f"line {self.line}, {self.field}: {self.reason}; {self.mend}"


class PostsRefused(Refused):
    """Nothing of a post is taken when anything in it is wrong; `problems` holds all that was found."""

    def __init__(self, problems: list[PostProblem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: problem.line))
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(slots=True)
class Posts:
    """What was read."""

    events: list[PostedEvent] = field(default_factory=list)
    facts: list[PostedFact] = field(default_factory=list)
    problems: list[PostProblem] = field(default_factory=list)


class _Wrong(ValueError):
    def __init__(self, field: str, reason: str, mend: str) -> None:
        super().__init__(reason)
        self.field, self.reason, self.mend = field, reason, mend


def read_posts(text: str, *, at: datetime, source: str = "") -> Posts:
    """All lines; empty ones are passed over. `at` is now: nothing may have happened later, and what tells no moment
    happened then. `source` is that of facts which name none."""
    posts = Posts()
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if len(lines) > MOST_LINES:
        reason = f"{len(lines)} lines are posted at once"
        posts.problems.append(PostProblem(MOST_LINES + 1, "line", reason, f"post {MOST_LINES} at most"))
        return posts
    for number, line in lines:
        _read_line(posts, number, line, at, source)
    return posts


def _read_line(posts: Posts, number: int, line: str, at: datetime, source: str) -> None:
    try:
        row = _object(line)
        if "fact" in row:
            posts.facts.append(_fact(number, row, at, source))
        else:
            posts.events.append(_event(number, row, at))
    except _Wrong as wrong:
        posts.problems.append(PostProblem(number, wrong.field, wrong.reason, wrong.mend))


def _object(line: str) -> dict[str, Any]:
    if len(line) > LONGEST_LINE:
        raise _Wrong("line", f"is {len(line)} characters long", f"use {LONGEST_LINE} at most")
    try:
        row = json.loads(line, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        place = f" at character {error.colno}" if isinstance(error, json.JSONDecodeError) else ""
        raise _Wrong(
            "line", f"is no JSON{place}", 'write one object a line, like {"kind": "deal.won"}'
        ) from None
    if not isinstance(row, dict):
        raise _Wrong("line", "is no JSON object", 'write it like {"kind": "deal.won"}')
    return row


def _no_constant(word: str) -> object:
    raise ValueError(word)


def _event(number: int, row: dict[str, Any], at: datetime) -> PostedEvent:
    _refuse_odd_keys(row, EVENT_KEYS)
    kind = KINDS.get(_word(row, "kind", required=True))
    if kind is None:
        raise _Wrong("kind", f"there is no event {row['kind']!r}", nearest(row["kind"], KINDS))
    belongs, is_partner = BELONGS[kind.noun], kind.noun == "partner"
    facts = row.get("facts", {})
    if not isinstance(facts, dict):
        raise _Wrong("facts", "is no object", 'write it like {"amount": 12000}')
    own, others = _facts_of(facts, kind.noun, kind.fields)
    return PostedEvent(
        line=number,
        kind=kind.name,
        subject=_word(row, "subject", required=not is_partner),
        partner=_word(row, "partner", required=belongs not in (PERSON, EVERY_PARTNER)),
        person=_word(row, "person", required=belongs == PERSON and kind.noun == "leave"),
        at=_moment(row, "at", at),
        facts=own,
        partner_facts=others,
        key=_word(row, "key"),
    )


def _facts_of(
    facts: dict[str, Any], noun: str, fields: Mapping[str, FactType]
) -> tuple[dict[str, object], dict[str, object]]:
    """Bare names (or with the noun before them) are of the subject, `partner.…` are facts of the partner."""
    own: dict[str, object] = {}
    others: dict[str, object] = {}
    for name, value in facts.items():
        bare = name.removeprefix(f"{noun}.")
        if name.startswith("partner.") and noun != "partner":
            others[name] = _partner_value(f"facts.{name}", name, value)
        elif bare in fields:
            own[bare] = _value(f"facts.{name}", fields[bare], value)
        else:
            raise _Wrong(f"facts.{name}", f"a {noun} has no such field", nearest(bare, fields))
    return own, others


def _fact(number: int, row: dict[str, Any], at: datetime, source: str) -> PostedFact:
    _refuse_odd_keys(row, FACT_KEYS)
    name = _word(row, "fact", required=True)
    if "value" not in row:
        raise _Wrong("value", "is missing", "add it; null makes the fact unknown")
    return PostedFact(
        line=number,
        partner=_word(row, "partner", required=True),
        name=name,
        value=None if row["value"] is None else _partner_value("value", name, row["value"]),
        as_of=_moment(row, "as_of", at),
        source=_word(row, "source") or source or "posted",
    )


def _partner_value(place: str, name: str, value: object) -> object:
    fact = FACTS.get(name)
    if fact is None or not name.startswith("partner."):
        known = [one for one in FACTS if one.startswith("partner.")]
        raise _Wrong(place if place != "value" else "fact", f"there is no fact {name!r}", _one(name, known))
    return _value(place, fact, value)


def _one(name: str, known: list[str]) -> str:
    mend = nearest(name, known)
    return mend if mend.startswith("did") else "look at the list in the guide, facts of partners"


def _refuse_odd_keys(row: dict[str, Any], known: tuple[str, ...]) -> None:
    for name in row:
        if name not in known:
            raise _Wrong(str(name)[:40], "is no field of a post", nearest(name, known))


def _word(row: dict[str, Any], name: str, *, required: bool = False) -> str:
    value = row.get(name, "")
    if not isinstance(value, str):
        raise _Wrong(name, f"{json.dumps(value)[:40]} is no text", MEND_WORD)
    value = value.strip()
    if required and not value:
        raise _Wrong(name, "is missing", f'add "{name}": "…"')
    if any(not sign.isprintable() for sign in value):
        raise _Wrong(name, "holds a control character", "take it out")
    if len(value) > (longest := LONGEST.get(name, LONGEST_WORD)):
        raise _Wrong(name, f"is {len(value)} characters long", f"use {longest} at most")
    return value


def _moment(row: dict[str, Any], name: str, now: datetime) -> datetime:
    if name not in row:
        return now
    try:
        moment = datetime.fromisoformat(row[name])
    except (TypeError, ValueError):
        moment = None
    if moment is None or moment.tzinfo is None:
        raise _Wrong(
            name,
            f"{str(row[name])[:40]!r} is no moment with a zone",
            "write it like 2026-06-01T09:30:00+02:00",
        )
    if moment > now + AHEAD_AT_MOST:
        raise _Wrong(name, "lies in the future", "post it when it has happened; days to come go to facts")
    return moment.astimezone(UTC)


def _value(place: str, fact: FactType, value: object) -> object:
    if not _fits(fact, value):
        raise _Wrong(
            place, f"{json.dumps(value)[:40]} is no {_plain(fact)}", f"write it like {_example(fact)}"
        )
    return value


def _fits(fact: FactType, value: object) -> bool:
    if fact.type == BOOL:
        return isinstance(value, bool)
    if fact.type in (INT, DOUBLE):
        is_number = isinstance(value, int if fact.type == INT else int | float) and not isinstance(
            value, bool
        )
        return is_number and math.isfinite(value) and abs(value) < 1e15  # type: ignore[arg-type]
    if fact.type == WORDS:
        return isinstance(value, list) and all(
            isinstance(one, str) and len(one) <= LONGEST_WORD for one in value
        )
    if not isinstance(value, str) or len(value) > LONGEST_WORD or not value.isprintable():
        return False
    return fact.type != DATE or _is_day(value)


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _plain(fact: FactType) -> str:
    plain = {
        BOOL: "true or false",
        INT: "whole number",
        DOUBLE: "number",
        DATE: "day",
        WORDS: "list of words",
    }
    return plain.get(fact.type, "text")


def _example(fact: FactType) -> str:
    examples = {BOOL: "true", INT: "3", DOUBLE: "12000.0", DATE: '"2026-01-31"', WORDS: '["cloud"]'}
    return examples.get(fact.type, '"gold"')
