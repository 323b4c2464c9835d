"""Questions about saved reports."""

from __future__ import annotations

from .models import SavedReport


def shared_reports() -> dict[str, str]:
    """Key -> title of those that routines may name: shared and not retired."""
    return dict(SavedReport.objects.in_use().exclude(readers=[]).values_list("key", "title"))


def saved_report(key: str) -> SavedReport | None:
    return SavedReport.objects.filter(key=key).first()
