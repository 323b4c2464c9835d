"""A promise gets its outcome: entry, standing and tallies change together, in one statement.

`at` is when it happened, `recorded_at` (default `at`) when it was written. Every verb passes over promises that
are already settled, so doing it twice does nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from drumbeat.apps.ledger import statements
from drumbeat.apps.ledger.models import Outcome, Promise
from drumbeat.apps.people.models import Account
from drumbeat.core.refusal import Refused

Settled = list[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Settlement:
    """The outcome of one promise; `outcome` kept becomes late where `at` lies after the deadline. `by_id` is empty for
    the machine; `cause` is the side that made it fail, if one did."""

    promise_id: int
    outcome: str
    by_id: int | None
    at: datetime
    recorded_at: datetime
    reason: str = ""
    cause: str = ""


def settle_promises(settlements: Sequence[Settlement]) -> Settled:
    """Each as it says, any number in one statement. Of two for the same promise the first counts."""
    first = {one.promise_id: one for one in reversed(settlements)}
    columns = {
        "ids": "promise_id", "outcomes": "outcome", "ats": "at", "causes": "cause", "bys": "by_id",
        "recorded_ats": "recorded_at", "reasons": "reason",
    }  # fmt: skip
    told = {name: [getattr(one, column) for one in first.values()] for name, column in columns.items()}
    return _settle(statements.CHOOSE_OPEN, told)


def keep_promises(
    ids: Sequence[int],
    *,
    by: Account | None,
    at: datetime,
    recorded_at: datetime | None = None,
    reason: str = "",
    cause: str = "",
) -> Settled:
    """Kept, or late when `at` lies after the deadline. `cause` is the side that made it late, if one did."""
    return _settle_open(ids, Outcome.KEPT, by=by, at=at, recorded_at=recorded_at, reason=reason, cause=cause)


def miss_promises(
    ids: Sequence[int], *, by: Account | None, at: datetime, reason: str = "", cause: str = ""
) -> Settled:
    """Missed before its time is over, as when one side stays away from a meeting (`cause`)."""
    return _settle_open(ids, Outcome.MISSED, by=by, at=at, recorded_at=None, reason=reason, cause=cause)


def miss_overdue(*, at: datetime, limit: int = 5000) -> Settled:
    """All whose time to be kept late is over by `at`, up to `limit`; call again until it returns none."""
    told = {"at": at, "limit": limit, "by": None, "recorded_at": at, "reason": ""}
    return _settle(statements.CHOOSE_MISSED, told)


@transaction.atomic
def waive_promise(promise: Promise, *, by: Account, at: datetime, reason: str) -> None:
    """The owed side, or the director for it, releases from a promise before the miss."""
    if not _settle_open(
        [promise.pk], Outcome.WAIVED, by=by, at=at, recorded_at=None, reason=reason, cause=""
    ):
        raise Refused("This promise already has its outcome", "Only an open promise can be waived.")


def waive_promises(ids: Sequence[int], *, at: datetime, reason: str) -> Settled:
    """By a rule of the house that `reason` names: the matter came to its end or began anew, or a partner closed."""
    return _settle_open(ids, Outcome.WAIVED, by=None, at=at, recorded_at=None, reason=reason, cause="")


@transaction.atomic
def redate_promise(promise: Promise, due_at: datetime, *, by: Account, at: datetime, reason: str) -> None:
    """A new due moment, agreed before the old one; grace and time until the miss move along."""
    standing = promise.standing
    if standing.outcome or standing.due_at <= at:
        raise Refused("A promise is redated before it falls due", "Ask to waive it, or keep it late.")
    if due_at <= at:
        raise Refused("The new due moment lies in the past", "Choose a later one.", field="new_due_at")
    parameters: dict[str, Any] = {"id": promise.pk, "due_at": due_at, "at": at, "by": by.pk, "reason": reason}
    with connection.cursor() as cursor:
        cursor.execute(statements.REDATE, parameters)


def rest_promises(ids: Sequence[int], *, at: datetime) -> None:
    """The other side has its turn from `at` on: until it has answered these fall neither late nor missed. Safe twice."""
    with connection.cursor() as cursor:
        cursor.execute(statements.REST, {"ids": list(ids), "at": at})


def resume_promises(due_ats: Mapping[int, datetime], *, at: datetime) -> None:
    """It has answered at `at`: promise -> its due moment from now on; grace and time until the miss move along."""
    told: dict[str, Any] = {"ids": list(due_ats), "due_ats": list(due_ats.values()), "at": at}
    with connection.cursor() as cursor:
        cursor.execute(statements.RESUME, told)


def correct_promises(ids: Sequence[int], *, by: Account, at: datetime, reason: str) -> Settled:
    """Takes outcomes back. The old entries stay, a `corrected` one is added, the counts fall in the same statement."""
    told = {"ids": list(ids), "by": by.pk, "recorded_at": at, "reason": reason}
    return _settle(statements.CHOOSE_SETTLED, told)


def _settle_open(
    ids: Sequence[int],
    outcome: str,
    *,
    by: Account | None,
    at: datetime,
    recorded_at: datetime | None,
    reason: str,
    cause: str,
) -> Settled:
    who = by.pk if by else None
    return settle_promises(
        [Settlement(pk, str(outcome), who, at, recorded_at or at, reason, cause) for pk in ids]
    )


def _settle(choose: str, told: dict[str, Any]) -> Settled:
    with connection.cursor() as cursor:
        cursor.execute(statements.SETTLE.format(choose=choose), told)
        return [(promise_id, outcome) for promise_id, outcome in cursor.fetchall()]
