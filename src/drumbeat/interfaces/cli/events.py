"""`drumbeat events`: what happened, what may happen, posting it, and the systems that may post."""

from __future__ import annotations

import secrets
import sys
from pathlib import Path

import click

from .running import with_django

EXISTING = click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)


@click.group()
def events() -> None:
    """Events: what opens routines."""


@events.command()
@click.argument("noun", required=False)
def kinds(noun: str | None) -> None:
    """The vocabulary: every event, what it means and which facts it may bring; of one NOUN, or all."""
    from drumbeat.core.events import KINDS

    for kind in KINDS.values():
        if noun in (None, kind.noun):
            facts = ", ".join(kind.fields)
            click.echo(f"{kind.name:<24} {kind.meaning}" + (f"\n{'':<25}{facts}" if noun else ""))


@events.command("list")
@click.option("--kind", help="only of this kind")
@click.option("--partner", help="only of the partner with this key")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 1000))
@with_django()
def list_events(kind: str | None, partner: str | None, limit: int) -> None:
    """The last events, newest first, and what routines made of them."""
    from drumbeat.workflows.recounting import last_events

    for told in last_events(kind=kind, partner=partner, limit=limit):
        click.echo(f"{told.event.at:%Y-%m-%d %H:%M}  {told.event.kind:<24} {told.about}")
        for reaction in told.reactions:
            detail = f" ({reaction.detail})" if reaction.detail else ""
            click.echo(f"{'':<18}{reaction.routine.key}: {reaction.get_verdict_display().lower()}{detail}")


@events.command()
@click.argument("file", type=EXISTING, default="-")
@click.option("--source", default="", help="who posts; keys are unique within it")
@click.option("--dry-run", is_flag=True, help="everything but the writing")
@with_django()
def post(file: Path, source: str, dry_run: bool) -> None:
    """Post events and facts from FILE, or standard input: one JSON object a line, all of them or none."""
    from drumbeat.interfaces.kit.clock import moment
    from drumbeat.workflows.listening import take_posts

    text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    posted = take_posts(text, source=source, at=moment(), is_dry=dry_run)
    known = f", {posted.known} known already" if posted.known else ""
    click.echo(
        f"{posted.events} events and {posted.facts} facts{known}" + ("; nothing was written" * dry_run)
    )


@events.group()
def source() -> None:
    """Other systems that may post events."""


@source.command()
@click.argument("name")
@with_django()
def add(name: str) -> None:
    """Let the system NAME post; shows its secret once."""
    from django.conf import settings

    from drumbeat.apps.events.actions import add_source
    from drumbeat.interfaces.kit.clock import moment

    secret = secrets.token_urlsafe(32)
    added = add_source(name, secret, at=moment())
    click.echo(f"{settings.PUBLIC_URL}/api/events/{added.name}/")
    click.echo(f"secret: {secret}")
    click.echo("It is shown this once. How to sign with it: docs/guide/triggers.md")


@source.command("list")
@with_django()
def list_sources() -> None:
    """The systems there are."""
    from drumbeat.apps.events.models import Source

    for one in Source.objects.all():
        state = f"closed {one.closed_at:%Y-%m-%d}" if one.closed_at else "open"
        click.echo(f"{one.name:<40} since {one.added_at:%Y-%m-%d}, {state}")


@source.command()
@click.argument("name")
@with_django()
def close(name: str) -> None:
    """The system NAME may post no longer."""
    from drumbeat.apps.events.actions import close_source
    from drumbeat.interfaces.kit.clock import moment

    close_source(name, at=moment())
    click.echo(f"{name} is closed")
