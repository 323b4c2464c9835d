"""`drumbeat cadence`: what dates a rule gives, and why a routine falls due when it does."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, BinaryIO
from zoneinfo import ZoneInfo

import click

from drumbeat.core.refusal import Refused
from drumbeat.interfaces.cli.running import with_django

if TYPE_CHECKING:
    from drumbeat.core.planning import Wanted

LONGEST_LINE = 1_000_000
SHOWN = 12
FORESEEN_YEARS = 22


@click.group()
def cadence() -> None:
    """Ask rules for their dates, and due moments for their reasons."""


@cadence.command()
def expand() -> None:
    """Answer cases read as JSON lines from standard input, each at once with one line.

    A case gives kind, dtstart, tz, rrule, rdate, exdate, from, until_window, count; working days also calendar,
    weekend and holidays. The answer is {"id": …, "dates": […]} or {"id": …, "refused": "why"}. No database is needed.
    """
    from drumbeat.interfaces.cli.answers import answer

    for line in _lines(sys.stdin.buffer):
        reply = answer(line) if line else {"id": None, "refused": f"The line is over {LONGEST_LINE:,} bytes"}
        sys.stdout.write(json.dumps(reply) + "\n")
        sys.stdout.flush()


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """Line by line as they come; one beyond all measure is passed over and stands as an empty one."""
    while line := stream.readline(LONGEST_LINE):
        yield line if line.endswith(b"\n") or len(line) < LONGEST_LINE else b""
        while len(line) == LONGEST_LINE and not line.endswith(b"\n"):
            line = stream.readline(LONGEST_LINE)


@cadence.command()
@click.argument("key")
@click.option("--partner", help="Key of the partner whose zone, calendar and place in the spread count.")
@click.option("--zone", help="Without a database: the zone, such as Europe/Berlin.")
@click.option("--country", default="", help="Without a database: whose holidays, such as DE or DE-BY.")
@click.option("--from", "from_on", type=click.DateTime(["%Y-%m-%d"]), help="First day; default today.")
def explain(key: str, partner: str | None, zone: str | None, country: str, from_on: datetime | None) -> None:
    """Print the next 12 due moments of the routine KEY, each with the reason why it falls there.

    With --partner it asks the database; with --zone (and --country) it needs none, takes KEY from the library, and that
    place stands for partner, manager and vendor alike.
    """
    if bool(partner) == bool(zone):
        raise Refused(
            "Nobody is named whose moments they are", "Give a --partner, or else a --zone with its --country."
        )
    at = from_on.replace(tzinfo=UTC) if from_on else None
    if partner:
        _explain_for_partner(key, partner, at)
    elif zone:
        _explain_for_place(key, zone, country, at)


@with_django()
def _explain_for_partner(key: str, partner_key: str, at: datetime | None) -> None:
    from drumbeat.apps.partners.models import Partner
    from drumbeat.interfaces.kit.clock import moment
    from drumbeat.workflows.foreseeing import foresee
    from drumbeat.workflows.starting import playbook_named

    partner = Partner.objects.filter(key=partner_key).first()
    if partner is None:
        raise Refused(f"There is no partner {partner_key!r}", "Take the key from the address of its page.")
    _print(foresee(playbook_named(key), partner, at=at or moment(), count=SHOWN))


def _explain_for_place(key: str, zone: str, country: str, at: datetime | None) -> None:
    from drumbeat.core.calendars import WorkingCalendar, national_calendar
    from drumbeat.core.foresight import next_moments
    from drumbeat.core.places import zone_name
    from drumbeat.core.planning import Setting
    from drumbeat.core.playbook import read_routine
    from drumbeat.interfaces.kit.clock import moment
    from drumbeat.library import routine_texts

    if key not in routine_texts():
        raise Refused(f"The library has no routine {key!r}", f"Take one of {', '.join(routine_texts())}.")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "drumbeat.config.settings")
    at = at or moment()
    years = range(at.year - 1, at.year + FORESEEN_YEARS)
    place, _, subdivision = country.partition("-")
    calendar = (
        national_calendar(place, subdivision or None, years)
        if place
        else WorkingCalendar("Monday to Friday", frozenset({5, 6}))
    )
    setting, routine = (
        Setting(ZoneInfo(zone_name(zone)), calendar),
        read_routine(routine_texts()[key], key).routine,
    )
    if routine.trigger:
        raise Refused(
            f"{key} is opened by events", "Nobody knows when the next one comes: drumbeat events list."
        )
    _print(next_moments(routine, setting, phase=0, anchor=at.date(), at=at, count=SHOWN))


def _print(moments: list[Wanted]) -> None:
    from drumbeat.core.explaining import explain as in_words

    for moment in moments:
        click.echo(f"{moment.due_at:%Y-%m-%d %H:%MZ}  {in_words(moment.why)}")
    if len(moments) < SHOWN:
        click.echo("No further occurrence.")
