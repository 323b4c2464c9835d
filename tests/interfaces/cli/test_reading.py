"""`drumbeat mail read` and `drumbeat calendar read`: one line a file, in order, whatever the file is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from drumbeat.interfaces.cli import main
from drumbeat.interfaces.cli.files import read_each

BOUNCE = (
    "From: MAILER-DAEMON@mx.example\nTo: jonas@v.example\nSubject: failure notice\n\n"
    "<zoe@p.example>:\n550 5.2.2 mailbox full\n"
)
REPLY = (
    "From: Zoë <zoe@p.example>\nTo: jonas@v.example\nSubject: Accepted: Review\nContent-Type: text/calendar; method=REPLY\n\n"
    "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:u\nDTSTART:20261125T090000Z\nATTENDEE;PARTSTAT=ACCEPTED:mailto:zoe@p.example\n"
    "END:VEVENT\nEND:VCALENDAR\n"
)


def lines(command: str, *files: Path) -> list[dict[str, Any]]:
    run = CliRunner().invoke(main, [command, "read", *map(str, files)])

    assert run.exit_code == 0, run.output
    return [json.loads(line) for line in run.output.splitlines()]


def test_mail_is_answered_line_by_line(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("bounce", "missing", "reply", "empty")]
    for file, text in zip(files, (BOUNCE, None, REPLY, ""), strict=True):
        if text is not None:
            file.write_text(text, encoding="utf-8")
    bounce, missing, reply, empty = lines("mail", *files)

    assert [bounce["file"], missing["file"]] == [str(file) for file in files[:2]]
    assert (bounce["kind"], bounce["addresses"][0]["bounce"]) == ("bounce", "soft")
    assert (reply["kind"], reply["calendar"]["method"]) == ("calendar reply", "REPLY")
    assert reply["calendar"]["attendees"][0]["answer"] == "ACCEPTED"
    assert "no such file" in missing["refused"] and "empty" in empty["refused"]


def test_calendars_are_answered_line_by_line(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.ics", tmp_path / "bad.ics"
    good.write_text(REPLY.partition("\n\n")[2], encoding="utf-8")
    bad.write_bytes(b"\xff\xfe\x00 no calendar")
    first, second = lines("calendar", good, bad)

    assert (first["uid"], first["start"]) == ("u", "2026-11-25T09:00:00+00:00")
    assert "no calendar" in second["refused"]


def test_a_fault_of_the_reader_is_told_and_the_rest_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [tmp_path / name for name in ("a", "b")]
    for file in files:
        file.write_text("x")

    def understand(raw: bytes) -> dict[str, Any]:
        raise KeyError(raw)

    read_each(files, understand)

    assert ["KeyError" in line for line in capsys.readouterr().out.splitlines()] == [True, True]
