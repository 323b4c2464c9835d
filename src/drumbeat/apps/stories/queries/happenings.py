"""The timeline of a partner or a contact: one statement, newest first, paged by the last line seen. Who may see it is asked
before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from drumbeat.apps.asking import ask

from .sources import SOURCES, Source

KINDS = {
    "mail": "Mail",
    "meeting": "Meetings",
    "decision": "Decisions",
    "commitment": "Commitments",
    "promise": "Ledger",
    "form": "Forms",
    "approval": "Approvals",
    "file": "Files",
    "deal": "Deals",
    "person": "People come and gone",
    "manager": "Hand-overs",
    "partner": "Tier and status",
    "matter": "Funds, plans, certificates",
    "report": "Reports",
}
SIDES = {"vendor": "Ours", "partner": "Theirs", "both": "Of both"}
CHUNK = 500
NOTHING = "(SELECT NULL AS at, 0 AS source, 0 AS id WHERE false)"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ends: the moment, source and number of its last line."""

    at: datetime
    source: int
    id: int


@dataclass(frozen=True, slots=True)
class Happening:
    """One line. `what` is a word of its kind, `ref` names what it leads to (`promise:7`), empty where it leads nowhere."""

    at: datetime
    source: int
    id: int
    kind: str
    what: str
    side: str
    title: str
    who: str
    ref: str
    note: str
    due_at: datetime | None

    @property
    def place(self) -> Place:
        return Place(self.at, self.source, self.id)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose timeline (partners, or one contact), of which kind and side, in [since, until); nothing after `until` shows."""

    until: datetime
    partners: Sequence[int] = ()
    contact: int | None = None
    kind: str = ""
    side: str = ""
    since: datetime | None = None
    after: Place | None = field(default=None)


def happenings(wanted: Wanted, *, limit: int) -> list[Happening]:
    """The newest first."""
    return [Happening(*row) for row in ask(*statement_of(wanted, limit))]


def statement_of(wanted: Wanted, limit: int) -> tuple[str, dict[str, Any]]:
    """Each source gives so many of its own newest lines, by its index; the newest of all are kept. Without a fitting source
    there is a statement all the same, and no line."""
    parts = [_select(number, source, wanted) for number, source in _fitting(wanted)] or [NOTHING]
    united = " UNION ALL ".join(parts)
    statement = f"SELECT * FROM ({united}) t ORDER BY at DESC, source DESC, id DESC LIMIT %(limit)s"  # noqa: S608 - our own words
    return statement, _parameters(wanted, limit)


def all_happenings(wanted: Wanted) -> Iterator[Happening]:
    """The whole of it, a chunk at a time."""
    while chunk := happenings(wanted, limit=CHUNK):
        yield from chunk
        wanted = replace(wanted, after=chunk[-1].place)


def _fitting(wanted: Wanted) -> Iterator[tuple[int, Source]]:
    for number, source in enumerate(SOURCES):
        is_of_kind = wanted.kind in ("", source.kind)
        is_of_side = wanted.side in ("", source.only_side) or not source.only_side
        if is_of_kind and is_of_side and (source.of_contact if wanted.contact else source.of_partner):
            yield number, source


def _select(number: int, source: Source, wanted: Wanted) -> str:
    columns = (
        f"{source.at} AS at, {number} AS source, {source.id} AS id, '{source.kind}' AS kind, {source.what}::text AS what, "
        f"{source.side}::text AS side, {source.title}::text AS title, {source.who}::text AS who, "
        f"{source.ref} AS ref, {source.note} AS note, {source.due_at}::timestamptz AS due_at"
    )
    where = " AND ".join(_conditions(number, source, wanted))
    order = f"ORDER BY {source.at} DESC, {source.id} DESC LIMIT %(limit)s"
    return f"(SELECT {columns} FROM {source.rows} WHERE {where} {order})"  # noqa: S608 - our own words


def _conditions(number: int, source: Source, wanted: Wanted) -> Iterator[str]:
    yield (
        source.of_contact
        if wanted.contact
        else f"{source.of_partner} IN ({', '.join(str(int(pk)) for pk in wanted.partners) or 'NULL'})"
    )
    yield source.where
    yield f"{source.at} < %(until)s"
    if wanted.since:
        yield f"{source.at} >= %(since)s"
    if wanted.side and not source.only_side:
        yield f"{source.side} = %(side)s"
    if wanted.after:
        yield f"{source.at} <= %(at)s AND ({source.at}, {number}, {source.id}) < (%(at)s, %(source)s, %(id)s)"


def _parameters(wanted: Wanted, limit: int) -> dict[str, Any]:
    after = wanted.after
    given = {
        "contact": wanted.contact,
        "side": wanted.side,
        "since": wanted.since,
        "at": after and after.at,
        "source": after and after.source,
        "id": after and after.id,
    }
    return {"limit": limit, "until": wanted.until} | {
        name: value for name, value in given.items() if value not in (None, "")
    }
