"""What routines are called, which of them write to people, and the texts behind promises."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import F

from drumbeat.apps.asking import ask
from drumbeat.apps.routines.bridge import playbooks
from drumbeat.apps.routines.models import SETTLED_STATES, Occurrence, PlaybookStep, Step, StepState
from drumbeat.core.playbook import Routine as Playbook


def titles_of(keys: Iterable[str]) -> dict[str, str]:
    """Routine key -> title."""
    return dict(ask("SELECT key, title FROM routines_routine WHERE key = ANY(%s)", [list(keys)]))


def routines_that_mail() -> frozenset[str]:
    """Keys of the routines whose present version writes mails."""
    mailing = PlaybookStep.objects.filter(kind="mail", version__routine__version=F("version"))
    return frozenset(mailing.values_list("version__routine__key", flat=True).distinct())


def texts_behind(promises: Iterable[int]) -> dict[int, Playbook]:
    """Promise of an occurrence -> the text that it runs with; other promises are left out."""
    versions = dict(
        Occurrence.objects.filter(promise__in=list(promises)).values_list("promise_id", "version_id")
    )
    texts = playbooks(set(versions.values()))
    return {promise: texts[version] for promise, version in versions.items()}


def undone_steps(promises: Iterable[int]) -> set[tuple[int, str]]:
    """(promise of an occurrence, key of a step of it) for each step that somebody may still do."""
    over = [*SETTLED_STATES, StepState.LAPSED]
    steps = Step.objects.filter(occurrence__promise__in=list(promises)).exclude(state__in=over)
    return set(steps.values_list("occurrence__promise_id", "playbook_step__key"))
