"""Draws an edition from its kept data: words for values, SVG for charts and strips. It asks the database nothing and
knows no address; a door gives `url_of`, which turns a reference such as `partner:12` into one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from drumbeat.core.charts import (
    SCREEN,
    Bar,
    Line,
    Mark,
    Palette,
    Svg,
    draw_bars,
    draw_lines,
    draw_strip,
    scale_of,
)
from drumbeat.core.charts.svg import shortened

from . import wording
from .models import Edition
from .references import cell_refs
from .sections.shapes import DAY, MOMENT, MONEY, NUMBER, PERCENT, Section
from .tables import NUMBERS, table_of

UrlOf = Callable[[str], str | None]
WIDTH, BARS, LINES = 616, 140, 112
STRIP_WIDTH, STRIP = 470, 30
LINE_NAME = 150  # room for a name at the end of its line


@dataclass(frozen=True, slots=True)
class Cell:
    """`exact` is the value of a number as the files of the edition hold it, `url` leads to the rows behind it."""

    text: str
    is_number: bool = False
    exact: str = ""
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    cells: tuple[Cell, ...]
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing with what it is called and the sentence under it."""

    svg: Svg
    name: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    columns: tuple[Cell, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """One section: `kind` says which of the fields below are filled. `behind` is the table of a picture, `happened` what its
    numbered marks mean."""

    kind: str
    key: str
    title: str
    sentences: tuple[str, ...] = ()
    columns: tuple[Cell, ...] = ()
    rows: tuple[Row, ...] = ()
    empty: str = ""
    more: str = ""
    pictures: tuple[Picture, ...] = ()
    happened: tuple[str, ...] = ()
    behind: Grid | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """`lede` is the summary that stands first; sections follow in order."""

    title: str
    vendor: str
    subject: str
    period: str
    as_of: str
    lede: tuple[str, ...]
    sections: tuple[Drawn, ...]
    definitions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Pen:
    """What the words and pictures of one edition have in common."""

    currency: str
    zone: ZoneInfo
    palette: Palette
    url_of: UrlOf = field(default=lambda _: None)

    def number(self, value: float | None, kind: str, ref: str | None = None) -> Cell:
        url = self.link(ref) if value else None
        return Cell(self.words(value, kind), True, "" if value is None else str(value), url)

    def words(self, value: Any, kind: str) -> str:
        if value is None:
            return wording.NOT_AVAILABLE
        return _WORDS[kind](self, value) if kind in _WORDS else str(value)

    def link(self, ref: str | None) -> str | None:
        return self.url_of(ref) if ref else None


_WORDS: dict[str, Callable[[_Pen, Any], str]] = {
    MONEY: lambda pen, value: wording.money(value, pen.currency),
    PERCENT: lambda _, value: wording.percent(value / 100),
    NUMBER: lambda _, value: wording.number(value),
    DAY: lambda _, value: wording.day(value if isinstance(value, date) else date.fromisoformat(value)),
    MOMENT: lambda pen, value: wording.moment(_moment(value).astimezone(pen.zone)),
}


def _moment(value: datetime | str) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)


def page_of(edition: Edition, *, palette: Palette = SCREEN, url_of: UrlOf = lambda _: None) -> Page:
    """The whole page; `url_of` gives None for what the reader can't open."""
    data = edition.data
    pen = pen_of(edition, palette, url_of)
    first, *others = data["sections"]
    has_lede = first["kind"] == "sentences"
    return Page(
        title=edition.title,
        vendor=data["vendor"],
        subject=data["subject"],
        period=data["period"],
        as_of=wording.moment(edition.built_at.astimezone(pen.zone)),
        lede=tuple(first["sentences"]) if has_lede else (),
        sections=tuple(drawn(section, pen) for section in (others if has_lede else data["sections"])),
        definitions=tuple(data["definitions"]),
    )


def pen_of(edition: Edition, palette: Palette = SCREEN, url_of: UrlOf = lambda _: None) -> _Pen:
    return _Pen(edition.data["currency"], ZoneInfo(edition.data["zone"]), palette, url_of)


def drawn(section: Section, pen: _Pen) -> Drawn:
    start = partial(Drawn, kind=section["kind"], key=section["key"], title=section["title"])
    return _DRAW[section["kind"]](section, pen, start)


Start = Callable[..., Drawn]


def _sentences(section: Section, _: _Pen, start: Start) -> Drawn:
    return start(sentences=tuple(section["sentences"]))


def _figures(section: Section, pen: _Pen, start: Start) -> Drawn:
    heads = (Cell("measure"), Cell("now", True), Cell("change", True), Cell("compared with"))
    return start(columns=heads, rows=tuple(_figure(row, pen) for row in section["figures"]))


def _figure(row: dict[str, Any], pen: _Pen) -> Row:
    change = row["change"]
    changed = (
        Cell("", True) if change is None else Cell(wording.signed(change, row["unit"]), True, str(change))
    )
    now = pen.number(row["value"], row["kind"], row["ref"])
    return Row((Cell(row["label"]), now, changed, Cell(row["compared"])))


def _bars(section: Section, pen: _Pen, start: Start) -> Drawn:
    if not section["bars"]:
        return start(empty=section["empty"])
    bars = [Bar(bar["label"], bar["value"], bar["note"], bar["strong"]) for bar in section["bars"]]
    happened = dict(section.get("happened", ()))
    svg = draw_bars(
        bars, width=WIDTH, height=BARS, title=section["title"], unit=section["unit"], happened=happened, palette=pen.palette
    )  # fmt: skip
    return start(pictures=(Picture(svg),), behind=_behind(section, pen), happened=tuple(happened.values()))


def _lines(section: Section, pen: _Pen, start: Start) -> Drawn:
    if not section["lines"]:
        return start(empty=section.get("empty") or "Nothing was judged in these months.")
    lines = [
        Line(shortened(line["name"], LINE_NAME), tuple(line["values"]), line["strong"])
        for line in section["lines"]
    ]
    values = [value for line in lines for value in line.values if value is not None]
    low, high = scale_of(values, is_percent=section.get("values", PERCENT) == PERCENT)
    happened = dict(section.get("happened", ()))
    svg = draw_lines(
        lines, labels=section["labels"], width=WIDTH, height=LINES, title=section["title"], unit=section["unit"], low=low, high=high,
        happened=happened, palette=pen.palette,
    )  # fmt: skip
    return start(pictures=(Picture(svg),), behind=_behind(section, pen), happened=tuple(happened.values()))


def _strips(section: Section, pen: _Pen, start: Start) -> Drawn:
    if not any(strip["marks"] for strip in section["strips"]):
        return start(empty="Nothing was promised in this time.")
    return start(
        pictures=tuple(_strip(strip, pen) for strip in section["strips"]), behind=_behind(section, pen)
    )


def _strip(strip: dict[str, Any], pen: _Pen) -> Picture:
    since, until, now = (datetime.fromisoformat(strip[name]) for name in ("since", "until", "now"))
    marks = [_mark(mark, pen) for mark in strip["marks"]]
    title = f"Promises of {strip['name']}"
    svg = draw_strip(
        marks,
        since=since,
        until=until,
        now=now,
        width=STRIP_WIDTH,
        height=STRIP,
        title=title,
        palette=pen.palette,
    )
    judged = f"{strip['kept']} of {strip['judged']} kept on time" if strip["judged"] else "nothing judged yet"
    return Picture(svg, strip["name"], judged)


def _mark(mark: dict[str, Any], pen: _Pen) -> Mark:
    moved = mark.get("moved_from")
    return Mark(
        mark["state"],
        datetime.fromisoformat(mark["at"]),
        mark["label"],
        url=pen.link(mark.get("ref")),
        lateness=mark.get("lateness", 0.0),
        moved_from=datetime.fromisoformat(moved) if moved else None,
    )


def _table(section: Section, pen: _Pen, start: Start) -> Drawn:
    kinds = [kind for _, kind in section["columns"]]
    refs = section["refs"] or [None] * len(section["rows"])
    return start(
        columns=tuple(Cell(title, kind in NUMBERS) for title, kind in section["columns"]),
        rows=tuple(
            _row(cells, kinds, ref, pen, behind)
            for cells, ref, behind in zip(section["rows"], refs, cell_refs(section), strict=True)
        ),
        empty="" if section["rows"] else section["empty"],
        more=_more(section),
    )


def _row(
    values: list[Any], kinds: list[str], ref: str | None, pen: _Pen, behind: Sequence[str | None] = ()
) -> Row:
    asked = behind or [None] * len(values)
    cells = (
        pen.number(value, kind, one) if kind in NUMBERS else Cell(pen.words(value, kind))
        for value, kind, one in zip(values, kinds, asked, strict=True)
    )
    return Row(tuple(cells), pen.link(ref))


def _behind(section: Section, pen: _Pen) -> Grid:
    """The table of a picture, in words as the report writes them."""
    table = table_of(section)
    columns = tuple(
        Cell(name, kind in NUMBERS) for name, kind in zip(table.columns, table.kinds, strict=True)
    )
    return Grid(columns, tuple(_row(list(row), list(table.kinds), None, pen) for row in table.rows))


def _more(section: Section) -> str:
    of, shown = section["of"], len(section["rows"])
    if of is None or of == shown:
        return ""
    return f"The first {shown}; there are more." if of < 0 else f"{shown} of {of}."


_DRAW: dict[str, Callable[[Section, _Pen, Start], Drawn]] = {
    "sentences": _sentences,
    "figures": _figures,
    "bars": _bars,
    "lines": _lines,
    "strip": _strips,
    "table": _table,
}
