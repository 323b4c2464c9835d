"""A saved report is retired only when no routine in force builds it any more."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from drumbeat.apps.people.models import Account
from drumbeat.apps.routines.bridge import playbook_of
from drumbeat.apps.routines.models import Routine
from drumbeat.apps.savedreports.actions import retire_report
from drumbeat.apps.savedreports.models import SavedReport
from drumbeat.core.refusal import insist


@transaction.atomic
def retire_saved_report(report: SavedReport, *, by: Account, at: datetime) -> None:
    routines = routines_that_build(report)
    insist(
        not routines,
        f"{report.title} is built by {', '.join(one.title for one in routines)}",
        "Name another report in that routine and publish it first",
    )
    retire_report(report, by=by, at=at)


def routines_that_build(report: SavedReport) -> list[Routine]:
    """Those whose version in force names it in a step."""
    named = Routine.objects.exclude(status=Routine.Status.RETIRED).filter(version__text__contains=report.key)
    return [one for one in named.select_related("version") if _builds(one, report.key)]


def _builds(routine: Routine, key: str) -> bool:
    assert routine.version, "it was found by its version's text"
    return any(step.report == key for step in playbook_of(routine.version).steps)
