"""An edition as the body of a mail: Markdown, which is read as it stands and becomes the mail's HTML."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from .drawing import Cell, Drawn, Row, drawn, page_of, pen_of
from .models import Edition

MOST_ROWS, MOST_TABLES = 12, 2
SIGNS = str.maketrans({sign: f"\\{sign}" for sign in "\\`*_[]<>|#"})


def edition_text(edition: Edition) -> str:
    """What is told first, then each table; of pictures the line that sums them up. The whole report is the PDF."""
    page = page_of(edition)
    parts = [plain(text) for text in page.lede]
    parts += [part for section in page.sections for part in _section(section)]
    parts.append(f"As of {page.as_of}.")
    return "\n\n".join(parts)


def figures_text(edition: Edition) -> str:
    """The tables that come first, for a letter that encloses the whole: nothing is drawn for them."""
    pen = pen_of(edition)
    tables = (one for one in edition.data["sections"] if one["kind"] in ("figures", "table"))
    told = (part for one in islice(tables, MOST_TABLES) for part in _section(drawn(one, pen)))
    return "\n\n".join(told)


def _section(section: Drawn) -> Iterator[str]:
    body = [*_sentences(section), *_table(section), *_pictures(section)]
    if body and section.title:
        yield f"**{plain(section.title)}**"
    yield from body


def _sentences(section: Drawn) -> Iterator[str]:
    if section.sentences:
        yield "\n".join(f"{n}. {plain(text)}" for n, text in enumerate(section.sentences, 1))


def _table(section: Drawn) -> Iterator[str]:
    if section.rows:
        yield from _grid(section.columns, section.rows[:MOST_ROWS])
    if len(section.rows) > MOST_ROWS:
        yield f"{MOST_ROWS} of {len(section.rows)} are shown here; the report has more."
    elif section.more:
        yield section.more


def _grid(columns: Sequence[Cell], rows: Sequence[Row]) -> Iterator[str]:
    rule = "|".join("---:" if cell.is_number else "---" for cell in columns)
    yield "\n".join([_line(columns), f"|{rule}|", *(_line(row.cells) for row in rows)])


def _line(cells: Sequence[Cell]) -> str:
    return f"| {' | '.join(plain(cell.text) for cell in cells)} |"


def _pictures(section: Drawn) -> Iterator[str]:
    named = [picture for picture in section.pictures if picture.name]
    if named:
        yield "\n".join(f"- {plain(picture.name)}: {picture.note}" for picture in named)
    elif section.pictures and section.behind:
        yield from _grid(section.behind.columns, section.behind.rows)


def plain(text: str) -> str:
    """Signs that Markdown would obey are shown as they are."""
    return text.translate(SIGNS)
