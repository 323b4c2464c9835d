"""Reports by name, whether they ship or were saved here, as compositions. A saved one is composed from its blueprint."""

from __future__ import annotations

from drumbeat.apps.savedreports.models import SavedReport
from drumbeat.apps.savedreports.queries import saved_report
from drumbeat.core.metrics.blueprint import Blueprint, blueprint_of, kept_blueprint
from drumbeat.core.refusal import Refused

from .composition import CHANNEL, EVERY, Composition
from .compositions import COMPOSITIONS
from .periods import rule_of
from .sections import own

PREVIEW = "own-preview"


def composition_named(report: str) -> Composition:
    """Raises Refused where there is none, or one that was retired."""
    if report in COMPOSITIONS:
        return COMPOSITIONS[report]
    saved = saved_report(report)
    if saved is None:
        raise Refused(
            f"There is no report {report!r}", f"Use one of {', '.join(COMPOSITIONS)}", field="report"
        )
    if saved.retired_at:
        raise Refused(
            f"The report {saved.title!r} is retired", "Name another one in its place", field="report"
        )
    return composition_of(saved)


def composition_of(saved: SavedReport) -> Composition:
    return composed(blueprint_of(saved.blueprint), saved.title, saved.purpose)


def composed(blueprint: Blueprint, title: str, purpose: str = "") -> Composition:
    """Partners never get it by mail: what it shows of them nobody has looked through."""
    safe = title.replace("{", "{{").replace("}", "}}")
    return Composition(
        name=title,
        purpose=purpose,
        title=f"{safe}: {{subject}}, {{period}}",
        period=rule_of(blueprint),
        subjects=EVERY[::-1] if blueprint.is_of_partners else (CHANNEL,),
        for_partners=False,
        sections=own.sections_of(blueprint),
        blueprint=kept_blueprint(blueprint),
    )
