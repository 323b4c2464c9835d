"""What routines are called, and which of them write to people."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import F

from drumbeat.apps.routines.models import PlaybookStep, Routine


def titles_of(keys: Iterable[str]) -> dict[str, str]:
    """Routine key -> title."""
    return dict(Routine.objects.filter(key__in=set(keys)).values_list("key", "title"))


def routines_that_mail() -> frozenset[str]:
    """Keys of the routines whose present version writes mails."""
    mailing = PlaybookStep.objects.filter(kind="mail", version__routine__version=F("version"))
    return frozenset(mailing.values_list("version__routine__key", flat=True).distinct())
