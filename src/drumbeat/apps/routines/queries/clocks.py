"""How long each side had its turn with what was promised: the response clocks of one promise, told from its entries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from drumbeat.apps.ledger.models import Entry, EntryKind, Promise, Side
from drumbeat.apps.partners.bridge import calendar_of
from drumbeat.apps.routines.bridge import playbook_of
from drumbeat.apps.routines.models import Occurrence
from drumbeat.core.clocks import Reading, Turn, read_clock
from drumbeat.core.worktime import WorkingHours, working_time_between

from .settings import setting_of

TURNS = {EntryKind.PROMISED: Side.VENDOR, EntryKind.RESTED: Side.PARTNER, EntryKind.RESUMED: Side.VENDOR}


@dataclass(frozen=True, slots=True)
class Clocks:
    """Ours, and the working time that the partner used in its turns, in the partner's own hours."""

    ours: Reading
    theirs: timedelta
    is_partners_turn: bool


def clocks_of(promise: Promise, at: datetime) -> Clocks | None:
    """None where the partner never had a turn: the due moment tells all then."""
    turns = _turns(promise)
    occurrence = Occurrence.objects.filter(promise=promise).select_related(
        "version", "subscription__partner", "subscription__person"
    )
    found = occurrence.first()
    if found is None or promise.partner is None or all(turn.side != Side.PARTNER for turn in turns):
        return None
    hours = setting_of(found.subscription, playbook_of(found.version), at).hours
    sides = {str(Side.VENDOR): hours, str(Side.PARTNER): WorkingHours(calendar_of(promise.partner), promise.partner.tz)}  # fmt: skip
    allowance = working_time_between(promise.promised_at, promise.original_due_at, hours)
    ours, theirs = (read_clock(turns, side, allowance, sides, at=at) for side in sides)
    return Clocks(ours, theirs.used, theirs.is_running)


def _turns(promise: Promise) -> list[Turn]:
    entries = Entry.objects.filter(promise_id=promise.pk).exclude(kind=EntryKind.REDATED).order_by("at", "id")
    told = entries.values_list("kind", "at")
    return [Turn(at, str(TURNS[EntryKind(kind)]) if kind in TURNS else None) for kind, at in told]
