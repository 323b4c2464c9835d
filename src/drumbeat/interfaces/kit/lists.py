"""One small way for all lists: declared columns and filters, state in the address, pages without counting big tables.

It knows queries and addresses; which rows a person may see is decided before a query comes here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import F
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from . import times
from .exports import as_csv, as_json, as_xlsx
from .filters import Filter, Rows
from .viewer import Viewer

PAGE = 50
FILES = {"csv": as_csv, "xlsx": as_xlsx, "json": as_json}
COUNTED = 1000  # beyond so many rows a list says "1,000+" instead of counting on
DEEPEST = 200  # pages; a longer walk is a filter not yet thought of


class Cell(NamedTuple):
    """What stands in a row under a column; `value` is its typed form for exports, when it isn't the text."""

    text: str
    url: str = ""
    note: str = ""
    tone: str = ""
    value: Any = None
    markup: Any = None

    @property
    def exported(self) -> Any:
        return self.text if self.value is None else self.value


def moment_cell(moment: datetime | None, viewer: Viewer) -> Cell:
    """A moment in the viewer's words; exported as the moment itself in the viewer's zone."""
    if moment is None:
        return Cell("")
    return Cell(times.moment_words(moment, viewer.zone, viewer.today), value=moment.astimezone(viewer.zone))


@dataclass(frozen=True, slots=True)
class Column:
    """`order` names fields to sort by, `look` is a class of the style sheet (num, rate, soft, full, strip)."""

    key: str
    label: str
    cell: Callable[[Any], Cell]
    order: tuple[str, ...] = ()
    look: str = ""
    may_be_empty: bool = False
    arrange: Callable[[Rows], Rows] | None = (
        None  # prepares the query where `order` names what isn't in the table
    )
    on_page: bool = True

    @property
    def is_labelled(self) -> bool:
        """A bare figure needs its name where there is no head above it."""
        return "num" in self.look and "rate" not in self.look


@dataclass(frozen=True, slots=True)
class Empty:
    """What an empty list teaches."""

    title: str
    text: str
    acts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """A list as declared. `prepare` adds to a chunk of rows what isn't in their table, in few queries."""

    name: str
    nouns: tuple[str, str]
    columns: Sequence[Column]
    sort: str
    empty: Empty
    filters: Sequence[Filter] = ()
    prepare: Callable[[list[Any]], list[Any]] = field(default=lambda rows: rows)


@dataclass(frozen=True, slots=True)
class State:
    """What the address says: chosen filters, sort and page; `notes` tell what in it was not understood."""

    chosen: Mapping[str, str]
    sort: str
    page: int
    notes: tuple[str, ...]

    def query(self, **changes: Any) -> str:
        """The address of the same list with changes; pages begin anew unless told."""
        parameters = {**self.chosen, "sort": self.sort, "page": "", **changes}
        told = {key: value for key, value in parameters.items() if value not in ("", None)}
        return "?" + urlencode(told)


def show_list(
    request: HttpRequest,
    listing: Listing,
    rows: Rows,
    template: str,
    context: Mapping[str, Any] | None = None,
) -> HttpResponseBase:
    """The page of a list, or with `export=csv` (`xlsx`, `json`) the whole filtered list as a file."""
    state = read_state(request.GET, listing)
    found = arrange(rows, listing, state)
    if write := FILES.get(request.GET.get("export", "")):
        return write(listing.name, listing.columns, in_chunks(found, listing))
    return render(request, template, {"list": page_of(found, listing, state), **(context or {})})


def read_state(parameters: Mapping[str, str], listing: Listing) -> State:
    chosen, notes = {}, []
    for one in listing.filters:
        value = parameters.get(one.name, "").replace("\x00", "").strip()[:100]
        if value and one.options is not None and value not in dict(one.options):
            notes.append(f"{one.label} has no choice {value!r}, so it was left out.")
        elif value:
            chosen[one.name] = value
    sort = parameters.get("sort", "")
    sortable = {column.key for column in listing.columns if column.order}
    return State(
        chosen, sort if sort.lstrip("-") in sortable else listing.sort, _page(parameters), tuple(notes)
    )


def _page(parameters: Mapping[str, str]) -> int:
    page = parameters.get("page", "1")
    return min(max(int(page), 1), DEEPEST) if page.isascii() and page.isdigit() and len(page) < 6 else 1


def arrange(rows: Rows, listing: Listing, state: State) -> Rows:
    """Filtered and sorted; the primary key breaks ties, so that pages neither repeat nor lose a row."""
    for one in listing.filters:
        if one.name in state.chosen:
            rows = one.narrow(rows, state.chosen[one.name])
    column = next(column for column in listing.columns if column.key == state.sort.lstrip("-"))
    if column.arrange:
        rows = column.arrange(rows)
    return rows.order_by(*_order(column, down=state.sort.startswith("-")))


def _order(column: Column, *, down: bool) -> Iterator[Any]:
    for name in (*column.order, "pk"):
        if column.may_be_empty and name != "pk":
            yield F(name).desc(nulls_last=True) if down else F(name).asc(nulls_last=True)
        else:
            yield f"-{name}" if down else name


def in_chunks(rows: Rows, listing: Listing) -> Iterator[Any]:
    walk = iter(rows.iterator(chunk_size=500))
    while chunk := list(islice(walk, 500)):
        yield from listing.prepare(chunk)


@dataclass(frozen=True, slots=True)
class Page:
    """What the template of a list draws."""

    listing: Listing
    state: State
    rows: Sequence[Sequence[tuple[Column, Cell]]]
    total: str
    has_next: bool

    @property
    def heads(self) -> list[dict[str, Any]]:
        return [self._head(column) for column in self.listing.columns if column.on_page]

    def _head(self, column: Column) -> dict[str, Any]:
        is_sorted = self.state.sort.lstrip("-") == column.key
        is_down = self.state.sort.startswith("-")
        turned = f"-{column.key}" if is_sorted and not is_down else column.key
        return {
            "label": column.label,
            "look": column.look,
            "url": self.state.query(sort=turned) if column.order else "",
            "sorted": ("descending" if is_down else "ascending") if is_sorted else "",
        }

    @property
    def filters(self) -> list[dict[str, Any]]:
        """The sort goes along hidden, so that a changed filter keeps it."""
        sort = {"name": "sort", "kind": "hidden", "value": self.state.sort}
        return [*(self._filter(one) for one in self.listing.filters), sort]

    def _filter(self, one: Filter) -> dict[str, Any]:
        return {
            "name": one.name,
            "label": one.label,
            "kind": one.kind,
            "value": self.state.chosen.get(one.name, ""),
            "options": one.options or (),
        }

    @property
    def found(self) -> str:
        one, many = self.listing.nouns
        return f"{self.total or 'No'} {one if self.total == '1' else many}"

    @property
    def is_filtered(self) -> bool:
        return bool(self.state.chosen)

    @property
    def nothing(self) -> str:
        return f"No {self.listing.nouns[1]} found"

    @property
    def unfiltered(self) -> tuple[tuple[str, str], ...]:
        return (("?", f"Show all {self.listing.nouns[1]}"),)

    @property
    def exports(self) -> tuple[tuple[str, str], ...]:
        if not self.rows:
            return ()
        return tuple((self.state.query(export=form), form.upper()) for form in FILES)

    @property
    def pager(self) -> dict[str, Any]:
        first = (self.state.page - 1) * PAGE
        return {
            "first": first + 1,
            "last": first + len(self.rows),
            "total": self.total,
            "previous_url": self.state.query(page=self.state.page - 1) if self.state.page > 1 else "",
            "next_url": self.state.query(page=self.state.page + 1) if self.has_next else "",
        }


def page_of(rows: Rows, listing: Listing, state: State) -> Page:
    first = (state.page - 1) * PAGE
    found = list(rows[first : first + PAGE + 1])
    columns = [column for column in listing.columns if column.on_page]
    shown = [[(column, column.cell(row)) for column in columns] for row in listing.prepare(found[:PAGE])]
    has_next = len(found) > PAGE and state.page < DEEPEST
    return Page(listing, state, shown, _total(rows, first, len(found)), has_next)


def _total(rows: Rows, first: int, fetched: int) -> str:
    """Counted as far as is cheap; a last page tells its own end."""
    if fetched <= PAGE and (fetched or not first):
        total = first + fetched
    else:
        total = rows.order_by()[: COUNTED + 1].count()
    return f"{COUNTED:,}+" if total > COUNTED else f"{total:,}" if total else ""
