"""`drumbeat routines`: read, publish and start routines, and see what a start would open."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from drumbeat.core.refusal import Refused
from drumbeat.interfaces.cli.running import with_django
from drumbeat.interfaces.cli.shaping import COMMANDS

if TYPE_CHECKING:
    from collections import Counter

    from drumbeat.apps.routines.queries import UpgradeLine
    from drumbeat.core.playbook import Routine as Playbook

DAY = click.DateTime(["%Y-%m-%d"])
WINDOW = timedelta(days=90)


@click.group()
def routines() -> None:
    """Read, publish and start routines."""


@routines.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
def check(files: tuple[Path, ...]) -> None:
    """Read routine FILES and say what is wrong, without touching the database."""
    from drumbeat.core.playbook import read_routine
    from drumbeat.library import shelves

    for file in files:
        reading = read_routine(file.read_text(encoding="utf-8"), str(file), shelves=shelves())
        for warning in reading.warnings:
            click.echo(f"warning: {warning}")
        click.echo(f"{file}: {reading.routine.key} is fine, {len(reading.routine.steps)} steps")


@routines.command("list")
@with_django()
def list_routines() -> None:
    """The routines there are, with version, status and how many subjects are on them."""
    from drumbeat.apps.routines.models import Routine

    for routine in Routine.objects.select_related("version"):
        running = routine.subscriptions.running().count()
        number = routine.version.number if routine.version else 0
        click.echo(f"{routine.key:<26} version {number:<3} {routine.status:<8} {running:>7} subscribed")


@routines.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--library", is_flag=True, help="publish the routines that ship with the product")
@with_django()
def publish(files: tuple[Path, ...], library: bool) -> None:
    """Publish routine FILES: all of them or, if one is wrong, none."""
    from django.db import transaction

    from drumbeat.apps.routines.actions import publish_version
    from drumbeat.interfaces.kit.clock import moment
    from drumbeat.library import routine_texts

    texts = {str(file): file.read_text(encoding="utf-8") for file in files}
    if library:
        texts |= routine_texts()
    if not texts:
        raise Refused("Nothing to publish", "Name files, or give --library.")
    with transaction.atomic():
        versions = [publish_version(text, by=None, at=moment(), source=name) for name, text in texts.items()]
    for version in versions:
        click.echo(f"{version.routine.key}: version {version.number}")


@routines.command()
@click.argument("key")
@click.option(
    "--all",
    "past_audience",
    is_flag=True,
    help="pass over the audience: every partner, whether it fits or not",
)
@click.option("--from", "from_on", type=DAY, help="first day; default today")
@click.option(
    "--until", "until_on", type=DAY, help="with --dry-run: the day after the last; default 90 days on"
)
@click.option("--dry-run", is_flag=True, help="count what it would open, write nothing")
@with_django()
def start(
    key: str, past_audience: bool, from_on: datetime | None, until_on: datetime | None, dry_run: bool
) -> None:
    """Start the routine KEY: publish it from the library if it is new, subscribe whom it fits, plan."""
    from drumbeat.interfaces.kit.clock import moment
    from drumbeat.workflows.previewing import subjects_of
    from drumbeat.workflows.starting import playbook_named, start_for

    at = moment()
    first = from_on.date() if from_on else at.date()
    playbook = playbook_named(key)
    if past_audience:
        click.echo(f"--all: the audience of {key} ({playbook.audience}) is passed over")
    if dry_run:
        _preview(playbook, past_audience, first, until_on.date() if until_on else first + WINDOW, at)
        return
    if until_on:
        raise Refused("--until needs --dry-run", "A routine that was started runs until it is retired.")
    count = start_for(playbook, subjects_of(playbook, at=at, past_audience=past_audience), on=first,
                      is_by_hand=past_audience, at=at)  # fmt: skip
    click.echo(f"{key} is live: {count} newly subscribed")


def _preview(playbook: Playbook, past_audience: bool, first, last, at: datetime) -> None:  # type: ignore[no-untyped-def]
    from drumbeat.apps.people.queries import vendor
    from drumbeat.workflows.previewing import preview_start, subjects_of

    if not vendor().is_set_up:
        click.echo("note: no vendor is set up yet; its days are taken as Monday to Friday in UTC")
    subjects = subjects_of(playbook, at=at, past_audience=past_audience)
    preview = preview_start(playbook, subjects, from_on=first, until_on=last)
    click.echo(
        f"{playbook.key} from {first} until {last} would open {preview.occurrences:,} occurrences "
        f"for {preview.subjects:,} {playbook.subject}s; nothing was written"
    )
    for title, counts in (
        ("month", preview.by_month),
        ("manager", preview.by_manager),
        ("zone", preview.by_zone),
    ):
        _table(title, counts)


def _table(title: str, counts: Counter[str]) -> None:
    click.echo(f"\nby {title}")
    for name, count in sorted(counts.items()):
        click.echo(f"  {name:<34} {count:>9,}")


@routines.command()
@click.argument("key")
@click.option("--dry-run", is_flag=True, help="show what would change, write nothing")
@with_django()
def upgrade(key: str, dry_run: bool) -> None:
    """Move what is open of the routine KEY to its published version; done steps stay done."""
    from drumbeat.apps.routines.actions import upgrade_routine
    from drumbeat.apps.routines.bridge import playbook_of
    from drumbeat.apps.routines.models import Routine
    from drumbeat.apps.routines.queries import upgrade_lines
    from drumbeat.interfaces.kit.clock import moment

    routine, at = Routine.objects.filter(key=key).select_related("version").first(), moment()
    if routine is None or routine.version is None:
        raise Refused(f"There is no published routine {key!r}", "Look at `drumbeat routines list`.")
    lines = upgrade_lines(routine, playbook_of(routine.version), at=at)
    for line in lines:
        click.echo(
            f"{line.occurrence.subscription.subject}, due {line.occurrence.due_at:%Y-%m-%d}: {_told(line)}"
        )
    if dry_run:
        click.echo(f"{len(lines)} occurrences run with another version; nothing was written")
        return
    done = upgrade_routine(routine, by=None, at=at)
    click.echo(
        f"{done.occurrences} moved to version {routine.version.number}, {done.stayed} are finished on theirs; steps: "
        f"{done.created} created, {done.moved} moved, {done.cancelled} left out"
    )


def _told(line: UpgradeLine) -> str:
    if line.changes is None:
        return f"stays, {line.stays}"
    words = [
        f"{word} {', '.join(sorted(keys))}"
        for word, keys in (
            ("creates", line.changes.create), ("moves", line.changes.move), ("leaves out", line.changes.cancel),
            ("is too late for", line.changes.past),
        )
        if keys
    ]  # fmt: skip
    hours = f"{line.changes.minutes_before} min, then {line.changes.minutes_after} min"
    return f"{'; '.join(words) or 'changes nothing'} ({hours})"


@routines.command()
@click.argument("what", metavar="[KEY|FILE]", required=False)
@click.option("--from", "from_on", type=DAY, help="first day; default the next quarter's")
@click.option("--until", "until_on", type=DAY, help="the day after the last; default a quarter on")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")
@click.option("--rows", "longest", default=15, help="lines of each table that are printed")
@with_django()
def simulate(
    what: str | None, from_on: datetime | None, until_on: datetime | None, form: str, longest: int
) -> None:
    """What a window holds today, and with a routine KEY or the text in FILE started or changed. Nothing is written.

    A KEY that is live already is compared with itself; without anything the channel is shown as it is.
    """
    import json

    from drumbeat.interfaces.kit.clock import moment
    from drumbeat.interfaces.kit.simulated import tables_of
    from drumbeat.interfaces.kit.tabletexts import as_plain, as_texts
    from drumbeat.workflows.simulating import quarter_after, simulate

    at = moment()
    first, last = quarter_after(at.date())
    if from_on:
        first, last = from_on.date(), from_on.date() + WINDOW
    last = until_on.date() if until_on else last
    tables = tables_of(simulate(_playbook_in(what) if what else None, from_on=first, until_on=last, at=at))
    if form == "json":
        told = {"from": first.isoformat(), "until": last.isoformat()}
        click.echo(json.dumps(told | {table.key: as_plain(table) for table in tables}, ensure_ascii=False))
        return
    click.echo(f"{first} until {last}; nothing was written")
    for line in as_texts((table for table in tables if table.key != "loads"), longest):
        click.echo(line)


def _playbook_in(what: str) -> Playbook:
    from drumbeat.core.playbook import read_routine
    from drumbeat.library import shelves
    from drumbeat.workflows.starting import playbook_named

    file = Path(what)
    if not file.is_file():
        return playbook_named(what)
    return read_routine(file.read_text(encoding="utf-8"), what, shelves=shelves()).routine


for command in COMMANDS:
    routines.add_command(command)
