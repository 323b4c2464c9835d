"""A report is saved, saved anew, or retired."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.text import slugify

from drumbeat.apps.people.models import Account
from drumbeat.core.metrics.blueprint import Blueprint, insist_on_blueprint, kept_blueprint
from drumbeat.core.playbook.contents import OWN_REPORT
from drumbeat.core.refusal import insist

from .access import READERS, may_build, may_change
from .models import SavedReport

KEY_LETTERS = 44


@dataclass(frozen=True, slots=True)
class Saving:
    """What is saved under a name: `readers` are roles, none for a private report."""

    title: str
    purpose: str
    readers: Sequence[str]
    blueprint: Blueprint


@transaction.atomic
def save_report(saving: Saving, *, by: Account, at: datetime, into: SavedReport | None = None) -> SavedReport:
    """A new one, or another state of the one it is saved `into`. Editions keep what they were built from."""
    insist_on_blueprint(saving.blueprint)
    title = saving.title.strip()
    insist(bool(title), "It has no name", "Give it one", "title")
    insist(len(title) <= 80, f"The name has {len(title)} letters", "80 is the most", "title")
    insist(
        set(saving.readers) <= set(READERS),
        "It is shared with a role that reads no reports",
        "Choose others",
        "readers",
    )
    report = into or SavedReport(owner=by, key=_free_key(title))
    allowed = may_change(by, report) if into else may_build(by)
    insist(
        allowed, f"{report.title or 'This report'} isn't yours to change", "Duplicate it and change the copy"
    )
    insist(report.retired_at is None, f"{report.title} is retired", "Duplicate it and save the copy")
    report.title, report.purpose = title, saving.purpose.strip()[:200]
    report.readers = [role for role in READERS if role in saving.readers]
    report.blueprint, report.saved_at = kept_blueprint(saving.blueprint), at
    report.save()
    return report


def _free_key(title: str) -> str:
    """Such as `own-sell-through-by-tier`; with a number behind it where another report is called so."""
    name = OWN_REPORT + (slugify(title)[: KEY_LETTERS - len(OWN_REPORT)].strip("-") or "report")
    taken = set(SavedReport.objects.filter(key__startswith=name).values_list("key", flat=True))
    numbered = (f"{name}-{n}" for n in range(2, len(taken) + 3))
    return next(key for key in (name, *numbered) if key not in taken)


@transaction.atomic
def retire_report(report: SavedReport, *, by: Account, at: datetime) -> None:
    """It leaves the shelf; its editions stay. Safe twice."""
    insist(may_change(by, report), f"{report.title} isn't yours to retire", "Ask whose it is")
    SavedReport.objects.filter(pk=report.pk, retired_at=None).update(retired_at=at)
