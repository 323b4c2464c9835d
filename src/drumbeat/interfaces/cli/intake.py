"""Loading lists of the house from files: reads the files, shows what would happen, loads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .intake_kinds import kind_commands
from .running import with_django

if TYPE_CHECKING:
    from drumbeat.apps.intake.queries import File, Plan
    from drumbeat.apps.intake.tables import Row

MAPPINGS = Path(__file__).resolve().parents[2] / "library" / "mappings"
EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)
SHOWN = 20


@click.group()
def intake() -> None:
    """Load lists from files."""


@intake.command()
@click.argument("file", type=EXISTING)
@click.option(
    "--mapping",
    help="A mapping file, or the name of a shipped one; without it columns are named like fields.",
)
@click.option("--places", type=EXISTING, help="The file of places, if it isn't beside the list.")
@click.option("--dry-run", is_flag=True, help="Everything but the writing.")
@click.option(
    "--preview", default=3, show_default=True, help="So many new partners are shown as they would be."
)
@click.option(
    "--errors",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write errors and warnings here, as CSV.",
)
@click.option("--at", type=click.DateTime(), help="The moment of the load (UTC), if not now.")
@with_django()
def partners(
    file: Path,
    mapping: str | None,
    places: Path | None,
    dry_run: bool,
    preview: int,
    errors: Path | None,
    at: datetime | None,
) -> None:
    """Load partners from a CSV file: all rows, or none."""
    from drumbeat.apps.intake.actions import load_partners
    from drumbeat.apps.intake.queries import plan_partners
    from drumbeat.interfaces.kit.clock import moment

    told = _mapping_file(mapping) if mapping else None
    plan = plan_partners(_file(file), mapping=told, places=_places_file(file, places, told), along=_watched)
    _show(plan, preview)
    if errors:
        _write_findings(plan, errors)
    if plan.errors:
        raise click.ClickException(f"{plan.refused_rows} rows are refused; nothing was written.")
    if not dry_run:
        load = load_partners(plan, by=None, at=at.replace(tzinfo=UTC) if at else moment())
        if not plan.loaded_before:
            click.echo(f"Loaded: {load.created} partners added, {load.changed} changed.")


def _file(path: Path) -> File:
    from drumbeat.apps.intake.queries import File

    return File(path.name, path.read_bytes())


def _mapping_file(named: str) -> File:
    for path in (Path(named), MAPPINGS / f"{named}.yaml"):
        if path.is_file():
            return _file(path)
    shipped = ", ".join(sorted(path.stem for path in MAPPINGS.glob("*.yaml")))
    raise click.ClickException(f"There is no mapping {named}. Name a file, or one of the shipped: {shipped}.")


def _places_file(file: Path, places: Path | None, mapping: File | None) -> File | None:
    """The named one, else the one that the mapping names, if it lies beside the list."""
    from drumbeat.apps.intake.queries import places_wanted

    wanted = places_wanted(mapping) if mapping else ""
    beside = file.parent / Path(wanted).name
    return _file(places) if places else _file(beside) if wanted and beside.is_file() else None


def _watched(rows: Sequence[Row]) -> Iterator[Row]:
    from rich.console import Console
    from rich.progress import track

    yield from track(rows, "Reading", console=Console(stderr=True), transient=True)


def _show(plan: Plan, preview: int) -> None:
    table = plan.table
    click.echo(f"{table.name}: {len(table.rows)} rows, {table.encoding}; mapping: {plan.mapping.title}.")
    if plan.loaded_before:
        when = plan.loaded_before.loaded_at
        click.echo(f"This file was loaded on {when:%Y-%m-%d %H:%M} UTC already: nothing to do.")
        return
    _show_rows(plan, preview)
    for finding in [*plan.errors, *plan.warnings][:SHOWN]:
        click.echo(f"{'error' if finding.is_error else 'warning'}: {finding}")
    if len(plan.findings) > SHOWN:
        click.echo(f"… and {len(plan.findings) - SHOWN} more; --errors FILE writes all of them.")
    click.echo(
        f"{len(plan.new)} new, {len(plan.changed)} changed, {plan.unchanged} unchanged, "
        f"{plan.refused_rows} refused, {plan.warned_rows} warned."
    )


def _show_rows(plan: Plan, preview: int) -> None:
    """The first new partners side by side, a field a line."""
    from rich.console import Console
    from rich.table import Table

    rows = plan.new[:preview]
    if rows:
        shown = Table("field", *(f"{number}." for number in range(1, len(rows) + 1)))
        for name in rows[0]:
            shown.add_row(name, *(_plain(values.get(name)) for values in rows))
        Console().print(shown)


def _plain(value: object) -> str:
    """What a terminal may show: control characters could steer it, square brackets would colour it."""
    from rich.markup import escape

    text = "" if value is None else str(value).replace("\n", ", ")
    return escape("".join(sign if sign.isprintable() else "�" for sign in text))


def _write_findings(plan: Plan, path: Path) -> None:
    from drumbeat.apps.intake.findings import findings_file

    path.write_text(findings_file(plan.findings), encoding="utf-8-sig", newline="")
    click.echo(f"{len(plan.findings)} findings are in {path}.")


for _command in kind_commands():
    intake.add_command(_command)
