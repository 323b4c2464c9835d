"""`demo`: the installation to look at, in a database and a time of its own."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from drumbeat.core.refusal import Refused

from .running import bring_up_to_date, leave_database
from .serving import address_options, held_database, refuse_running, run_parts, url_of
from .supervisor import until_signal

MOMENT = click.DateTime(["%Y-%m-%dT%H:%M"])


@click.command()
@address_options
@click.option("--at", "wanted", type=MOMENT, help="Where the demo's time starts, in the vendor's zone.")
@click.option("--fresh", is_flag=True, help="Build the demo anew.")
def demo(host: str, port: int, wanted: datetime | None, fresh: bool) -> None:
    """Look at Drumbeat: an invented vendor with a lived-in year, opened on a working morning."""
    home = settle_home()
    os.environ.setdefault("DRUMBEAT_URL", url_of(host, port).rstrip("/"))
    with until_signal():
        refuse_running(port)
        make_room(home, fresh)
        with held_database() as is_well:
            bring_up_to_date()
            start = live_until(wanted, home)
            leave_database()
            turn_clock(start)
            run_parts(host, port, is_well, lambda: introduce(host, port, start))


def settle_home() -> Path:
    """The demo keeps its files apart from those of a real installation in the same checkout."""
    from drumbeat.config.settled import settled_path

    home = settled_path() / "demo"
    os.environ["DRUMBEAT_HOME"] = str(home)
    return home


def make_room(home: Path, fresh: bool) -> None:
    """Removes the old demo when asked to, and one whose building was cut short."""
    from drumbeat.config.database import named_url

    is_cut_short = unfinished(home).exists()
    if not (fresh or is_cut_short):
        return
    if named_url():
        raise Refused(
            "A demo in a database that DRUMBEAT_DATABASE_URL names is not removed",
            f"Name an empty database, and remove {unfinished(home)}."
            if is_cut_short
            else "Name an empty one.",
        )
    shutil.rmtree(home / "postgresql", ignore_errors=True)
    unfinished(home).unlink(missing_ok=True)


def unfinished(home: Path) -> Path:
    return home / "unfinished"


def live_until(wanted: datetime | None, home: Path) -> datetime:
    """The demo's database, built or brought forward to the moment where its time starts, which is returned."""
    from drumbeat import demo as channel
    from drumbeat.apps.people.models import Vendor

    vendor = Vendor.objects.first()
    if vendor and not vendor.is_demo:
        raise Refused(f"This database is that of {vendor.name}, no demo", "Name an empty one.")
    start = wanted.replace(tzinfo=ZoneInfo(channel.ZONE)) if wanted else channel.opens_at(datetime.now(UTC))
    lived = lived_until() if vendor else None
    if lived is None:
        unfinished(home).touch()
        with progress_bar("Living a year of partner channel") as progress:
            channel.build_demo(start.astimezone(UTC), progress)
        unfinished(home).unlink()
    elif start > lived:
        with progress_bar("Living the days since") as progress:
            channel.catch_up_demo(start.astimezone(UTC), progress)
    elif wanted:
        raise Refused(
            f"The demo has lived until {lived.astimezone(start.tzinfo):%Y-%m-%dT%H:%M} already",
            "Give a later moment, or build it anew with --fresh (make demo FRESH=1).",
        )
    return max(start, lived or start)


def lived_until() -> datetime | None:
    """The last moment at which anything happened in the demo's time."""
    from django.db.models import Max

    from drumbeat.apps.events.models import Event
    from drumbeat.apps.ledger.models import Entry

    event = Event.objects.aggregate(last=Max("at"))["last"]
    entry = Entry.objects.aggregate(last=Max("recorded_at"))["last"]
    return max((at for at in (event, entry) if at), default=None)


def turn_clock(start: datetime) -> None:
    """The parts read the clock with this offset, so that their now begins at `start`."""
    os.environ["DRUMBEAT_CLOCK_OFFSET"] = str((start - datetime.now(UTC)).total_seconds())


@contextmanager
def progress_bar(title: str) -> Iterator[Callable[[float, str], None]]:
    """Shows the part done, 0 to 1, and what is being lived."""
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    what = TextColumn("{task.fields[what]}")
    with Progress(TextColumn(title), BarColumn(), TaskProgressColumn(), TimeElapsedColumn(), what) as bar:
        task = bar.add_task(title, total=1.0, what="")
        yield lambda part, day: bar.update(task, completed=part, what=day)


def introduce(host: str, port: int, start: datetime) -> None:
    from drumbeat.demo import PASSWORD, STAFF, ZONE

    here = start.astimezone(ZoneInfo(ZONE))
    click.echo(f"\nDrumbeat answers on {url_of(host, port)}")
    click.echo(
        f"There it is {here:%A, %d %B %Y, %H:%M} ({ZONE}). Sign in as one of these; Ctrl-C stops it.\n"
    )
    for member in STAFF:
        click.echo(f"  {member.email:<28} {member.role.replace('_', ' '):<20} {member.name}")
    click.echo(f"\n  The password of all: {PASSWORD}\n")
