"""Before a version is written: the routines that its steps open must be there and lead nowhere back."""

from __future__ import annotations

from drumbeat.apps.routines.bridge import playbook_of
from drumbeat.apps.routines.models import Routine
from drumbeat.core.playbook import Routine as Playbook
from drumbeat.core.playbook import RoutineErrors, read_routine
from drumbeat.core.playbook.subroutines import check_subroutines
from drumbeat.library import routine_texts


def refuse_bad_subroutines(playbook: Playbook, source: str) -> None:
    """What is published counts, else what ships with the product. Raises RoutineErrors."""
    if not any(step.routine for step in playbook.steps):
        return
    published = {
        routine.key: playbook_of(routine.version)
        for routine in Routine.objects.exclude(version=None).select_related("version")
        if routine.version
    }
    texts = routine_texts()

    def find(key: str) -> Playbook | None:
        if key in published:
            return published[key]
        return read_routine(texts[key], key).routine if key in texts else None

    if problems := check_subroutines(playbook, find, {*published, *texts}, source):
        raise RoutineErrors(problems)
