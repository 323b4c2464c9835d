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
    metrics: Sequence[str] = (),
) -> dict[str, Any]:
    """One figure. `value` None is not available, and `compared` says why; `change` is in `unit` (percent or points).
    What it means is told by the catalogue's entries of `metrics`, or in words by `meaning`."""
    return {
        "label": label,
        "value": kept(value),
        "kind": kind,
        "change": kept(change),
        "unit": unit,
        "compared": compared,
        "ref": ref,
        "meaning": meaning,
        "metrics": list(metrics),
    }


def kept(value: Any) -> float | None:
    """A number as editions keep it: whole numbers whole, others with four decimals at most, as money has."""
    if value is None:
        return None
    return int(value) if value == int(value) else round(float(value), 4)


def bars(
    rows: Sequence[dict[str, Any]],
    *,
    key: str,
    title: str,
    unit: str,
    values: str = NUMBER,
    empty: str = "",
    meaning: str = "",
    metrics: Sequence[str] = (),
    head: str = "when",
    happened: Sequence[Sequence[Any]] = (),
) -> Section:
    """`values` is the kind of all values, `head` what the labels are. Rows: label, value (None: not available), and where
    wanted note and strong. `happened`: the place of a row, and what happened there."""
    return {
        "kind": "bars",
        "key": key,
        "title": title,
        "unit": unit,
        "values": values,
        "bars": list(rows),
        "happened": [list(one) for one in happened],
        "head": head,
        "empty": empty,
        "meaning": meaning,
        "metrics": list(metrics),
    }


def lines(
    labels: Sequence[str],
    rows: Sequence[dict[str, Any]],
    *,
    key: str,
    title: str,
    meaning: str = "",
    unit: str = "%",
    values: str = PERCENT,
    empty: str = "Nothing was judged in these months.",
    metrics: Sequence[str] = (),
    head: str = "when",
    happened: Sequence[Sequence[Any]] = (),
) -> Section:
    """Rows: name, values (None: not available), strong. `values` is the kind of all values, `head` what the labels are.
    `happened`: the place of a label, and what happened there."""
    return {
        "kind": "lines",
        "key": key,
        "title": title,
        "labels": list(labels),
        "lines": list(rows),
        "happened": [list(one) for one in happened],
        "unit": unit,
        "values": values,
        "head": head,
        "empty": empty,
        "metrics": list(metrics),
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
    metrics: Sequence[str] = (),
    column_refs: Sequence[str | None] = (),
    row_keys: Sequence[str | None] = (),
) -> Section:
    """Columns: (title, kind of value). `refs` goes with the rows; `of` is how many there are when not all are shown. The
    question behind a cell is that of its column, narrowed by the key of its row."""
    return {
        "kind": "table",
        "key": key,
        "title": title,
        "columns": [list(column) for column in columns],
        "rows": [list(cells) for cells in rows],
        "refs": list(refs),
        "empty": empty,
        "of": of,
        "metrics": list(metrics),
        "column_refs": list(column_refs),
        "row_keys": list(row_keys),
    }
