"""`drumbeat cadence`: the real command over every public case, bad lines, bounds, and the reasons of moments."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drumbeat.core.playbook import read_routine
from drumbeat.core.refusal import Refused
from drumbeat.interfaces.cli.answers import answer
from drumbeat.interfaces.cli.cadence import LONGEST_LINE, _explain_for_partner
from drumbeat.library import routine_texts
from drumbeat.workflows.foreseeing import foresee
from tests.shared import shared
from tests.world import AT, build_world

DRUMBEAT = Path(sys.executable).with_name("drumbeat")
Case = dict[str, Any]
# Rules that may be refused instead of answered, by file: other calendars, and what RFC 5545 forbids.
MAY_REFUSE = {"rscale", "extensions"}
FILES = [
    "business-day-roll",
    "counts",
    "dst",
    "extensions",
    "fiscal",
    "hostile",
    "refuse",
    "rfc",
    "rrule-mpl",
    "rrule-permissive",
    "rscale",
]


class Conversation:
    """One running `drumbeat cadence expand`, asked a line at a time."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process

    def ask(self, case: Case | bytes) -> Case:
        line = case if isinstance(case, bytes) else json.dumps(case).encode()
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(line + b"\n")
        self.process.stdin.flush()
        reply: Case = json.loads(self.process.stdout.readline())
        return reply


@contextmanager
def conversation() -> Iterator[Conversation]:
    command = [DRUMBEAT, "cadence", "expand"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        yield Conversation(process)
        assert process.stdin
        process.stdin.close()
        assert process.wait(10) == 0


@pytest.fixture(scope="module")
def drumbeat() -> Iterator[Conversation]:
    with conversation() as running:
        yield running


def cases(file: str) -> list[Case]:
    rows = map(json.loads, shared(f"cases/{file}.jsonl").read_text(encoding="utf-8").splitlines())
    book = json.loads(shared("cases/holiday-calendars.json").read_text(encoding="utf-8"))["calendars"]
    return [row | book[row["calendar"]] if row.get("calendar") else row for row in rows]


def is_right(case: Case, reply: Case, *, may_refuse: bool) -> bool:
    if case["kind"] == "refuse" or "refused" in reply:
        return bool(reply.get("refused")) and (may_refuse or case["kind"] == "refuse")
    if case["kind"] == "count":
        lines = [stamp(text, case["tz"]) for text in reply["dates"]]
        digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()
        return len(lines) == case["n"] and digest == case["sha256"]
    return reply["dates"] == case["expected"]


def stamp(text: str, zone: str | None) -> str:
    """Basic form, in UTC where there is a zone."""
    if zone:
        return f"{datetime.fromisoformat(text).astimezone(UTC):%Y%m%dT%H%M%SZ}"
    return text.replace("-", "").replace(":", "")


@pytest.mark.shared
@pytest.mark.parametrize("file", FILES)
def test_every_case_is_answered_as_it_is_written(file: str, drumbeat: Conversation) -> None:
    wrong = [
        (case["id"], case.get("rrule"), reply)
        for case in cases(file)
        if not is_right(case, reply := drumbeat.ask(case), may_refuse=file in MAY_REFUSE)
        or reply["id"] != case["id"]
    ]
    assert wrong == []


@pytest.mark.shared
def test_hostile_rules_take_less_than_a_second() -> None:
    assert [case["rrule"] for case in cases("hostile") if seconds_of(case) >= 1] == []


@pytest.mark.parametrize(
    "case",
    [
        {"rrule": "FREQ=SECONDLY;COUNT=999999999"},
        {"rrule": "FREQ=SECONDLY"},
        {"rrule": "FREQ=SECONDLY;COUNT=999999999", "from": "2090-01-01T00:00:00", "count": 1},
        {"rrule": "FREQ=SECONDLY;INTERVAL=86399;BYMINUTE=0;BYSECOND=0", "count": 1000},
        {"rrule": "FREQ=MINUTELY;INTERVAL=7;BYHOUR=3;BYMONTHDAY=31;BYMONTH=2,4", "count": 3},
        {"rrule": "FREQ=DAILY;BYMONTHDAY=29;BYMONTH=2;BYDAY=SU", "count": 100000},
        {"rrule": "FREQ=DAILY;UNTIL=99991231T000000"},
        {"rrule": "FREQ=YEARLY;INTERVAL=999999999", "count": 2},
        {"rrule": "FREQ=MONTHLY;BYMONTHDAY=" + ",".join(["31"] * 10_000), "count": 2},
    ],
    ids=lambda case: case["rrule"][:60],
)
def test_huge_and_sparse_rules_are_answered_or_refused_in_time(case: Case) -> None:
    assert seconds_of({"dtstart": "2025-01-01T09:00:00"} | case) < 1.5


def seconds_of(case: Case) -> float:
    """Processor time, since the machine may be busy."""
    began = time.process_time()
    reply = answer(json.dumps(case).encode())
    assert ("dates" in reply) != ("refused" in reply)
    return time.process_time() - began


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"", "no JSON"),
        (b"{", "no JSON"),
        (b"\xff\xfe", "no JSON"),
        (b"[]", "no object"),
        (b'"text"', "no object"),
        (b"[" * 100_000, "nested too deep"),
        (b"{}", "dtstart is no text"),
        (b'{"kind": "moon"}', "no kind 'moon'"),
        (b'{"kind": 7}', "kind is no text"),
        (b'{"dtstart": 7, "rrule": "FREQ=DAILY"}', "dtstart is no text"),
        (b'{"dtstart": "soon", "rrule": "FREQ=DAILY"}', "dtstart is no date"),
        (b'{"dtstart": "2026-02-30", "rrule": "FREQ=DAILY"}', "dtstart is no date"),
        (b'{"dtstart": "2026-01-01T09:00:00+02:00", "rrule": "FREQ=DAILY"}', "has an offset"),
        (b'{"dtstart": "2026-01-01"}', "rrule is no text"),
        (b'{"dtstart": "2026-01-01", "rrule": "FREQ=DAILY"}', "goes on for ever"),
        (b'{"dtstart": "2026-01-01", "rrule": "FREQ=HOURLY", "count": 2}', "needs a time of day"),
        (b'{"dtstart": "2026-01-01", "rrule": "FREQ=DAILY", "count": -1}', "count is no whole number"),
        (b'{"dtstart": "2026-01-01", "rrule": "FREQ=DAILY", "count": true}', "count is no whole number"),
        (b'{"dtstart": "2026-01-01T09:00:00", "tz": "../etc", "rrule": "FREQ=DAILY;COUNT=1"}', "no time zone"),
        (b'{"dtstart": "9999-12-31T23:00:00", "tz": "America/New_York", "rrule": "FREQ=DAILY;COUNT=1"}', "years 1 to"),
        (b'{"dtstart": "2026-01-01", "rrule": "FREQ=DAILY;COUNT=1", "exdate": "2026-01-01"}', "exdate is no list"),
        (b'{"kind": "roll", "dtstart": "2026-01-01", "rrule": "FREQ=DAILY;COUNT=1", "roll": "none"}', "holidays is missing"),
        (b'{"kind": "roll", "dtstart": "2026-01-01", "rrule": "FREQ=DAILY;COUNT=1", "roll": "up", "holidays": [], "weekend": [5]}', "roll called 'up'"),
        (b'{"kind": "roll", "dtstart": "2026-01-01", "rrule": "FREQ=DAILY;COUNT=1", "roll": "following", "holidays": [], "weekend": [0,1,2,3,4,5,6]}', "no working day"),
        (b'{"kind": "every-n-working-days", "dtstart": "2026-01-01", "n": 0, "occurrences": 2, "holidays": [], "weekend": []}', "n is no whole number"),
        (b'{"kind": "nth-working-day-of-month", "dtstart": "2026-01-01", "n": 25, "months": 2, "holidays": [], "weekend": [5, 6]}', "no working day number 25"),
        (b'{"kind": "retail-year", "fiscal_year": 2026, "pattern": "4-4-4", "anchor": "last", "weekday": "SA", "before_month": 2}', "no pattern"),
        (b'{"kind": "iso-weeks", "fiscal_year": "2026"}', "fiscal_year is no whole number"),
    ],
)  # fmt: skip
def test_what_cannot_be_answered_is_refused_with_the_reason(
    line: bytes, reason: str, drumbeat: Conversation
) -> None:
    reply = drumbeat.ask(line)
    assert reason in reply["refused"]
    assert "dates" not in reply


def test_the_conversation_goes_on_after_a_line_beyond_measure(drumbeat: Conversation) -> None:
    assert "bytes" in drumbeat.ask(b"x" * (2 * LONGEST_LINE + 5))["refused"]
    assert drumbeat.ask({"id": 7, "dtstart": "2026-01-01", "rrule": "FREQ=DAILY;COUNT=1"}) == {
        "id": 7,
        "dates": ["2026-01-01"],
    }


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
FIELDS = (
    "kind", "dtstart", "tz", "rrule", "rdate", "exdate", "from", "until_window", "count", "roll", "offset", "n",
    "months", "occurrences", "holidays", "weekend", "fiscal_year", "pattern", "anchor", "weekday", "before_month",
)  # fmt: skip
SOUND = {
    "kind": "roll",
    "dtstart": "2026-01-01",
    "rrule": "FREQ=MONTHLY;COUNT=3",
    "roll": "following",
    "holidays": ["2026-01-01"],
    "weekend": [5, 6],
}


@settings(max_examples=300)
@given(
    st.dictionaries(st.sampled_from(FIELDS), JSON, min_size=1, max_size=3),
    st.sampled_from(["roll", "expand", "iso-weeks", "offset"]),
)
def test_no_field_breaks_the_answer(spoilt: Case, kind: str) -> None:
    reply = answer(json.dumps(SOUND | {"kind": kind} | spoilt).encode())
    assert reply.keys() in ({"id", "dates"}, {"id", "refused"})


@settings(max_examples=200)
@given(st.binary(max_size=60))
def test_no_line_breaks_the_answer(line: bytes) -> None:
    assert answer(line)["refused"]


def test_moments_are_explained_without_a_database() -> None:
    command = [
        DRUMBEAT,
        "cadence",
        "explain",
        "monthly-partner-report",
        "--zone",
        "Europe/Berlin",
        "--country",
        "DE",
    ]
    shown = subprocess.run(
        [*command, "--from", "2026-01-01"], capture_output=True, text=True, check=True
    ).stdout
    lines = shown.splitlines()
    assert len(lines) == 12
    assert lines[1] == (
        "2026-02-06 14:00Z  the rule gives Sun 1 Feb 2026 → not a working day, so the next one: Mon 2 Feb 2026 "
        "→ +4 working days: Fri 6 Feb 2026 → 15:00 in Europe/Berlin"
    )


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ((), "Nobody is named"),
        (("--zone", "Europe/Berln"), "Did you mean Europe/Berlin?"),
        (("--zone", "UTC", "--country", "XX"), "No holiday calendar"),
    ],
)
def test_questions_about_nowhere_are_refused(options: tuple[str, ...], reason: str) -> None:
    command = [DRUMBEAT, "cadence", "explain", "quarter-review", *options]
    refused = subprocess.run(command, capture_output=True, text=True, check=False)
    assert refused.returncode == 1
    assert reason in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.django_db
def test_a_partner_s_moments_are_its_own() -> None:
    world = build_world()
    playbook = read_routine(routine_texts()["monthly-partner-report"]).routine
    found = foresee(playbook, world.kestrel, at=AT, count=12)
    assert len(found) == 12
    assert all(moment.due_at >= AT for moment in found)
    assert all(moment.why.endswith("15:00 Europe/London") for moment in found)
    manager_routine = read_routine(routine_texts()["monthly-business-review"]).routine
    with pytest.raises(Refused, match="not a partner"):
        foresee(manager_routine, world.kestrel, at=AT, count=1)


@pytest.mark.django_db
def test_a_partner_s_moments_are_printed_or_the_partner_is_missed(capsys) -> None:
    world = build_world()
    _explain_for_partner.__wrapped__("monthly-partner-report", world.kestrel.key, AT)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 12
    assert lines[0].endswith("15:00 in Europe/London")
    with pytest.raises(Refused, match="no partner 'nobody'"):
        _explain_for_partner.__wrapped__("monthly-partner-report", "nobody", AT)
