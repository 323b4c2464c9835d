"""A trigger in words: which events open a routine, what the next one does, and what an event told."""

from __future__ import annotations

from typing import Any

from drumbeat.apps.events.models import Event
from drumbeat.core.events import KINDS
from drumbeat.core.playbook import Routine as Playbook
from drumbeat.core.playbook import Trigger

from .playbooks import cadence_words, counted, offset_words

REENTRIES = {
    "ignore": "while one is open, the next is passed over",
    "restart": "the next one begins it anew",
    "beside": "each opens its own",
}


def when_words(playbook: Playbook) -> str:
    """The cadence or the trigger as a sentence."""
    return trigger_words(playbook, playbook.trigger) if playbook.trigger else cadence_words(playbook)


def trigger_words(playbook: Playbook, trigger: Trigger) -> str:
    """When *a registration was submitted* (deal.submitted), due 16 business hours after opening; …"""
    told = " or ".join(f"{KINDS[kind].meaning} ({kind})" for kind in trigger.events)
    parts = [f"when {told}" + (f", if {trigger.when}" if trigger.when else "")]
    if playbook.due:
        words = offset_words(playbook.due)
        parts.append(f"due {'at once' if str(playbook.due) == 'opened' else words.lstrip('+')}")
    parts.append(REENTRIES[trigger.reentry])
    if trigger.debounce.amount:
        parts.append(
            f"what comes within {counted(trigger.debounce.amount, trigger.debounce.unit)} counts as the same"
        )
    ends = ", ".join(trigger.exits) or trigger.exit_when
    return "; ".join([*parts, f"{ends} ends it early"] if ends else parts)


def event_lines(event: Event) -> list[tuple[str, Any]]:
    """What an event told, as words and values."""
    known = KINDS[event.kind].fields if event.kind in KINDS else {}
    return [
        (name.replace("_", " "), value)
        for name, value in event.payload.items()
        if name in known and value not in (None, "")
    ]
