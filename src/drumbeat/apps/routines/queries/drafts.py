"""Drafts as they stand: their text, who saved it, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from drumbeat.apps.people.models import Account
from drumbeat.apps.routines.models import Routine, RoutineDraft
from drumbeat.apps.routines.queries.shelves import shelves_now
from drumbeat.core.playbook import Problem, RoutineErrors, read_routine
from drumbeat.core.playbook import Routine as Playbook


@dataclass(frozen=True, slots=True)
class DraftText:
    """The text to go on with: of the draft, or of the version in force when nobody has begun one (`stamp` 0)."""

    key: str
    text: str
    stamp: int
    routine: Routine | None
    saved_at: datetime | None = None
    saved_by: Account | None = None

    @property
    def is_saved(self) -> bool:
        return self.stamp > 0

    @property
    def published(self) -> str:
        """The text in force; nothing for a routine that isn't there yet."""
        return self.routine.version.text if self.routine and self.routine.version else ""


def draft_of(key: str) -> DraftText | None:
    """None when there is neither a draft nor a routine of this key."""
    draft = RoutineDraft.objects.filter(key=key).select_related("saved_by", "routine__version").first()
    if draft:
        return DraftText(key, draft.text, draft.stamp, draft.routine, draft.saved_at, draft.saved_by)
    routine = Routine.objects.filter(key=key).exclude(version=None).select_related("version").first()
    return DraftText(key, routine.version.text, 0, routine) if routine and routine.version else None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What reading the text of a draft says: the playbook when nothing is wrong with it."""

    playbook: Playbook | None
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


def judge_draft(key: str, text: str) -> Verdict:
    """Everything wrong at once; a draft must keep its key."""
    try:
        reading = read_routine(text, shelves=shelves_now())
    except RoutineErrors as errors:
        return Verdict(None, errors.problems, ())
    if reading.routine.key != key:
        problem = Problem(
            "", 1, "routine", f"this is the draft of {key}", f"write routine: {key}, or duplicate it"
        )
        return Verdict(None, (problem,), reading.warnings)
    return Verdict(reading.routine, (), reading.warnings)
