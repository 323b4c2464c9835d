"""What a routine of this installation may name: what ships, the vendor's own forms and endpoints, and saved reports."""

from __future__ import annotations

from dataclasses import replace

from drumbeat.apps.forms.queries import known_forms
from drumbeat.apps.savedreports.queries import shared_reports
from drumbeat.apps.webhooks.queries import endpoint_keys
from drumbeat.core.playbook import Shelves
from drumbeat.core.reasonlists import ReasonList, reasons_of
from drumbeat.library import reason_lists, shelves


def shelves_now() -> Shelves:
    return replace(
        shelves(), forms=known_forms(), endpoints=endpoint_keys(), saved_reports=shared_reports().keys()
    )


def reasons_named(reasons: tuple[str, ...]) -> ReasonList | None:
    """The list that an approval names, or the reasons written into it; None when it asks for none."""
    if not reasons:
        return None
    listed = reason_lists().get(reasons[0]) if len(reasons) == 1 else None
    return listed or reasons_of(reasons)
