"""What stands beside a draft: its next occurrences for one partner with their reasons, what they cost, and whom it fits."""

from __future__ import annotations

from typing import Any

from drumbeat.apps.partners.access import visible_to
from drumbeat.apps.partners.models import Partner
from drumbeat.core.explaining import explain
from drumbeat.core.playbook import Routine as Playbook
from drumbeat.core.refusal import Refused
from drumbeat.interfaces.kit import times
from drumbeat.interfaces.kit.forms import sentences
from drumbeat.interfaces.kit.playbooks import cadence_words, own_minutes
from drumbeat.interfaces.kit.viewer import Viewer
from drumbeat.workflows.building import who_fits
from drumbeat.workflows.foreseeing import foresee

NEXT = 12
OFFERED = 200  # partners to choose from; a longer list is none


def partners_to_choose(viewer: Viewer) -> list[Partner]:
    return list(visible_to(viewer.person, viewer.at).order_by("sort_name", "pk")[:OFFERED])


def preview_of(viewer: Viewer, playbook: Playbook | None, partner: Partner | None) -> dict[str, Any]:
    """Nothing while the text is wrong."""
    if playbook is None:
        return {}
    shown: dict[str, Any] = {
        "minutes": own_minutes(playbook),
        "cadence": "" if playbook.trigger else cadence_words(playbook),
        "events": ", ".join(playbook.trigger.events) if playbook.trigger else "",
        "moments": [],
        "refused": "",
    }
    if partner is None or playbook.trigger:
        return shown
    try:
        found = foresee(playbook, partner, at=viewer.at, count=NEXT)
    except Refused as refusal:
        return shown | {"refused": sentences(refusal)}
    return shown | {"moments": [_moment(viewer, partner, one) for one in found], "is_over": not found}


def _moment(viewer: Viewer, partner: Partner, wanted: Any) -> dict[str, Any]:
    due = wanted.due_at.astimezone(viewer.zone)
    return {
        "day": f"{due:%a} {times.date_words(due.date(), viewer.today)}",
        "clock": f"{due:%H:%M}",
        "theirs": times.theirs_words(wanted.due_at, viewer.zone, partner.tz),
        "why": explain(wanted.why),
    }


def audience_of(viewer: Viewer, playbook: Playbook | None) -> dict[str, Any]:
    """Whom it fits now, of the partners that the viewer sees."""
    if playbook is None or playbook.subject != "partner":
        return {}
    partners = list(visible_to(viewer.person, viewer.at).order_by("sort_name", "pk"))
    return {"fitting": who_fits(playbook.audience, partners, at=viewer.at), "of": len(partners)}
