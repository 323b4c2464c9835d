"""Promises as marks of a beat strip: flat rows, one query."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from drumbeat.apps.asking import ask
from drumbeat.apps.ledger.models import Promise
from drumbeat.apps.partners.models import Partner
from drumbeat.apps.people.models import Account


@dataclass(frozen=True, slots=True)
class Beat:
    """One mark of a strip. `state` is a word of core.charts.MARK_STATES; `lateness` is 0 to 1 of the time until the miss."""

    promise_id: int
    routine: str
    owing: str
    due_at: datetime
    state: str
    lateness: float = 0.0
    moved_from: datetime | None = None


def beats(
    promises: QuerySet[Promise], at: datetime, *, today_until: datetime, newest: int | None = None
) -> list[Beat]:
    """Promises as marks, by due moment, or only the `newest` ones; what is due before `today_until` and not yet due
    counts as due today."""
    rows = list(promises.order_by("-standing__due_at", "-pk").values_list(*_COLUMNS)[:newest])
    return [_beat(*row, at=at, today_until=today_until) for row in reversed(rows)]


_ROWS = """
SELECT p.id, p.routine, p.owing, p.original_due_at, s.due_at, s.deadline_at, s.miss_at, s.outcome, s.outcome_at, s.rests_from
FROM ledger_promise p JOIN ledger_standing s ON s.promise_id = p.id
"""
OF_PERSON = f"""{_ROWS} WHERE s.person_id = %s AND s.due_at >= %s AND s.due_at < %s AND p.owing <> 'partner'
ORDER BY s.due_at DESC, p.id DESC LIMIT %s"""
OF_PARTNER = f"""{_ROWS} WHERE p.partner_id = %s AND p.origin = 'routine' AND p.original_due_at >= %s
AND p.original_due_at < %s ORDER BY s.due_at DESC, p.id DESC"""


def beats_of_person(
    person: Account, at: datetime, *, since: datetime, today_until: datetime, newest: int
) -> list[Beat]:
    """The newest marks of the vendor's promises that a person answers for, due from `since` until the end of today."""
    rows = ask(OF_PERSON, [person.pk, since, today_until, newest])
    return [_beat(*row, at=at, today_until=today_until) for row in reversed(rows)]


def beats_of_partner(
    partner: Partner, at: datetime, *, since: datetime, until: datetime, today_until: datetime
) -> list[Beat]:
    """The marks of what routines promised between the vendor and a partner, first due from `since` until `until`."""
    rows = ask(OF_PARTNER, [partner.pk, since, until])
    return [_beat(*row, at=at, today_until=today_until) for row in reversed(rows)]


def beats_of_partners(
    promises: QuerySet[Promise], at: datetime, *, today_until: datetime
) -> dict[int, list[Beat]]:
    """Partner id -> marks by due moment, in one query for all."""
    found: dict[int, list[Beat]] = {}
    rows = promises.exclude(partner=None).order_by("standing__due_at", "pk")
    for partner, *row in rows.values_list("partner_id", *_COLUMNS):
        found.setdefault(partner, []).append(_beat(*row, at=at, today_until=today_until))
    return found


_COLUMNS = (
    "pk", "routine", "owing", "original_due_at",
    *(f"standing__{name}" for name in ("due_at", "deadline_at", "miss_at", "outcome", "outcome_at", "rests_from")),
)  # fmt: skip


def _beat(
    promise_id: int,
    routine: str,
    owing: str,
    promised_for: datetime,
    due_at: datetime,
    deadline_at: datetime,
    miss_at: datetime,
    outcome: str | None,
    outcome_at: datetime | None,
    rests_from: datetime | None,
    *,
    at: datetime,
    today_until: datetime,
) -> Beat:
    return Beat(
        promise_id,
        routine,
        owing,
        due_at,
        outcome or _open_state(due_at, deadline_at, rests_from, at, today_until),
        _lateness(due_at, miss_at, outcome_at or rests_from or at),
        promised_for if promised_for != due_at else None,
    )


def _open_state(
    due_at: datetime, deadline_at: datetime, rests_from: datetime | None, at: datetime, today_until: datetime
) -> str:
    if due_at > at:
        return "due" if due_at < today_until else "upcoming"
    return "in_grace" if rests_from or deadline_at > at else "overdue"


def _lateness(due_at: datetime, miss_at: datetime, until: datetime) -> float:
    patience = (miss_at - due_at).total_seconds()
    late = (until - due_at).total_seconds()
    return max(0.0, min(1.0, late / patience)) if patience > 0 else 0.0
