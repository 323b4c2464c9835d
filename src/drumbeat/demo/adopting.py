"""Which routines the vendor runs: the calendar's from the first day; in the last quarter also those that answer to events."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from drumbeat.apps.routines.actions import start_routine
from drumbeat.apps.routines.models import Routine

FROM_THE_FIRST_DAY = (
    "daily-triage", "weekly-partner-call", "monthly-checkin", "monthly-partner-report", "monthly-business-review",
    "quarter-review", "quarter-digest", "forecast-call", "newsletter", "pos-chase", "data-sweep", "manager-coaching",
)  # fmt: skip
ADOPTED = (
    "certification-expiry", "claim-decision", "contact-left", "contact-welcome", "dormant-reactivation",
    "mail-complaint", "partner-at-risk", "partner-onboarding", "product-briefing", "territory-handover", "win-loss-note",
)  # fmt: skip


def adopt_routines(day: date, adopted_on: date, *, at: datetime) -> None:
    if day == adopted_on:
        start_routines(ADOPTED, at=at)


def start_routines(keys: Iterable[str], *, at: datetime) -> None:
    for routine in Routine.objects.filter(key__in=keys).order_by("key"):
        start_routine(routine, by=None, at=at)
