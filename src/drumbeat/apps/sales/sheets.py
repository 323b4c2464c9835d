"""A year of a partner side by side: the months of figures as columns of one row, in ten-thousandths of money, so that a window
over many partners is one addition a partner instead of a row a month. The database keeps sheets as it keeps months; nobody
writes them. Here is how they are kept, and the SQL that adds them up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import pairwise

KINDS = ("amount", "cost", "costed")
MONTHS = range(1, 13)
_ALL = [f"{kind}_{n}" for kind in KINDS for n in MONTHS]
_SUMS = ", ".join(
    f"(sum({kind}) FILTER (WHERE extract(month FROM month) = {n}) * 10000)::bigint AS {kind}_{n}"
    for kind in KINDS
    for n in MONTHS
)
_FILL = f"""
INSERT INTO sales_sheet (partner_id, year) SELECT DISTINCT partner_id, extract(year FROM month)::int FROM {{touched}} ORDER BY 1, 2
ON CONFLICT (partner_id, year) DO UPDATE SET year = excluded.year;
UPDATE sales_sheet SET {", ".join(f"{name} = told.{name}" for name in _ALL)}
FROM (SELECT DISTINCT partner_id, extract(year FROM month)::int AS year FROM {{touched}}) years
LEFT JOIN LATERAL (SELECT {_SUMS} FROM sales_sellthrough figure WHERE figure.partner_id = years.partner_id
    AND figure.month >= make_date(years.year, 1, 1) AND figure.month < make_date(years.year + 1, 1, 1)) told ON true
WHERE sales_sheet.partner_id = years.partner_id AND sales_sheet.year = years.year;
"""  # noqa: S608
# The rows are written first, so that two files of one partner wait for each other before either adds up.
CREATE_SHEETS = f"""
CREATE TABLE sales_sheet (partner_id bigint, year int, {", ".join(f"{name} bigint" for name in _ALL)}, PRIMARY KEY (partner_id, year));
CREATE FUNCTION sales_keep_sheets() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {_FILL.format(touched="touched")}
    RETURN NULL;
END $$;
CREATE FUNCTION sales_empty_sheets() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    TRUNCATE sales_sheet;
    RETURN NULL;
END $$;
CREATE TRIGGER keep_sheets_in AFTER INSERT ON sales_sellthrough REFERENCING NEW TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION sales_keep_sheets();
CREATE TRIGGER keep_sheets_up AFTER UPDATE ON sales_sellthrough REFERENCING NEW TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION sales_keep_sheets();
CREATE TRIGGER keep_sheets_out AFTER DELETE ON sales_sellthrough REFERENCING OLD TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION sales_keep_sheets();
CREATE TRIGGER empty_sheets AFTER TRUNCATE ON sales_sellthrough FOR EACH STATEMENT EXECUTE FUNCTION sales_empty_sheets();
{_FILL.format(touched="sales_sellthrough")}
"""
DROP_SHEETS = """
DROP FUNCTION sales_keep_sheets() CASCADE; DROP FUNCTION sales_empty_sheets() CASCADE; DROP TABLE sales_sheet;
"""


def rows_between(edges: list[date]) -> str:
    """A SELECT of (partner_id, sold_on, first_on, last_on, amount, cost, costed): what each partner sold between each two
    edges, a row a calendar year. Edges are first days of months; the days are those of months."""
    pieces = [piece for begin, end in pairwise(edges) for piece in _years(begin, end)]
    return " UNION ALL ".join(_piece(begin, end) for begin, end in pieces)


def _years(begin: date, end: date) -> Iterator[tuple[date, date]]:
    """The stretch cut where years begin."""
    for year in range(begin.year, end.year + 1):
        cut = max(begin, date(year, 1, 1)), min(end, date(year + 1, 1, 1))
        if cut[0] < cut[1]:
            yield cut


def _piece(begin: date, end: date) -> str:
    months = _months(begin, end)
    known = ", ".join(f"amount_{n}" for n in months)
    first, last = (_first_known(order, begin.year) for order in (months, reversed(months)))
    sums = ", ".join(f"{_sum(kind, months)} AS {kind}" for kind in KINDS)
    return f"""SELECT partner_id, date '{begin}' AS sold_on, {first} AS first_on, {last} AS last_on, {sums}
        FROM sales_sheet WHERE year = {begin.year} AND coalesce({known}) IS NOT NULL"""  # noqa: S608


def by_month(*split: str) -> str:
    """Of rows of sheets: the split, then the amounts of their year's months and how many are known."""
    amounts = ", ".join(f"sum(amount_{n}) * 0.0001" for n in MONTHS)
    counts = ", ".join(f"count(amount_{n})" for n in MONTHS)
    return f"{', '.join(split)}, ARRAY[{amounts}], ARRAY[{counts}]"


def sum_between(begin: date, end: date) -> str:
    """Of a row of a sheet: the amount of its months in [begin, end), 0 where none is known."""
    return _by_year(begin, end, _added)


def count_between(begin: date, end: date) -> str:
    """Of a row of a sheet: how many of its months in [begin, end) are known."""
    return _by_year(begin, end, lambda names: f"num_nonnulls({', '.join(names)})")


def _by_year(begin: date, end: date, told: Callable[[list[str]], str]) -> str:
    pieces = [(cut[0].year, [f"amount_{n}" for n in _months(*cut)]) for cut in _years(begin, end)]
    return f"CASE year {' '.join(f'WHEN {year} THEN {told(names)}' for year, names in pieces)} ELSE 0 END"


def _months(begin: date, end: date) -> range:
    """Of one year."""
    return range(begin.month, 13 if end.year > begin.year else end.month)


FIRST_MONTH = f"year * 12 + CASE {' '.join(f'WHEN amount_{n} IS NOT NULL THEN {n - 1}' for n in MONTHS)} END"
LAST_SALE = f"year * 12 + CASE {' '.join(f'WHEN amount_{n} > 0 THEN {n - 1}' for n in reversed(MONTHS))} END"


def _first_known(months: Iterable[int], year: int) -> str:
    known = " ".join(f"WHEN amount_{n} IS NOT NULL THEN date '{date(year, n, 1)}'" for n in months)
    return f"CASE {known} END"


def _sum(kind: str, months: range) -> str:
    """Unknown only where no month knows it."""
    names = [f"{kind}_{n}" for n in months]
    return f"CASE WHEN coalesce({', '.join(names)}) IS NOT NULL THEN ({_added(names)}) * 0.0001 END"


def _added(names: Iterable[str]) -> str:
    return " + ".join(f"coalesce({name}, 0)" for name in names)
