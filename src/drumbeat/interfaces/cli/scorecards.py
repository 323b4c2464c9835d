"""`drumbeat scorecards`: publishes versions, scores partners as of a day, and says why a score changed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .running import with_django

if TYPE_CHECKING:
    from drumbeat.apps.scorecards.models import Scorecard

DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def scorecards() -> None:
    """Weigh measures of partners into one figure that adds up."""


@scorecards.command("list")
@with_django()
def listed() -> None:
    """Print the scorecards: key, version, title."""
    from drumbeat.apps.scorecards.models import Scorecard

    for card in Scorecard.objects.select_related("version"):
        click.echo(f"{card.key}\t{card.version or 'not published'}\t{card.title}")


@scorecards.command()
@click.argument("name")
@with_django()
def publish(name: str) -> None:
    """Publish the next version from a file, or one that ships by its key. The same text again is the same version."""
    from drumbeat.apps.scorecards.actions import publish_scorecard
    from drumbeat.core.refusal import insist
    from drumbeat.interfaces.kit.clock import moment
    from drumbeat.library import scorecard_texts

    shipped, path = scorecard_texts(), Path(name)
    insist(
        name in shipped or path.is_file(),
        f"There is no scorecard {name}",
        f"Name a file, or one of those that ship: {', '.join(shipped)}",
    )
    text = path.read_text(encoding="utf-8") if path.is_file() else shipped[name]
    version = publish_scorecard(text, by=None, at=moment(), source=name)
    click.echo(f"{version.scorecard.key}: version {version.number}")


@scorecards.command()
@click.argument("key")
@click.option("--on", type=DAY, help="As of the beginning of this day; else of the month.")
@with_django()
def score(key: str, on: datetime | None) -> None:
    """Score all active and joining partners; the same day again is stated anew."""
    from drumbeat.apps.scorecards.actions import score_partners
    from drumbeat.interfaces.kit.clock import moment

    at = moment()
    day = on.date() if on else at.date().replace(day=1)
    click.echo(f"{score_partners(_card(key), on=day, at=at)} partners scored as of {day}")


@scorecards.command()
@click.argument("key")
@click.argument("partner")
@with_django()
def explain(key: str, partner: str) -> None:
    """Print a partner's scores, newest first, and why each changed; then the parts of the newest."""
    from drumbeat.apps.scorecards.models import Score
    from drumbeat.apps.scorecards.queries import points_of, standings_of
    from drumbeat.core.scorecards import told

    found = Score.objects.filter(scorecard=_card(key), partner__key=partner).select_related("version")
    scores = list(found.order_by("on"))
    for one, change in reversed(standings_of(scores)):
        click.echo(f"{one.on}\t{one.total}\t{one.band}\t{told(change) if change else 'first score'}")
    for part in points_of(scores[-1]).parts if scores else ():
        value = "unknown" if part.value is None else f"{float(part.value):g}"
        points = "" if part.points is None else f"{float(part.points):.2f}"
        click.echo(f"  {part.part.label}\t{value}\t{points}")


def _card(key: str) -> Scorecard:
    from drumbeat.apps.scorecards.models import Scorecard
    from drumbeat.core.refusal import Refused

    card = Scorecard.objects.filter(key=key).select_related("version").first()
    if card is None:
        raise Refused(f"There is no scorecard {key}", "`drumbeat scorecards list` names them")
    return card
