"""On-time records of both sides: figures, the sentence, lines by month, and by routine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from drumbeat.apps.ledger.queries import on_time_records
from drumbeat.apps.people.models import Account
from drumbeat.apps.reports.book import months_until
from drumbeat.apps.reports.happened import happened
from drumbeat.apps.reports.scope import Scope
from drumbeat.apps.reports.wording import count
from drumbeat.apps.sales.queries import month_before
from drumbeat.core.tally import Count, OnTimeRecord

from .shapes import NUMBER, PERCENT, TEXT, Section, figures, lines, row, sentences, table

SHOWN = 20
MEANING = (
    "On time: promises kept before their deadline (due and grace) ÷ promises judged; waived ones are left out, overdue "
    "ones count as not kept. What people keep comes first, what the machine keeps is told beside it."
)


def leading(record: OnTimeRecord) -> Count:
    """People's promises; the machine's only where people have none."""
    return record.people if record.people.judged else record.machine


def names(scope: Scope) -> dict[str, str]:
    """What the lines, strips and rows of the two sides are called."""
    theirs = scope.partner.name if scope.partner else "Partners"
    ours = scope.manager.name if scope.manager else scope.vendor.name
    return {"vendor": ours, "partner": theirs}


def record_rows(scope: Scope) -> list[dict[str, Any]]:
    called = names(scope)
    whose = (
        f"&partner={scope.partner.pk}"
        if scope.partner
        else f"&person={scope.manager.pk}"
        if scope.manager
        else ""
    )
    return [
        _row(f"{called[side]}, on time", record, f"promises:side={side}{whose}")
        for side, record in scope.record.items()
    ]


def _row(label: str, record: OnTimeRecord, ref: str) -> dict[str, Any]:
    shown = leading(record)
    rate = None if shown.rate is None else 100 * shown.rate
    return row(label, rate, PERCENT, compared=_words(record), ref=ref, meaning=MEANING)


def _words(record: OnTimeRecord) -> str:
    if not record.people.judged and not record.machine.judged:
        return "nothing judged in 12 months"
    parts = []
    if record.people.judged:
        parts.append(f"{record.people.kept} of {record.people.judged}")
    if record.machine.judged:
        parts.append(f"{record.machine.kept} of {record.machine.judged} by machine")
    return f"{', '.join(parts)}, 12 months"


def record_sentence(scope: Scope) -> str:
    """Empty when nothing is judged."""
    called = names(scope) if scope.partner else names(scope) | {"partner": "the partners"}
    judged = [
        (called[side], shown) for side, record in scope.record.items() if (shown := leading(record)).judged
    ]
    if not judged:
        return ""
    (first, kept), *others = judged
    rest = "".join(f" and {name} {other.kept} of {other.judged}" for name, other in others)
    return f"In twelve months {first} kept {kept.kept} of {count(kept.judged, 'promise')} on time{rest}."


def record_lines(scope: Scope) -> Section:
    """Twelve months; a month in which nothing was judged breaks the line."""
    months, called = months_until(scope.period.last, 12), names(scope)
    rows = []
    for side, records in scope.records.items():
        by_people = any(records[first].people.judged for first in months if first in records)
        values = [_percent(records.get(first), by_people) for first in months]
        name = called[side] if by_people else f"{called[side]}, by machine"
        if any(value is not None for value in values):
            rows.append({"name": name, "values": values, "strong": side == "vendor"})
    labels = [f"{first:%b}" for first in months]
    told = happened(scope, months) if rows else []
    return lines(
        labels,
        rows,
        key="record",
        title="Promises kept on time, by month due",
        meaning=MEANING,
        happened=told,
    )


def _percent(record: OnTimeRecord | None, by_people: bool) -> int | None:
    if record is None:
        return None
    return (record.people if by_people else record.machine).percent


def summary_of_record(scope: Scope) -> Section:
    return sentences([record_sentence(scope) or "Nothing promised has been judged yet."])


def standing_of_record(scope: Scope) -> Section:
    return figures(record_rows(scope), key="standing", title="Kept on time, twelve months")


def record_by_routine(scope: Scope) -> Section:
    """Of the person, or of all; twelve months, the weakest first."""
    return _weakest(
        scope,
        "routine",
        "vendor",
        "record-routines",
        "On-time record by routine, twelve months",
        scope.titles,
    )


def record_by_person(scope: Scope) -> Section:
    names = dict(Account.objects.values_list("pk", "name"))
    return _weakest(
        scope, "person_id", "vendor", "record-people", "On-time record by person, twelve months", names
    )


def record_by_partner(scope: Scope) -> Section:
    """What partners kept of what they promised."""
    names = dict(scope.partners.values_list("pk", "name"))
    return _weakest(
        scope, "partner_id", "partner", "record-partners", "On-time record of partners, twelve months", names
    )


def _weakest(scope: Scope, by: str, side: str, key: str, title: str, names: Mapping[Any, str]) -> Section:
    """Of the scope's partners, or of the person's own promises."""
    from_on, until_on = month_before(scope.on.replace(day=1), 11), month_before(scope.on.replace(day=1), -1)
    whose: dict[str, Any] = (
        {"person": scope.manager}
        if side == "vendor" and scope.manager
        else {"partner": scope.partner or scope.partner_ids}
    )
    records = on_time_records(by, side=side, at=scope.at, from_on=from_on, until_on=until_on, **whose)
    found = [
        (one, leading(record)) for one, record in records.items() if one in names and leading(record).judged
    ]
    found.sort(key=lambda pair: (pair[1].percent, names[pair[0]]))
    noun = by.removesuffix("_id")
    rows = [
        [names[one], shown.judged, shown.kept, shown.late, shown.missed + shown.overdue, shown.percent]
        for one, shown in found[:SHOWN]
    ]
    columns = [
        (noun, TEXT),
        ("judged", NUMBER),
        ("on time", NUMBER),
        ("late", NUMBER),
        ("missed or overdue", NUMBER),
        ("rate", PERCENT),
    ]
    refs = [f"promises:{noun}={one}&side={side}" for one, _ in found[:SHOWN]]
    return table(
        columns, rows, key=key, title=title, refs=refs, empty="Nothing is judged yet.", of=len(found)
    )
