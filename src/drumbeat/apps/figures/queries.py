"""Answers questions about figures: one statement for each base that a question needs, from the expressions of the house's
one place for them. `answer` gives exact values: money and numbers as decimals, counts as int."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db import connection
from django.db.models import CharField
from django.db.models.functions import Coalesce

from drumbeat.apps.asking import ask
from drumbeat.apps.partners.models import Partner
from drumbeat.apps.people.queries import vendor
from drumbeat.core.metrics import DIMENSIONS, METRICS, Asked, Question, asked, insist_on_sense
from drumbeat.core.metrics.dimensions import RANK
from drumbeat.core.metrics.metric import CHANNEL
from drumbeat.core.metrics.question import by_window
from drumbeat.core.metrics.survival import median_wait
from drumbeat.core.refusal import insist

from . import statements
from .bases import BASES
from .months import told_by
from .periods import fiscal_months, periods_of
from .statements import Base, Expression

Row = tuple[Any, ...]
MOST_ROWS = 100_000
REFINED = ("time_to_first_deal", "active_partner_keys")  # lists, not numbers to sort by


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows under the names of their columns, in order of their keys unless the question sorts them; `of` is how many there
    were before the question's limit."""

    columns: tuple[str, ...]
    rows: list[Row]
    from_on: date | None
    until_on: date
    as_of: date
    of: int


def answer(question: Question, *, today: date) -> Answer:
    """Raises Refused when the question makes no sense. Without --until the rows end with the as-of day, or `today`."""
    insist_on_sense(question)
    until, as_of = _ends(question, today)
    values = _values(question, until, as_of)
    found: dict[Row, dict[str, Any]] = {}
    of = 0
    for base, metrics in question.bases.items():
        counted, sales = told_by(base, question, metrics, values)
        text = _statement(question, counted, metrics).replace("{sales}", sales)
        told = ask(_cut(question, text), values)
        of = max(of, told[0][-1] if told else 0)
        for *row, _ in told:
            key = tuple(row[: len(question.dimensions)])
            cells = zip(metrics, row[len(key) :], strict=True)
            found.setdefault(key, {}).update({one.column: _finished(one.name, cell) for one, cell in cells})
    rows = [(*key, *(cells.get(one.column) for one in question.metrics)) for key, cells in found.items()]
    columns = tuple(one.column for one in (*question.by, *question.metrics))
    arranged = _arranged(question, columns, _rounded(question, rows))
    return Answer(columns, arranged, question.from_on, until, as_of, max(of, len(rows)))


def _cut(question: Question, text: str) -> str:
    """The rows and how many there are; only the first ones where the server can tell which those are. Ties all come."""
    counted = f"SELECT *, count(*) OVER () FROM ({text}) whole"  # noqa: S608
    sorted_by = next(
        (n for n, one in enumerate(question.metrics) if one.column == question.sort.lstrip("-")), None
    )
    is_plain = (
        question.limit and not question.top and len(question.bases) == 1 and question.dimensions == question.by
        and all(one.digits is None and one.name not in REFINED for one in question.metrics)
    )  # fmt: skip
    if sorted_by is None or not is_plain:
        return counted
    place = len(question.dimensions) + sorted_by + 1
    direction = "DESC" if question.sort.startswith("-") else "ASC"
    return f"{counted} ORDER BY {place} {direction} NULLS LAST FETCH FIRST {question.limit} ROWS WITH TIES"


def figures_of_partners(
    names: Sequence[str], *, from_on: date, until_on: date, where: tuple[tuple[str, str], ...] = ()
) -> dict[str, dict[int, Fraction]]:
    """Metric -> partner id -> value, for what is known; those that reckon back from a day do so from `until_on`, and open
    deals count as they stand."""
    keys = dict(
        Partner.objects.annotate(told=Coalesce("external_id", "key", output_field=CharField())).values_list(
            "told", "pk"
        )
    )
    found: dict[str, dict[int, Fraction]] = {name: {} for name in names}
    windowed, back, standing = by_window(names)
    windows = ((windowed, from_on, until_on), (back, None, until_on), (standing, None, None))
    for asked_for, begin, end in windows:
        if not asked_for:
            continue
        question = Question(
            asked(asked_for), asked(["partner"]), begin, end, as_of=until_on, where=where, limit=len(keys) + 1
        )
        for key, *cells in answer(question, today=until_on).rows:
            for name, cell in zip(asked_for, cells, strict=True):
                if cell is not None and key in keys:
                    found[name][keys[key]] = Fraction(cell)
    return found


def compares_rows(metric: str) -> bool:
    """Reckoned over several rows of an answer, such as a share, so that another split gives other values."""
    return any("{over}" in base.metrics.get(metric, "") for base in BASES.values())


def rows_behind(question: Question, *, today: date) -> Answer:
    """The rows that the first metric was counted over, at most as many as asked for."""
    insist_on_sense(question)
    until, as_of = _ends(question, today)
    base = BASES[METRICS[question.metrics[0].name].bases[0]]
    limit = min(question.limit or MOST_ROWS, MOST_ROWS)
    filters, joins = _filters(question, base)
    shown = [name for name in base.joins if f"{name}." in base.rows]
    text = f"SELECT {base.rows} FROM {base.source} {_joined(base, [*shown, *joins])} {filters} ORDER BY 1, 2 LIMIT {limit}"  # noqa: S608
    values = _values(question, until, as_of)
    _, sales = told_by(METRICS[question.metrics[0].name].bases[0], question, [], values)
    with connection.cursor() as cursor:
        cursor.execute(_known(text, question).replace("{sales}", sales), values)
        columns = tuple(column[0] for column in cursor.description or ())
        rows = cursor.fetchall()
        return Answer(columns, rows, question.from_on, until, as_of, len(rows))


def sold_rows(question: Question, *, today: date) -> tuple[str, dict[str, Any]]:
    """A relation of (partner_id, sold_on, first_on, last_on, amount, cost, costed) with its values, for statements that look
    at partners rather than metrics: what the question's partners sold, as it was known."""
    values = _values(question, *_ends(question, today))
    return told_by(CHANNEL, question, [], values)[1], values


def _ends(question: Question, today: date) -> tuple[date, date]:
    """The first day that isn't known yet, and the day that ages are reckoned to."""
    day_after = timedelta(days=1)
    if question.until_on:
        return question.until_on, question.as_of or question.until_on
    last = question.as_of or today
    return last + day_after, question.as_of or last + day_after


def _values(question: Question, until: date, as_of: date) -> dict[str, Any]:
    values: dict[str, Any] = {
        "from": question.from_on, "until": until, "as_of": as_of, "known_at": question.known_at, "zone": vendor().zone,
        "is_windowed": bool(question.from_on or question.until_on), "whole": question.whole,
        "partners": sorted(question.partners) if question.partners is not None else None,
    }  # fmt: skip
    for n, (_, text) in enumerate(question.where):
        values[f"where_{n}"] = text
    names = {one.name for one in question.dimensions} | {name for name, _ in question.where}
    if names & {"fiscal_year", "fiscal_quarter", "fiscal_month"}:
        values |= fiscal_months(question.fiscal, vendor(), question.from_on or _first_day(), until)
    if "life" in question.bases or "window" in names:
        values |= periods_of(question, question.from_on or _first_day(), until)
    return values


def _first_day() -> date:
    first = "SELECT min(month) FROM sales_sellthrough"
    [(found,)] = ask(f"SELECT min(coalesce(first_on, month)) FROM sales_sellthrough WHERE month = ({first})")  # noqa: S608
    return found or date(2000, 1, 1)


def _statement(question: Question, base: Base, metrics: list[Asked]) -> str:
    """Dimensions and extras are named in an inner SELECT, the metrics aggregated over it."""
    dimensions = [base.dimensions[one.name] for one in question.dimensions]
    extras = {
        name: one for name, one in base.extras.items() if any(name in base.metrics[m.name] for m in metrics)
    }
    filters, filter_joins = _filters(question, base)
    needed = [*_joins_of([*dimensions, *extras.values()]), *filter_joins]
    inner = [f"{text} AS d{n}" for n, (text, _) in enumerate(dimensions)]
    inner += [f"{text} AS {name}" for name, (text, _) in extras.items()]
    source = (
        f"SELECT {', '.join([*inner, base.columns])} FROM {base.source} {_joined(base, needed)} {filters}"  # noqa: S608
    )
    grouped, shown, over = _grouping(question)
    aggregates = [base.metrics[one.name].replace("{over}", over) for one in metrics]
    text = f"SELECT {', '.join([*shown, *aggregates])} FROM ({source}) counted {grouped}"  # noqa: S608
    return _known(text, question)


def _grouping(question: Question) -> tuple[str, list[str], str]:
    """GROUP BY, the dimensions as shown, and the partition of a period."""
    names = [f"d{n}" for n in range(len(question.dimensions))]
    periods = [
        name for name, one in zip(names, question.dimensions, strict=True) if DIMENSIONS[one.name].is_period
    ]
    over = ", ".join([*periods, *(f"GROUPING({name})" for name in periods if question.whole)])
    over = f"PARTITION BY {over}" if over else ""
    if not names:
        return "", [], over
    if not question.whole:
        return f"GROUP BY {', '.join(names)}", names, over
    (period,) = periods
    rest = ", ".join(name for name in names if name != period)
    label = f"CASE WHEN GROUPING({period}) = 1 THEN %(whole)s ELSE {period}::text END"
    shown = [label if name == period else name for name in names]
    return f"GROUP BY GROUPING SETS (({', '.join(names)}), ({rest}))", shown, over


def _joins_of(expressions: list[Expression]) -> list[str]:
    return [name for _, joins in expressions for name in joins]


def _joined(base: Base, needed: list[str]) -> str:
    return " ".join(text for name, text in base.joins.items() if name in needed)


def _filters(question: Question, base: Base) -> tuple[str, list[str]]:
    expressions = [base.dimensions[name] for name, _ in question.where]
    conditions = [f"({text})::text = %(where_{n})s" for n, (text, _) in enumerate(expressions)]
    if question.partners is not None:
        conditions.append("s.partner_id = ANY(%(partners)s)")
    return (f"WHERE {' AND '.join(conditions)}" if conditions else ""), _joins_of(expressions)


def _known(text: str, question: Question) -> str:
    return text.replace("{known}", statements.KNOWN_THEN if question.known_at else statements.KNOWN_NOW)


def _finished(metric: str, cell: Any) -> Any:
    """What SQL only collects is reckoned by the law of core."""
    return median_wait(cell) if metric == "time_to_first_deal" and cell is not None else cell


def _rounded(question: Question, rows: list[Row]) -> list[Row]:
    """Digits as asked; half up, as people round."""
    start = len(question.dimensions)
    digits = {start + n: one.digits for n, one in enumerate(question.metrics) if one.digits is not None}
    if not digits:
        return rows
    return [
        tuple(_round(cell, digits[n]) if n in digits else cell for n, cell in enumerate(row)) for row in rows
    ]


def _round(cell: Any, digits: int) -> Any:
    return cell if cell is None else Decimal(cell).quantize(Decimal(1).scaleb(-digits), "ROUND_HALF_UP")


def _arranged(question: Question, columns: tuple[str, ...], rows: list[Row]) -> list[Row]:
    keys = len(question.dimensions)
    rows = sorted(rows, key=lambda row: [_order(cell) for cell in row[:keys]])
    if question.top or any(one.name == RANK for one in question.by):
        rows = list(_ranked(question, rows))
    if question.sort:
        at = columns.index(question.sort.lstrip("-"))
        known, unknown = ([row for row in rows if (row[at] is None) is is_none] for is_none in (False, True))
        rows = sorted(known, key=lambda row: _order(row[at]), reverse=question.sort.startswith("-")) + unknown
    insist(
        len(rows) <= MOST_ROWS or bool(question.limit),
        f"The answer has {len(rows):,} rows",
        "Narrow it, or give --limit",
    )
    return rows[: question.limit] if question.limit else rows


def _order(cell: Any) -> tuple[int, Any]:
    """Numbers by size, texts by code point, nothing last."""
    if cell is None:
        return (2, 0)
    if isinstance(cell, int | float | Decimal):
        return (0, cell)
    text = cell.isoformat() if isinstance(cell, date) else str(cell)
    return (0, int(text)) if _is_whole(text) else (1, text)


def _is_whole(text: str) -> bool:
    return text.isascii() and text.isdigit() and (text == "0" or not text.startswith("0")) and len(text) < 16


def _ranked(question: Question, rows: list[Row]) -> Iterator[Row]:
    """The largest by the first metric within each period, with their rank where it is asked for."""
    keys = len(question.dimensions)
    periods = [n for n, one in enumerate(question.dimensions) if DIMENSIONS[one.name].is_period]
    rank_at = next((n for n, one in enumerate(question.by) if one.name == RANK), None)
    groups: dict[Row, list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(row[n] for n in periods), []).append(row)
    for group in groups.values():
        ordered = sorted(group, key=lambda row: -(row[keys] or 0))
        for rank, row in enumerate(ordered[: question.top or None], start=1):
            yield row if rank_at is None else (*row[:rank_at], rank, *row[rank_at:])
