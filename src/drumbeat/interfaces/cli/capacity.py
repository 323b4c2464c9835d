"""`drumbeat capacity`: how many partners fit each channel manager, by the live routines and today's assignments."""

from __future__ import annotations

from datetime import datetime

import click

from drumbeat.interfaces.cli.running import with_django


@click.command()
@click.option(
    "--from", "from_on", type=click.DateTime(["%Y-%m-%d"]), help="First day of the year; default today."
)
@click.option(
    "--internal", type=click.FloatRange(0, 1), default=0.35, show_default=True, help="Share of internal work."
)
@click.option(
    "--reserve",
    type=click.FloatRange(0, 1),
    default=0.20,
    show_default=True,
    help="Share for what nobody plans.",
)
@click.option(
    "--fill", type=click.FloatRange(0, 1), default=0.85, show_default=True, help="How full to plan."
)
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")
@with_django()
def capacity(from_on: datetime | None, internal: float, reserve: float, fill: float, form: str) -> None:
    """How many partners fit one channel manager: hours a year against what live routines need of him."""
    import json

    from drumbeat.core.capacity import Assumptions
    from drumbeat.interfaces.kit.capacities import tables_of
    from drumbeat.interfaces.kit.clock import moment
    from drumbeat.interfaces.kit.tabletexts import as_plain, as_texts
    from drumbeat.workflows.balancing import holdings

    at = moment()
    first, assumed = from_on.date() if from_on else at.date(), Assumptions(internal, reserve, fill)
    tables = tables_of(holdings(from_on=first, at=at, assumed=assumed))
    if form == "json":
        click.echo(json.dumps({table.key: as_plain(table) for table in tables}, ensure_ascii=False))
        return
    for line in as_texts(tables, longest=10_000):
        click.echo(line)
