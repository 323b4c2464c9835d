"""`drumbeat intake KIND FILE…`: loads lists and lines of every kind, tells what happened, and undoes a whole file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .running import with_django

if TYPE_CHECKING:
    from drumbeat.apps.intake.actions import Outcome
    from drumbeat.apps.intake.shapes import Kind
    from drumbeat.apps.intake.uploads import Upload

MAPPINGS = Path(__file__).resolve().parents[2] / "library" / "mappings"
EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)
SHOWN = 20
WHAT = {
    "territories": "Load sales territories.",
    "products": "Load products with their categories.",
    "people": "Load people who sell, and who leads them.",
    "quotas": "Load what people are asked to sell, from day to day.",
    "rates": "Load rates of currencies by day.",
    "calendar": "Load the published fiscal calendar.",
    "deals": "Load deals.",
    "lines": "Load lines of sell-through.",
    "hours": "Load what an hour of a role costs.",
    "costs": "Load direct costs of partners.",
    "funds": "Load fund money: granted, reserved, payable, paid, expired.",
    "acts": "Load what partners did for deals.",
    "forecasts": "Load frozen forecasts of partners by month.",
    "cells": "Load where partners are wanted: territory, vertical, capability.",
}


def kind_commands() -> Iterator[click.Command]:
    yield from (_command(noun, what) for noun, what in WHAT.items())
    yield from (loads, undo, mappings)


def _command(noun: str, what: str) -> click.Command:
    @click.command(
        noun, help=f"{what} All rows of a FILE, or none. CSV, XLSX or JSON; CSV may be packed by gzip."
    )
    @click.argument("files", nargs=-1, required=True, type=EXISTING)
    @click.option(
        "--mapping",
        help="A mapping file or the name of a shipped one; it is learned for files of this layout.",
    )
    @click.option(
        "--beside",
        type=click.Path(file_okay=False, path_type=Path),
        help="The folder of the lists that the mapping looks things up in, if not the file's.",
    )
    @click.option(
        "--encoding",
        default="",
        help="Such as cp1252, where the file doesn't tell and the mapping doesn't say.",
    )
    @click.option("--dry-run", is_flag=True, help="Everything but the writing.")
    @click.option("--good-rows", is_flag=True, help="Load the good rows although others are wrong.")
    @click.option(
        "--errors",
        type=click.Path(dir_okay=False, path_type=Path),
        help="Write the wrong rows here, to mend and load.",
    )
    @click.option("--at", type=click.DateTime(), help="The moment of the load (UTC), if not now.")
    @with_django()
    def load(files: tuple[Path, ...], errors: Path | None, **told: Any) -> None:
        from drumbeat.apps.intake.kinds import KINDS

        for file in files:
            run_load(KINDS[noun], file, errors=errors, **told)

    return load


def run_load(
    kind: Kind, file: Path, *, mapping: str | None, beside: Path | None, encoding: str, dry_run: bool, good_rows: bool,
    errors: Path | None, at: datetime | None,
) -> Outcome:  # fmt: skip
    """One file; a refused one ends the command."""
    from drumbeat.apps.intake.actions import load_file
    from drumbeat.apps.intake.uploads import Upload
    from drumbeat.interfaces.kit.clock import moment

    upload = Upload(file.name, path=file)
    told = _mapping(mapping) if mapping else None
    with _watched(file.name) as watch:
        outcome = load_file(
            kind, upload, by=None, at=at.replace(tzinfo=UTC) if at else moment(), mapping=told,
            lists=_beside(beside or file.parent), encoding=encoding, is_dry=dry_run, good_rows=good_rows, watch=watch,
        )  # fmt: skip
    _tell(outcome, upload, is_dry=dry_run)
    if errors and outcome.wrong:
        _write_errors(outcome, upload, errors, encoding)
    if outcome.wrong and not good_rows:
        raise click.ClickException(
            f"{file.name}: {len(outcome.wrong):,} rows are refused; nothing was written."
        )
    return outcome


def _mapping(named: str) -> Upload:
    from drumbeat.apps.intake.uploads import Upload

    for path in (Path(named), MAPPINGS / f"{named}.yaml"):
        if path.is_file():
            return Upload(path.name, path=path)
    shipped = ", ".join(sorted(path.stem for path in MAPPINGS.glob("*.yaml")))
    raise click.ClickException(f"There is no mapping {named}. Name a file, or one of the shipped: {shipped}.")


class _beside(dict):  # type: ignore[type-arg]  # noqa: N801
    """The files of a folder by name, looked for only when a mapping asks."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get(self, name: str, default: Any = None) -> Any:
        from drumbeat.apps.intake.uploads import Upload

        path = self.folder / Path(name).name
        return Upload(path.name, path=path) if path.is_file() else default


@contextmanager
def _watched(name: str) -> Iterator[Callable[[int], object]]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    shown = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:,.0f} rows"),
        TimeElapsedColumn(),
    )
    with Progress(*shown, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(name, total=None)
        yield lambda rows: progress.update(task, completed=rows)


def _tell(outcome: Outcome, upload: Upload, *, is_dry: bool) -> None:
    reading, layout = outcome.reading, outcome.layout
    how = (
        f"mapping {reading.name}{' (learned)' if reading.is_learned else ''}"
        if reading.name
        else "columns named like fields"
    )
    form = ", ".join(filter(None, (layout.container, layout.encoding)))
    if outcome.loaded_before:
        before = outcome.loaded_before
        click.echo(
            f"{upload.name}: loaded on {before.loaded_at:%Y-%m-%d %H:%M} UTC already (load {before.pk}): nothing to do."
        )
        return
    click.echo(
        f"{upload.name}: {outcome.rows:,} rows ({form}; {how}), {outcome.skipped} left out by the mapping."
    )
    for wrong in sorted(outcome.wrong.values(), key=lambda one: one.row)[:SHOWN]:
        click.echo(
            f"error: row {wrong.row}, {wrong.column or 'row'}: {wrong.reason.rstrip('.')}. {wrong.mend}"
        )
    if len(outcome.wrong) > SHOWN:
        click.echo(f"… and {len(outcome.wrong) - SHOWN:,} more; --errors FILE writes all of them.")
    created, changed, unchanged = outcome.counts
    if not outcome.wrong or outcome.load:
        load = f"Load {outcome.load.pk}: " if outcome.load else "Would be: " if is_dry else ""
        click.echo(
            f"{load}{created:,} new, {changed:,} changed, {unchanged:,} known already, {len(outcome.wrong):,} refused."
        )


def _write_errors(outcome: Outcome, upload: Upload, path: Path, encoding: str) -> None:
    from drumbeat.apps.intake.errors import write_errors

    mapping = outcome.reading.mapping
    written = encoding or mapping.encoding or "utf-8-sig"
    with path.open("w", encoding=written, newline="") as out:
        count = write_errors(
            out,
            upload,
            outcome.wrong,
            encoding=encoding or mapping.encoding,
            sheet=mapping.sheet,
            wanted=mapping.own_columns,
        )
    click.echo(f"{count:,} rows to mend are in {path}.")


@click.command()
@with_django()
def loads() -> None:
    """List the files that were loaded, the latest first."""
    from drumbeat.apps.intake.models import Load

    for load in Load.objects.order_by("-pk")[:200]:
        state = (
            f"undone {load.undone_at:%Y-%m-%d}"
            if load.undone_at
            else f"{load.created} new, {load.changed} changed"
        )
        click.echo(
            f"{load.pk:>6}  {load.loaded_at:%Y-%m-%d %H:%M}  {load.noun:<12} {load.file_name:<40} {state}"
        )


@click.command()
@click.argument("load", type=int)
@click.option("--at", type=click.DateTime(), help="The moment (UTC), if not now.")
@with_django()
def undo(load: int, at: datetime | None) -> None:
    """Take a whole file back: every row is as it was before LOAD (its number is in `drumbeat intake loads`)."""
    from drumbeat.apps.intake.actions import undo_load
    from drumbeat.interfaces.kit.clock import moment

    done = undo_load(load, by=None, at=at.replace(tzinfo=UTC) if at else moment())
    click.echo(f"{done.file_name} (load {done.pk}) is undone.")


@click.command()
@with_django()
def mappings() -> None:
    """List the mappings that were learned, and the layouts they read."""
    from drumbeat.apps.intake.models import LearnedMapping

    for one in LearnedMapping.objects.order_by("noun", "name"):
        header = ", ".join(one.layout["header"][:6])
        click.echo(f"{one.noun:<12} {one.name:<32} {one.layout['container']:<5} {header}, …")
