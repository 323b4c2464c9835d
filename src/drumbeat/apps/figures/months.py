"""Says when the sums of months answer a question as its lines would: years side by side where no split needs months apart. A
month whose lines changed after the moment asked for, or lie on both sides of an edge, is told by its lines; where those are
many, everything is."""

from __future__ import annotations

from datetime import date
from typing import Any

from drumbeat.apps.asking import ask
from drumbeat.apps.sales.queries import month_before
from drumbeat.apps.sales.sheets import rows_between
from drumbeat.core.metrics import Asked, Question
from drumbeat.core.metrics.metric import CHANNEL, LIFE, SALES
from drumbeat.core.metrics.question import is_relative

from .bases import BASES
from .statements import KNOWN_NOW, KNOWN_THEN, MONTHS, Base

MOST_BY_LINES = 20_000  # partners' months; beyond it one walk over all lines is faster
MOST_EDGES = 12  # beyond it a row a month is as fast as years side by side
BACK = (0, 3, 6, 12, 15, 24)  # months before the as-of day, or its quarter: edges of relative metrics
_AS_LINES = """SELECT sales.partner_id, sold_on, sold_on AS first_on, sold_on AS last_on, amount, cost,
    CASE WHEN cost IS NOT NULL THEN amount END AS costed FROM"""
_LINES = f"({_AS_LINES} sales_sale sales WHERE {{known}})"
_SUMS = """SELECT partner_id, month AS sold_on, coalesce(first_on, month) AS first_on, coalesce(last_on, month) AS last_on,
    amount, cost, costed FROM sales_sellthrough month WHERE (%(known_at)s::timestamptz IS NULL OR received_at <= %(known_at)s)"""
_OVER_AN_EDGE = """SELECT partner_id, month FROM sales_sellthrough
    WHERE month = date_trunc('month', %({edge})s::date)::date AND last_on >= %({edge})s"""
_CHANGED = """SELECT partner_id, month FROM sales_sellthrough WHERE changed_at > %(known_at)s
    UNION SELECT partner_id, date_trunc('month', sold_on)::date FROM sales_line WHERE replaced_at > %(known_at)s
    UNION SELECT partner_id, NULL FROM sales_sellthrough WHERE NOT has_lines AND received_at > %(known_at)s"""
_HANDED_OVER = """SELECT DISTINCT partner_id, CASE WHEN extract(day FROM edge.day) > 1 THEN date_trunc('month', edge.day)::date END
    FROM partners_assignment, LATERAL (VALUES (from_on), (until_on)) edge(day)
    WHERE (%(from)s::date IS NULL OR edge.day > %(from)s) AND edge.day < %(until)s"""


def told_by(base: str, question: Question, metrics: list[Asked], values: dict[str, Any]) -> tuple[Base, str]:
    """The rows to count over, and the relation that stands for `{sales}` in them."""
    if not _are_whole_months(base, question, metrics, values):
        return BASES[base], _lines(question)
    apart = _apart(question, metrics, values)
    count = len(ask(f"SELECT 1 FROM ({apart}) apart LIMIT {MOST_BY_LINES + 1}", values)) if apart else 0  # noqa: S608
    if count > MOST_BY_LINES:
        return BASES[base], _lines(question)
    edges = _edges(base, question, metrics, values)
    sheets = rows_between(edges) if len(edges) > 1 else ""
    sums = _mixed(apart, sheets, question) if count else sheets or _SUMS
    return MONTHS if base == SALES else BASES[base], f"({sums})"


def _lines(question: Question) -> str:
    return _LINES.replace("{known}", KNOWN_THEN if question.known_at else KNOWN_NOW)


def _are_whole_months(base: str, question: Question, metrics: list[Asked], values: dict[str, Any]) -> bool:
    if base == CHANNEL:
        return True
    if base == LIFE:
        return all(day.day == 1 or day == values["until"] for day in _days_of_life(values))
    return (
        base == SALES
        and _dimensions(question) <= set(MONTHS.dimensions)
        and {one.name for one in metrics} <= set(MONTHS.metrics)
        and (values["as_of"].day == 1 or not _is_relative(metrics))
    )


def _days_of_life(values: dict[str, Any]) -> list[date]:
    return [*values["period_before"], *values["period_from"], *values["period_until"]]


def _dimensions(question: Question) -> set[str]:
    return {*(one.name for one in question.dimensions), *(name for name, _ in question.where)}


def _is_relative(metrics: list[Asked]) -> bool:
    return any(is_relative(one.name) for one in metrics)


def _apart(question: Question, metrics: list[Asked], values: dict[str, Any]) -> str:
    """Pairs of partner and a month that its lines tell; without a month the partner's sheets alone don't do."""
    edges = [edge for edge in ("from", "until") if values[edge] and values[edge].day > 1]
    parts = [_OVER_AN_EDGE.format(edge=edge) for edge in edges]
    if question.known_at:
        parts.append(_CHANGED)
    if "channel_manager" in _dimensions(question) or any(one.name == "leverage" for one in metrics):
        parts.append(_HANDED_OVER)
    return " UNION ".join(parts)


def _edges(base: str, question: Question, metrics: list[Asked], values: dict[str, Any]) -> list[date]:
    """Where sold years must be cut, first days of months; none where months must stay apart."""
    if base == CHANNEL or _dimensions(question) & {"quarter", "month"}:
        return []
    [(first,)] = ask("SELECT min(month) FROM sales_sellthrough")
    until = _next_month(values["until"])
    begin = _next_month(values["from"]) if values["from"] and base == SALES else first or until
    days = (
        _days_of_life(values)
        if base == LIFE
        else _days_back(values["as_of"])
        if _is_relative(metrics)
        else []
    )
    edges = sorted({begin, until, *(_next_month(day) for day in days)})
    inner = [day for day in edges if begin <= day <= until]
    return inner if len(inner) <= MOST_EDGES else []


def _next_month(day: date) -> date:
    """The day itself where a month begins."""
    return day if day.day == 1 else month_before(day, -1)


def _days_back(as_of: date) -> list[date]:
    quarter = as_of.replace(month=(as_of.month - 1) // 3 * 3 + 1, day=1)
    return [month_before(day, months) for day in (as_of, quarter) for months in BACK]


def _mixed(apart: str, sheets: str, question: Question) -> str:
    whole = f"""SELECT sheet.* FROM ({sheets}) sheet WHERE NOT EXISTS (SELECT FROM apart WHERE apart.partner_id = sheet.partner_id)
        UNION ALL""" if sheets else ""  # fmt: skip  # noqa: S608
    of_them = "AND partner_id IN (SELECT partner_id FROM apart)" if sheets else ""
    lines = f"""{_AS_LINES} sales_line sales JOIN apart ON apart.partner_id = sales.partner_id
        AND apart.month = date_trunc('month', sold_on)::date"""
    known = "AND loaded_at <= %(known_at)s" if question.known_at else ""
    replaced = f"UNION ALL {lines} WHERE replaced_at > %(known_at)s {known}" if question.known_at else ""
    return f"""WITH apart (partner_id, month) AS MATERIALIZED ({apart}) {whole}
        {_SUMS} {of_them} AND NOT EXISTS (SELECT FROM apart WHERE apart.partner_id = month.partner_id AND apart.month = month.month)
        UNION ALL {lines} WHERE replaced_at IS NULL {known} {replaced}"""
