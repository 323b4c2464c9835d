"""A routine goes live for its first subjects: published if new, started, subscribed and planned."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from drumbeat.apps.partners.models import Partner
from drumbeat.apps.people.models import Account
from drumbeat.apps.routines.actions import plan_moments, publish_version, start_routine, subscribe
from drumbeat.apps.routines.bridge import playbook_of
from drumbeat.apps.routines.models import Routine
from drumbeat.core.playbook import Routine as Playbook
from drumbeat.core.playbook import read_routine
from drumbeat.core.refusal import Refused
from drumbeat.library import routine_texts


def playbook_named(key: str) -> Playbook:
    """The published version, else the library's text. Raises Refused when there is neither."""
    routine = Routine.objects.filter(key=key).exclude(version=None).select_related("version").first()
    if routine and routine.version:
        return playbook_of(routine.version)
    texts = routine_texts()
    if key not in texts:
        raise Refused(
            f"There is no routine {key!r}", f"Publish its file first, or take one of {', '.join(texts)}."
        )
    return read_routine(texts[key], key).routine


@transaction.atomic
def start_for(
    playbook: Playbook, subjects: Iterable[Partner | Account], *, on: date, is_by_hand: bool, at: datetime
) -> int:
    """How many were newly subscribed; nobody where events open the routine: it finds its subjects by them."""
    routine = publish_version(playbook.text, by=None, at=at, source=playbook.key).routine
    start_routine(routine, by=None, at=at)
    if playbook.trigger:
        return 0
    count = subscribe(routine, subjects, on=on, is_by_hand=is_by_hand)
    plan_moments(at=at, routines=[routine])
    return count
