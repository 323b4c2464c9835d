"""What the machine has to do by a moment: quick looks, so that a beat with nothing to do costs next to nothing."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count

from drumbeat.apps.asking import ask
from drumbeat.apps.routines import statements
from drumbeat.apps.routines.models import Step, StepState
from drumbeat.core.waiting import Waiting


def due_by_kind(at: datetime) -> dict[str, int]:
    """Kind -> steps that may be due; `condition` counts people's steps whose own `when` is to be judged."""
    return dict(ask(statements.DUE_BY_KIND, {"at": at}))


def unopened(at: datetime) -> Waiting:
    """Moments whose time has come and that are not open yet."""
    return _waiting(statements.UNOPENED, at)


def unperformed(at: datetime) -> Waiting:
    """Steps that the machine could do now, in nobody's hands."""
    return _waiting(statements.UNPERFORMED, at)


def _waiting(statement: str, at: datetime) -> Waiting:
    [row] = ask(statement, {"at": at})
    return Waiting(*row)


def stuck_by_state() -> dict[str, int]:
    """Steps that wait for a server, failed, or of which nobody knows whether they were done."""
    stuck = Step.objects.filter(state__in=[StepState.HANDED, StepState.FAILED, StepState.UNCERTAIN])
    return dict(stuck.values_list("state").annotate(Count("pk")))
