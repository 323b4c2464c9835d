"""The public and own vectors of the shared cases: every accepted reading must come out."""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from drumbeat.core.calendars import WorkingCalendar, add_working_days, nth_working_day, roll
from drumbeat.core.recurrence import RuleError, expand, parse_rule
from drumbeat.core.worktime import localize
from tests.shared import shared, shared_root

pytestmark = pytest.mark.shared

Case = dict[str, Any]


def cases(*files: str, kind: str | None = None) -> list[Any]:
    """Read at collection; without the data one parameter is left, which skips."""
    if not (shared_root() / "cases").exists():
        return [pytest.param({}, id="absent", marks=pytest.mark.skip("shared cases are absent"))]
    rows = [json.loads(line) for file in files for line in lines_of(file)]
    return [pytest.param(row, id=row["id"]) for row in rows if kind in (None, row["kind"])]


def lines_of(file: str) -> list[str]:
    return shared(f"cases/{file}.jsonl").read_text(encoding="utf-8").splitlines()


def moment(text: str) -> date:
    return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)


def local(text: str | None, like: date) -> Any:
    """A bound of the case, as date or naive local moment as DTSTART is."""
    if text is None:
        return None
    day = datetime.fromisoformat(text).replace(tzinfo=None)
    return day if isinstance(like, datetime) else day.date()


def occurrences(case: Case) -> Iterator[date]:
    zone = ZoneInfo(case["tz"]) if case["tz"] else None
    dtstart = local(case["dtstart"], moment(case["dtstart"]))
    excluded = {local(text, dtstart) for text in case["exdate"]}
    extra = [local(text, dtstart) for text in case["rdate"]]
    window = {"start": local(case.get("from"), dtstart), "until": local(case["until_window"], dtstart)}
    dates: Any = expand(parse_rule(case["rrule"]), dtstart, zone=zone, **window)
    if extra:
        dates = iter(sorted({*dates, *extra}))
    kept = (day for day in dates if day not in excluded)
    for day in islice(kept, case["count"]):
        yield localize(day.date(), day.time(), zone) if zone and isinstance(day, datetime) else day


def wanted(case: Case) -> list[date]:
    found = [moment(text) for text in case["expected"]]
    return [day.astimezone(UTC) if isinstance(day, datetime) and day.tzinfo else day for day in found]


@pytest.mark.parametrize("case", cases("rfc", "rrule-permissive", "rrule-mpl", "dst"))
def test_accepted_rules_give_their_dates(case: Case) -> None:
    assert list(islice(occurrences(case), len(case["expected"]) + 5)) == wanted(case)


@pytest.mark.parametrize("case", cases("hostile", kind="expand"))
def test_empty_and_huge_rules_answer(case: Case) -> None:
    assert list(islice(occurrences(case), 100)) == wanted(case)


@pytest.mark.parametrize("case", [*cases("refuse"), *cases("hostile", kind="refuse")])
def test_invalid_rules_are_refused(case: Case) -> None:
    with pytest.raises(RuleError) as refusal:
        parse_rule(case["rrule"])
    assert refusal.value.reason
    assert refusal.value.mend


@pytest.mark.parametrize("case", cases("extensions", "rscale"))
def test_rules_beyond_the_standard_are_refused_or_right(case: Case) -> None:
    case = {"tz": None, "until_window": None, "count": None, "rdate": [], "exdate": [], **case}
    try:
        parse_rule(case["rrule"])
    except RuleError:
        return
    assert list(islice(occurrences(case), len(case["expected"]) + 5)) == wanted(case)


@pytest.mark.parametrize("case", cases("counts"))
def test_twenty_years_add_up(case: Case) -> None:
    lines: list[str] = []
    for day in occurrences(case):
        line = stamp(day, bool(case["tz"]))
        if not lines or line != lines[-1]:
            lines.append(line)
    assert len(lines) == case["n"]
    assert hashlib.sha256("\n".join(lines).encode()).hexdigest() == case["sha256"]


def stamp(day: date, has_zone: bool) -> str:
    if not isinstance(day, datetime):
        return f"{day:%Y%m%d}"
    return f"{day:%Y%m%dT%H%M%S}" + ("Z" if has_zone else "")


def calendar_of(case: Case) -> WorkingCalendar:
    book = json.loads(shared("cases/holiday-calendars.json").read_text())["calendars"][case["calendar"]]
    return WorkingCalendar(
        case["calendar"], frozenset(book["weekend"]), frozenset(map(date.fromisoformat, book["holidays"]))
    )


@pytest.mark.parametrize("case", cases("business-day-roll"))
def test_working_days(case: Case) -> None:
    calendar = calendar_of(case)
    answer = {
        "roll": rolled,
        "offset": shifted,
        "nth-working-day-of-month": numbered,
        "every-n-working-days": stepped,
    }[case["kind"]](case, calendar)
    assert answer == wanted(case)


def rolled(case: Case, calendar: WorkingCalendar) -> list[date]:
    days = (roll(day, case["roll"].replace(" ", "_"), calendar) for day in occurrences(case))
    return list(dict.fromkeys(day for day in days if day))


def shifted(case: Case, calendar: WorkingCalendar) -> list[date]:
    if case["offset"] == 0:
        return [roll(day, "following", calendar) or day for day in occurrences(case)]
    return [add_working_days(day, case["offset"], calendar) for day in occurrences(case)]


def numbered(case: Case, calendar: WorkingCalendar) -> list[date]:
    begin = date.fromisoformat(case["dtstart"])
    months = [divmod(begin.month - 1 + i, 12) for i in range(case["months"])]
    return [nth_working_day(begin.year + year, month + 1, case["n"], calendar) for year, month in months]


def stepped(case: Case, calendar: WorkingCalendar) -> list[date]:
    begin = date.fromisoformat(case["dtstart"])
    return [add_working_days(begin, case["n"] * i, calendar) for i in range(case["occurrences"])]
