"""`drumbeat calendar`: what Drumbeat understands of calendar files. Needs no database and changes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from drumbeat.interfaces.cli.files import read_each


@click.group()
def calendar() -> None:
    """Ask what a calendar file says."""


@calendar.command("read")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
def read(files: tuple[Path, ...]) -> None:
    """Print one JSON line for each .ics file, in order: the event, several under `events`, or why it is refused."""
    read_each(files, _told)


def _told(raw: bytes) -> dict[str, Any]:
    from drumbeat.core.icalreading import read_calendar

    return read_calendar(raw).as_json()
