"""`drumbeat figures`: the metrics of the catalogue, split and windowed, as JSON or CSV; what they mean; the rows behind."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click

from .running import with_django

if TYPE_CHECKING:
    from drumbeat.apps.figures.queries import Answer
    from drumbeat.core.metrics import Fiscal, Question

KEYS_AS_NUMBERS = ("seller", "owner", "manager")
DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.argument("metrics", nargs=-1)
@click.option(
    "--by",
    default="",
    help="Dimensions with commas, in the order of the columns; column=dimension names one.",
)
@click.option("--from", "from_on", type=DAY, help="The first day of the window.")
@click.option(
    "--until", "until_on", type=DAY, help="The first day after the window; what is later doesn't exist yet."
)
@click.option(
    "--as-of",
    type=DAY,
    help="The day that ages and last quarters are reckoned to; without --until rows end with it.",
)
@click.option(
    "--known-at",
    type=click.DateTime(),
    help="Figures as they were known at that moment (UTC), before later corrections.",
)
@click.option("--where", multiple=True, help="dimension=value; may be given several times.")
@click.option("--whole", default="", help="One more period, the whole window, under this label.")
@click.option(
    "--top",
    type=click.IntRange(1),
    help="Only the first of each period, by the first metric; --by rank shows the rank.",
)
@click.option("--sort", default="", help="A column to sort by; -column for the largest first.")
@click.option("--limit", type=click.IntRange(1), help="So many rows at most.")
@click.option(
    "--fiscal-start", type=click.IntRange(1, 12), help="First month of the fiscal year, if not the vendor's."
)
@click.option(
    "--fiscal-named",
    type=click.Choice(["start", "end"]),
    default="start",
    help="The fiscal year is named by the year it starts or ends in.",
)
@click.option("--windows", default="", help="Days with commas: each window goes from one to the next.")
@click.option(
    "--tall", default="", help="Two names with a comma: one row a metric, its column and its value."
)
@click.option("--format", "form", type=click.Choice(["json", "csv"]), default="json", show_default=True)
@click.option("--list", "lists", is_flag=True, help="All metrics and dimensions.")
@click.option("--explain", is_flag=True, help="What the metrics mean and how they are computed.")
@click.option("--rows", is_flag=True, help="The rows that the first metric was counted over.")
@with_django()
def figures(
    metrics: tuple[str, ...], *, tall: str, form: str, lists: bool, explain: bool, rows: bool, **told: Any
) -> None:
    """Answer METRICS: `name` or `column=name`, with `:2` behind it rounded to so many digits."""
    from drumbeat.apps.figures.queries import answer, rows_behind
    from drumbeat.core.refusal import insist
    from drumbeat.interfaces.kit.clock import moment

    if lists:
        click.echo(_listed())
        return
    insist(bool(metrics), "Which metric?", "`drumbeat figures --list` names them all")
    question = _question(metrics, **told)
    if explain:
        click.echo(_explained(question))
        return
    found = (rows_behind if rows else answer)(question, today=moment().date())
    table = _shown(found, {} if rows else _units(question))
    click.echo(_written(*(_tall(table, tall) if tall else table), found, form))


def _question(
    metrics: Sequence[str], *, by: str, where: Sequence[str], windows: str, **told: Any
) -> Question:
    from drumbeat.core.metrics import Question, asked

    named, known_at = told.pop("fiscal_named"), told.pop("known_at")
    start = told.pop("fiscal_start")
    days = {name: told[name].date() if told[name] else None for name in ("from_on", "until_on", "as_of")}
    return Question(
        metrics=asked(metrics),
        by=asked([by]) if by else (),
        where=tuple(_pair(one) for one in where),
        windows=tuple(sorted(date.fromisoformat(day.strip()) for day in windows.split(",")))
        if windows
        else (),
        known_at=known_at.replace(tzinfo=UTC) if known_at else None,
        fiscal=_fiscal(start, named),
        **{**told, **days, "top": told["top"] or 0, "limit": told["limit"] or 0},
    )


def _fiscal(start: int | None, named: str) -> Fiscal | None:
    from drumbeat.core.metrics import Fiscal

    return Fiscal(start, named == "end") if start else None


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign:
        raise click.BadParameter(f"{text!r} is no dimension=value")
    return name, value


def _units(question: Question) -> dict[str, str]:
    """Column -> unit of the metric, or `number` for dimensions that are written as numbers."""
    from drumbeat.core.metrics import DIMENSIONS, METRICS

    units = {one.column: METRICS[one.name].unit for one in question.metrics}
    for one in question.dimensions:
        numbered = (DIMENSIONS[one.name].is_number and not question.whole) or one.name in KEYS_AS_NUMBERS
        units[one.column] = "number" if numbered else "text"
    return units


def _shown(found: Answer, units: dict[str, str]) -> tuple[tuple[str, ...], list[list[Any]]]:
    kinds = [units.get(column, "") for column in found.columns]
    return found.columns, [
        [_cell(cell, kind) for cell, kind in zip(row, kinds, strict=True)] for row in found.rows
    ]


def _cell(cell: Any, kind: str) -> Any:
    """Money as a text of four decimals, so that none is lost; whole numbers as such; days as ISO texts."""
    if isinstance(cell, date | datetime):
        return cell.isoformat()
    if kind == "money" and cell is not None:
        return f"{cell:.4f}"
    if kind == "number" and isinstance(cell, str):
        return int(cell) if cell.isascii() and cell.isdigit() and str(int(cell)) == cell else cell
    if isinstance(cell, Decimal):
        return (
            int(cell)
            if kind in ("count", "units") and cell == int(cell)
            else str(cell)
            if not kind
            else float(cell)
        )
    return str(cell) if kind == "text" and cell is not None else cell


def _tall(
    table: tuple[tuple[str, ...], list[list[Any]]], names: str
) -> tuple[tuple[str, ...], list[list[Any]]]:
    columns, rows = table
    if len(rows) != 1 or names.count(",") != 1:
        raise click.BadParameter("--tall takes two names, and one row of figures without --by")
    what, value = names.split(",")
    return (what, value), [list(pair) for pair in zip(columns, rows[0], strict=True)]


def _written(columns: tuple[str, ...], rows: list[list[Any]], found: Answer, form: str) -> str:
    if form == "csv":
        return _csv(columns, rows).rstrip("\n")
    head = {
        "from": found.from_on.isoformat() if found.from_on else None, "until": found.until_on.isoformat(),
        "as_of": found.as_of.isoformat(), "columns": columns, "row_count": len(rows),
    }  # fmt: skip
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    return f'{json.dumps(head, ensure_ascii=False)[:-1]}, "rows": [\n{lines}\n]}}'


def _csv(columns: Sequence[str], rows: list[list[Any]]) -> str:
    from drumbeat.core.disarming import disarmed

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([disarmed(column) for column in columns])
    for row in rows:
        writer.writerow(
            [
                " ".join(cell)
                if isinstance(cell, list)
                else disarmed(cell)
                if isinstance(cell, str)
                else cell
                for cell in row
            ]
        )
    return out.getvalue()


def _listed() -> str:
    from drumbeat.core.metrics import DIMENSIONS, METRICS

    metrics = [f"  {one.name:<32} {one.unit:<6} {one.definition}" for one in METRICS.values()]
    dimensions = [f"  {one.name:<32} {one.meaning}" for one in DIMENSIONS.values()]
    return "\n".join(
        [
            "Metrics",
            *metrics,
            "",
            "Dimensions",
            *dimensions,
            "  rank                             rank within the period, by the first metric",
        ]
    )


def _explained(question: Question) -> str:
    from drumbeat.core.metrics import DIMENSIONS, METRICS, insist_on_sense

    insist_on_sense(question)
    parts = []
    for one in question.metrics:
        metric = METRICS[one.name]
        by = [key for key, value in DIMENSIONS.items() if set(metric.bases) & set(value.bases)]
        facts = {
            "definition": metric.definition, "formula": metric.formula, "unit": metric.unit, "window": metric.window,
            "grain": metric.grain, "zero": metric.zero, "missing": metric.missing, "owner": metric.owner,
            "version": str(metric.version), "split by": ", ".join(by) or "nothing",
        }  # fmt: skip
        parts.append(
            "\n".join(
                [f"{metric.name}: {metric.title}", *(f"  {key:<11} {value}" for key, value in facts.items())]
            )
        )
    return "\n\n".join(parts)
