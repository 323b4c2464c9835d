"""The labelled failure notices that lie beside the checkout, and what the reader says of each, label by label."""

from __future__ import annotations

import csv
import re
import tarfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from drumbeat.core.mailreading import Reading, read_mail

# Codes that the labels made up where the notice has none: 5.0.9xx stands for "5, and no detail told".
MADE_UP = re.compile(r"[45]\.0\.9\d\d")
NO_FAILURE = {"vacation", "(not labelled)"}


@dataclass(frozen=True)
class Verdict:
    """One label of one file: whether the reader says the same."""

    label: str
    file: str
    wanted: str
    got: str

    @property
    def is_met(self) -> bool:
        return self.wanted == self.got


def messages(archive: Path) -> dict[str, bytes]:
    with tarfile.open(archive) as tar:
        files = ((member.name, tar.extractfile(member)) for member in tar if member.isfile())
        return {name.removeprefix("./"): file.read() for name, file in files if file}


def rows_by_file(table: Path) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    with table.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            found[row["file"]].append(row)
    return found


def verdicts_of_reasons(folder: Path) -> Iterator[Verdict]:
    """Number of recipients; of each its status, reply code, reason, and whether the bounce is hard."""
    rows = rows_by_file(folder / "expected.csv")
    for file, raw in sorted(messages(folder / "bounces_dev.tar.gz").items()):
        labelled = [row for row in rows.get(file, []) if row["reason"] not in NO_FAILURE]
        if labelled:
            reading = read_mail(raw)
            yield Verdict("recipients", file, str(len(labelled)), str(len(reading.failures)))
            for number, row in enumerate(labelled):
                yield from _verdicts_of_row(file, row, reading, number)


def _verdicts_of_row(file: str, row: dict[str, str], reading: Reading, number: int) -> Iterator[Verdict]:
    failure = reading.failures[number] if number < len(reading.failures) else None
    status = failure.status if failure else "-"
    is_untold = bool(MADE_UP.fullmatch(row["status"])) and status[1:] == ".0.0"
    yield Verdict("status", file, status if is_untold else row["status"], status)
    yield Verdict("reply code", file, row["smtp_reply"], failure.reply if failure else "-")
    yield Verdict("reason", file, row["reason"], failure.reason if failure else "-")
    yield Verdict("hard", file, row["hard_bounce"], str(int(failure.is_hard)) if failure else "-")


def verdicts_of_addresses(folder: Path) -> Iterator[Verdict]:
    """The addresses that failed for good, and those that are still tried."""
    rows = rows_by_file(folder / "expected.csv")
    for file, raw in sorted(messages(folder / "bounces_dev.tar.gz").items()):
        failures = read_mail(raw).failures
        for label, column, is_permanent in (
            ("failed addresses", "permanent_failures", True),
            ("delayed addresses", "temporary_failures", False),
        ):
            got = {one.address.lower() for one in failures if one.is_permanent is is_permanent}
            wanted = {one.lower() for one in rows[file][0][column].split("|") if one}
            yield Verdict(label, file, " ".join(sorted(wanted)), " ".join(sorted(got)))
