"""On-time records as a page shows them: the year up to this month, people's promises first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from drumbeat.apps.ledger.queries import on_time_records, records_of_partners
from drumbeat.core.tally import Count, OnTimeRecord

from .viewer import Viewer


def last_year(viewer: Viewer) -> tuple[date, date]:
    """Twelve whole months with the running one as the last, half-open, as tallies are kept."""
    first = viewer.at.date().replace(day=1)
    until = (
        first.replace(year=first.year + 1, month=1)
        if first.month == 12
        else first.replace(month=first.month + 1)
    )
    return until.replace(year=until.year - 1), until


def year_records(by: str, side: str, viewer: Viewer, **scope: Any) -> dict[Any, OnTimeRecord]:
    from_on, until_on = last_year(viewer)
    return on_time_records(by, side=side, at=viewer.at, from_on=from_on, until_on=until_on, **scope)


def partner_records(partner_ids: Iterable[int], viewer: Viewer) -> dict[str, dict[int, OnTimeRecord]]:
    """Ours and theirs: side -> partner id -> record."""
    from_on, until_on = last_year(viewer)
    return records_of_partners(partner_ids, at=viewer.at, from_on=from_on, until_on=until_on)


def shown_count(record: OnTimeRecord | None) -> Count:
    """People's promises where there are any, else the machine's."""
    if record is None:
        return Count()
    return record.people if record.people.judged else record.machine


def rate_words(count: Count) -> str:
    return "" if count.percent is None else f"{count.percent} %"


def count_words(count: Count) -> str:
    """The figures behind a rate: 17 of 21 on time, 2 late, 1 missed, 1 overdue."""
    told = [f"{count.kept} of {count.judged} on time"]
    others = {"late": count.late, "missed": count.missed, "overdue": count.overdue, "waived": count.waived}
    return ", ".join(told + [f"{number} {name}" for name, number in others.items() if number])
