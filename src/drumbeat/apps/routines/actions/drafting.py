"""Drafts of routines are begun, saved, thrown away and published. Nobody's words are written over unseen."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from drumbeat.apps.people.models import Account
from drumbeat.apps.routines.access import may_shape_routines
from drumbeat.apps.routines.models import Routine, RoutineDraft, Version
from drumbeat.apps.routines.queries.drafts import draft_of, judge_draft
from drumbeat.core.playbook import RoutineErrors, grammar
from drumbeat.core.playbook.problems import Unreadable
from drumbeat.core.refusal import Refused, insist

from .publishing import publish_version

MOST_CHARACTERS = 20_000


@transaction.atomic
def start_draft(key: str, text: str, *, by: Account | None, at: datetime) -> RoutineDraft:
    """The first draft of a routine that isn't there yet, under a key that is free."""
    _insist_may(by)
    try:
        grammar.slug(key)
    except Unreadable as wrong:
        raise Refused(
            f"The key {wrong.reason}", f"{wrong.mend[0].upper()}{wrong.mend[1:]}.", field="key"
        ) from wrong
    insist(draft_of(key) is None, f"{key} is taken", "Take another key, or open that routine.", field="key")
    _insist_length(text)
    return RoutineDraft.objects.create(key=key, text=text, started_at=at, saved_at=at, saved_by=by)


@transaction.atomic
def save_draft(key: str, text: str, *, seen: int, by: Account | None, at: datetime) -> RoutineDraft:
    """Keeps the text, whatever is wrong with it. `seen` is the stamp that the writer saw, 0 for none; when somebody has
    saved since, it is refused (field `stamp`) and nothing is written. The same text again changes nothing."""
    _insist_may(by)
    _insist_length(text)
    routine = Routine.objects.filter(key=key).select_for_update().first()
    draft = RoutineDraft.objects.select_for_update().filter(key=key).first()
    if draft is None:
        insist(routine is not None, f"There is no draft {key}", "Begin a new one.")
        insist(
            seen == 0,
            "The draft was published or thrown away meanwhile",
            "Copy your text, and open it again.",
            "stamp",
        )
        return RoutineDraft.objects.create(
            key=key,
            routine=routine,
            based_on_id=routine.version_id if routine else None,
            text=text,
            started_at=at,
            saved_at=at,
            saved_by=by,
        )
    _insist_seen(draft, seen)
    if draft.text != text:
        draft.text, draft.stamp, draft.saved_at, draft.saved_by = text, draft.stamp + 1, at, by
        draft.save()
    return draft


@transaction.atomic
def discard_draft(key: str, *, by: Account | None) -> None:
    """Throws the draft away; the version in force stays."""
    _insist_may(by)
    RoutineDraft.objects.filter(key=key).delete()


@transaction.atomic
def publish_draft(key: str, *, seen: int, by: Account | None, at: datetime) -> Version:
    """The draft becomes the next version, and is gone. Raises RoutineErrors with all that is wrong with it."""
    _insist_may(by)
    draft = RoutineDraft.objects.select_for_update().filter(key=key).first()
    if draft is None:
        raise Refused(f"There is no draft of {key}", "Change something first.")
    _insist_seen(draft, seen)
    verdict = judge_draft(key, draft.text)
    if verdict.problems:
        raise RoutineErrors(verdict.problems)
    version = publish_version(draft.text, by=by, at=at)
    draft.delete()
    return version


def _insist_may(by: Account | None) -> None:
    insist(
        may_shape_routines(by), "Your role may look at drafts only", "Ask partner operations or a director."
    )


def _insist_seen(draft: RoutineDraft, seen: int) -> None:
    who = draft.saved_by.name if draft.saved_by else "Somebody"
    insist(
        draft.stamp == seen,
        f"{who} has saved this draft since you opened it, so nothing of yours was written over theirs",
        "Look at both texts, and save again.",
        "stamp",
    )


def _insist_length(text: str) -> None:
    insist(
        len(text) <= MOST_CHARACTERS,
        f"The text is {len(text)} characters long",
        f"Use {MOST_CHARACTERS} at most.",
    )
