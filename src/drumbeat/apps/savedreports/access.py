"""Who builds reports, reads them, changes them, and whom they may be shared with."""

from __future__ import annotations

from drumbeat.apps.people.models import Account, Role

from .models import SavedReport, SavedReports

READERS = (Role.CHANNEL_MANAGER, Role.DIRECTOR, Role.PARTNER_OPERATIONS)


def may_build(person: Account) -> bool:
    return person.is_active and person.has(*READERS)


def visible_to(person: Account) -> SavedReports:
    """One's own and what is shared with one's role; what they tell is narrowed to the reader's partners when they are drawn."""
    return SavedReport.objects.readable_by(person) if may_build(person) else SavedReport.objects.none()


def may_change(person: Account, report: SavedReport) -> bool:
    """Whose it is; partner operations keep what is shared in order."""
    is_shared_keeper = bool(report.readers) and person.has(Role.PARTNER_OPERATIONS)
    return may_build(person) and (report.owner_id == person.pk or is_shared_keeper)
