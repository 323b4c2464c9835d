"""The kinds of section and what each holds, as plain JSON. Values stay raw here; words and pictures are made of them
when an edition is drawn. A `ref` such as `partner:12` says what a row is about; doors know its address."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Section = dict[str, Any]

TEXT, NUMBER, MONEY, PERCENT, DAY, MOMENT = "text", "number", "money", "percent", "day", "moment"


def sentences(texts: Sequence[str], *, key: str = "summary", title: str = "") -> Section:
    return {"kind": "sentences", "key": key, "title": title, "sentences": [text for text in texts if text]}


def figures(rows: Sequence[dict[str, Any]], *, key: str, title: str) -> Section:
    return {"kind": "figures", "key": key, "title": title, "figures": list(rows)}


def row(
    label: str,
    value: float | None,
    kind: str = NUMBER,
    *,
    change: float | None = None,
    unit: str = "%",
    compared: str = "",
    ref: str | None = None,
    meaning: str = "",
) -> dict[str, Any]:
    """One figure. `value` None is not available, and `compared` says why; `change` is in `unit` (percent or points);
    `meaning` is its definition for the small print."""
    return {
        "label": label,
        "value": value,
        "kind": kind,
        "change": change,
        "unit": unit,
        "compared": compared,
        "ref": ref,
        "meaning": meaning,
    }


def bars(
    rows: Sequence[dict[str, Any]], *, key: str, title: str, unit: str, empty: str = "", meaning: str = ""
) -> Section:
    """Rows: label, value (None: not available), and where wanted note and strong."""
    return {
        "kind": "bars",
        "key": key,
        "title": title,
        "unit": unit,
        "bars": list(rows),
        "empty": empty,
        "meaning": meaning,
    }


def lines(
    labels: Sequence[str], rows: Sequence[dict[str, Any]], *, key: str, title: str, meaning: str = ""
) -> Section:
    """Rows: name, values in percent (None: not available), strong."""
    return {
        "kind": "lines",
        "key": key,
        "title": title,
        "labels": list(labels),
        "lines": list(rows),
        "unit": "%",
        "meaning": meaning,
    }


def strip(rows: Sequence[dict[str, Any]], *, key: str, title: str, meaning: str = "") -> Section:
    """Rows: name, since, until, now, marks (state, at, label, lateness, moved_from, ref), kept, judged."""
    return {"kind": "strip", "key": key, "title": title, "strips": list(rows), "meaning": meaning}


def table(
    columns: Sequence[tuple[str, str]],
    rows: Sequence[Sequence[Any]],
    *,
    key: str,
    title: str,
    refs: Sequence[str | None] = (),
    empty: str = "",
    of: int | None = None,
) -> Section:
    """Columns: (title, kind of value). `refs` goes with the rows; `of` is how many there are when not all are shown."""
    return {
        "kind": "table",
        "key": key,
        "title": title,
        "columns": [list(column) for column in columns],
        "rows": [list(cells) for cells in rows],
        "refs": list(refs),
        "empty": empty,
        "of": of,
    }
