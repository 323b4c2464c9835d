"""`drumbeat capacity`: how many partners fit each channel manager, by the live routines and today's assignments."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import click

from drumbeat.interfaces.cli.running import with_django

if TYPE_CHECKING:
    from drumbeat.workflows.balancing import Holding


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
@with_django()
def capacity(from_on: datetime | None, internal: float, reserve: float, fill: float) -> None:
    """How many partners fit one channel manager: hours a year against what live routines need of him."""
    from drumbeat.core.capacity import Assumptions
    from drumbeat.interfaces.kit.clock import moment
    from drumbeat.workflows.balancing import holdings

    at = moment()
    held = holdings(
        from_on=from_on.date() if from_on else at.date(), at=at, assumed=Assumptions(internal, reserve, fill)
    )
    for tier, hours in sorted(held.needs.items()):
        click.echo(f"{tier:<12} {hours:8.2f} hours a partner and year")
    click.echo(f"\n{'manager':<26}{'hours':>8}{'planned':>9}{'own':>8}{'partners':>10}{'fit':>8}")
    for one in held.managers:
        click.echo(_line(one.person.name if one.person else "", one))
    if held.managers:
        click.echo(_line("one of them on average", held.everybody))


def _line(name: str, one: Holding) -> str:
    fits = "any" if one.fit.partners is None else f"{one.fit.partners:,}"
    count = sum(one.partners.values())
    return f"{name:<26}{one.hours:8.0f}{one.fit.plannable:9.0f}{one.fit.fixed:8.0f}{count:10,}{fits:>8}"
