"""On-time records: sums of tallies, and counts of what is open."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Case, F, Q, QuerySet, Sum, Value, When
from django.db.models import Count as CountOf
from django.db.models.functions import TruncMonth

from drumbeat.apps.asking import ask
from drumbeat.apps.ledger.models import Standing, Tally, Through, past_deadline
from drumbeat.apps.partners.models import Partner
from drumbeat.apps.people.models import Account
from drumbeat.core.tally import Count, OnTimeRecord

OUTCOMES = ("kept", "late", "missed", "waived", "late_seconds")
ANYBODY: dict[str, Any] = {"partner": None, "person": None, "routine": None}


def on_time_record(
    *,
    side: str,
    at: datetime,
    from_on: date,
    until_on: date,
    partner: Partner | None = None,
    person: Account | None = None,
    routine: str | None = None,
) -> OnTimeRecord:
    """The record of one side over whole months [from_on, until_on) by due moment (UTC)."""
    rows = on_time_records("side", side=side, at=at, from_on=from_on, until_on=until_on, partner=partner,
                           person=person, routine=routine)  # fmt: skip
    return rows.get(side, OnTimeRecord())


def on_time_records(
    by: str,
    *,
    side: str,
    at: datetime,
    from_on: date,
    until_on: date,
    partner: Partner | QuerySet[Partner] | Collection[int] | None = None,
    person: Account | None = None,
    routine: str | None = None,
) -> dict[Any, OnTimeRecord]:
    """The same for many at once, in two queries: `by` is `partner_id`, `person_id`, `routine`, `month` or `side`."""
    scope = {"partner": partner, "person": person, "routine": routine}
    return records_of_sides({side: scope}, by=by, at=at, from_on=from_on, until_on=until_on)[side]


def records_of_sides(
    sides: Mapping[str, Mapping[str, Any]], *, by: str | tuple[str, ...], at: datetime, from_on: date, until_on: date
) -> dict[str, dict[Any, OnTimeRecord]]:  # fmt: skip
    """Side -> key (`by`, as above; of several words a tuple) -> record, open promises included, in two queries for all
    sides: `sides` says of each whose promises count (`partner`, `person`, `routine`). A promise of both counts for each."""
    names = (by,) if isinstance(by, str) else by
    records: dict[str, dict[Any, OnTimeRecord]] = {side: {} for side in sides}

    def add(side: str, keys: Sequence[Any], through: str, count: Count) -> None:
        key = keys[0] if isinstance(by, str) else tuple(keys)
        records[side][key] = records[side].get(key, OnTimeRecord()) + _record(through, count)

    for side, through, *row in _settled(sides, names, from_on, until_on):
        keys, sums = row[: len(names)], row[len(names) :]
        add(side, keys, through, Count(**dict(zip(OUTCOMES, sums, strict=True))))
    for through, *row in _open(sides, names, at, from_on, until_on):
        keys, counts = row[: len(names)], row[len(names) :]
        for n, side in enumerate(sides):
            count = Count(overdue=counts[2 * n], in_grace=counts[2 * n + 1])
            if count.overdue or count.in_grace:
                add(side, [_key_of(name, key, side) for name, key in zip(names, keys, strict=True)], through, count)  # fmt: skip
    return records


def _key_of(name: str, found: Any, side: str) -> Any:
    """A month is a day, and a promise of both sides counts under each."""
    return found.date() if name == "month" else side if name == "side" else found


def _settled(
    sides: Mapping[str, Mapping[str, Any]], names: Sequence[str], from_on: date, until_on: date
) -> Any:
    common, scopes = _scopes(sides, "")
    whose = reduce(or_, (Q(side=side) & scope for side, scope in scopes.items()))
    within = Tally.objects.filter(common, whose, month__gte=from_on.replace(day=1), month__lt=until_on)
    keys = {f"key_{name}": F(name) for name in names}
    told = within.annotate(**keys).values("side", "kept_through", *keys)
    sums = {f"{name}_sum": Sum(name) for name in OUTCOMES}
    return told.annotate(**sums).values_list("side", "kept_through", *keys, *sums)


def _scopes(sides: Mapping[str, Mapping[str, Any]], prefix: str) -> tuple[Q, dict[str, Q]]:
    """What holds for all sides, said once, and what holds for each beside it."""
    told = list(sides.values())
    if all(whose == told[0] for whose in told):
        return _scope(**{**ANYBODY, **told[0]}, prefix=prefix), dict.fromkeys(sides, Q())
    return Q(), {side: _scope(**{**ANYBODY, **whose}, prefix=prefix) for side, whose in sides.items()}


# What an open promise is counted under, by the same words as a tally.
OPEN_KEYS: dict[str, Any] = {
    "partner_id": F("partner_id"),
    "person_id": F("person_id"),
    "routine": F("promise__routine"),
    "month": TruncMonth("due_at", tzinfo=UTC),
    "side": Value(""),
}


def _open(
    sides: Mapping[str, Mapping[str, Any]], names: Sequence[str], at: datetime, from_on: date, until_on: date
) -> Any:
    """(kept through, keys, overdue and in grace of each side) of promises past due without an outcome: overdue ones
    count in the rate, those in grace do not."""
    common, own = _scopes(sides, "promise__")
    scopes = {side: Q(promise__owing__in=_owing(side)) & scope for side, scope in own.items()}
    counts = {
        f"{side}_{name}": CountOf("pk", filter=scope & judged)
        for side, scope in scopes.items()
        for name, judged in (("overdue", past_deadline(at)), ("in_grace", ~past_deadline(at)))
    }
    keys = {f"key_{name}": OPEN_KEYS[name] for name in names}
    past = Standing.objects.open().filter(common, reduce(or_, scopes.values()), due_at__lte=at)
    return (
        past.filter(due_at__gte=midnight(from_on.replace(day=1)), due_at__lt=midnight(until_on))
        .annotate(**keys)
        .values("promise__kept_through", *keys)
        .annotate(**counts)
        .values_list("promise__kept_through", *keys, *counts)
    )


def midnight(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, tzinfo=UTC)


def _owing(side: str) -> list[str]:
    return ["vendor", "team", "both"] if side == "vendor" else [side, "both"]


def _scope(partner: Any, person: Account | None, routine: str | None, prefix: str = "") -> Q:
    """Tallies and standings hold partner and person themselves; the routine stands in the promise (`prefix`)."""
    scope = Q()
    if isinstance(partner, Partner):
        scope &= Q(partner=partner)
    elif partner is not None:
        scope &= Q(partner__in=partner)
    if person is not None:
        scope &= Q(person=person)
    if routine is not None:
        scope &= Q(**{f"{prefix}routine": routine})
    return scope


def _record(through: str, count: Count) -> OnTimeRecord:
    return OnTimeRecord(machine=count) if through == Through.MACHINE else OnTimeRecord(people=count)


def months_of_routines(
    *,
    side: str,
    from_on: date,
    until_on: date,
    partner: Partner | QuerySet[Partner] | None = None,
    person: Account | None = None,
) -> dict[str, dict[date, Count]]:
    """Routine key -> month -> what was settled, people's and the machine's together; one query for all routines."""
    rows = (
        Tally.objects.filter(_scope(partner, person, None), side=side, month__gte=from_on, month__lt=until_on)
        .values_list("routine", "month")
        .annotate(*(Sum(name) for name in OUTCOMES))
    )
    found: dict[str, dict[date, Count]] = {}
    for routine, month, *sums in rows:
        found.setdefault(routine, {})[month] = Count(**dict(zip(OUTCOMES, sums, strict=True)))
    return found


def record_since(standings: QuerySet[Standing], at: datetime) -> OnTimeRecord:
    """The record of given promises, counted one by one: for windows that are not whole months, such as 90 days."""
    is_machine = Case(When(promise__kept_through=Through.MACHINE, then=Value(True)), default=Value(False))
    rows = standings.filter(due_at__lte=at).annotate(machine=is_machine).values_list("machine").annotate(
        **{name: CountOf("pk", filter=Q(outcome=name)) for name in OUTCOMES[:4]},
        overdue=CountOf("pk", filter=Q(outcome=None) & past_deadline(at)),
        in_grace=CountOf("pk", filter=Q(outcome=None) & ~past_deadline(at)),
    )  # fmt: skip
    record = OnTimeRecord()
    for machine, *counts in rows:
        record += OnTimeRecord(machine=Count(*counts)) if machine else OnTimeRecord(people=Count(*counts))
    return record


BY_HAND = """
SELECT month, sum(kept)::bigint, sum(late)::bigint, sum(missed)::bigint, sum(waived)::bigint, sum(late_seconds)::bigint
FROM ledger_tally
WHERE person_id = %s AND side = %s AND month >= %s AND month < %s AND kept_through <> 'machine' GROUP BY month
"""


def monthly_counts(person: Account, side: str, *, from_on: date, until_on: date) -> dict[date, Count]:
    """What a person kept through his own hands by month of due, from the tallies alone; one query."""
    rows = ask(BY_HAND, [person.pk, side, from_on, until_on])
    return {month: Count(**dict(zip(OUTCOMES, sums, strict=True))) for month, *sums in rows}


def overdue_of(person: Account, at: datetime) -> int:
    """How many open promises this person answers for are past their deadline."""
    return int(ask(OVERDUE, [person.pk, at])[0][0])


OVERDUE = """
SELECT count(*) FROM ledger_standing
WHERE outcome IS NULL AND person_id = %s AND deadline_at <= %s AND rests_from IS NULL
"""
