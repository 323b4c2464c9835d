"""Loading one file of any kind: its rows are staged as texts, checked as a set, and take their place in one transaction; a
wrong row refuses the file unless the asker wants the good rows alone."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, transaction

from drumbeat.apps.events.actions import record_event
from drumbeat.apps.intake.models import LearnedMapping, Load
from drumbeat.apps.intake.queries.learned import Reading, layout_json, reading_of
from drumbeat.apps.intake.rows import RowReader, Wrong, forms_of
from drumbeat.apps.intake.shapes import Kind
from drumbeat.apps.intake.streams import Layout, Stream, opened
from drumbeat.apps.intake.uploads import Upload
from drumbeat.apps.people.models import Account
from drumbeat.core.refusal import Refused, insist

from .taking import Counts, check, take

BATCH = 5_000
FORMER = ", ".join(f"pg_temp.{name}" for name in ("staged", "incoming", "matched", "touched", "differing"))
MOST_WRONG = 100_000
Watch = Callable[[int], object]
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


@dataclass(slots=True)
class Outcome:
    """What a load did, or would do. Without `load` nothing was written."""

    reading: Reading
    layout: Layout
    rows: int = 0
    skipped: int = 0
    counts: Counts = field(default_factory=Counts)
    wrong: dict[int, Wrong] = field(default_factory=dict)
    load: Load | None = None
    loaded_before: Load | None = None


class _NotLoaded(Exception):
    """Leaves the transaction with nothing written."""


def load_file(
    kind: Kind,
    upload: Upload,
    *,
    by: Account | None,
    at: datetime,
    mapping: Upload | None = None,
    lists: Map[str, Upload] | None = None,
    encoding: str = "",
    is_dry: bool = False,
    good_rows: bool = False,
    watch: Watch = lambda _: None,
) -> Outcome:
    """The same file read the same way is loaded once: a second time `loaded_before` comes back. A load teaches how its
    layout is read. `lists` are the files beside it, by name; `watch` hears how many rows were read. Raises Refused when
    the file can't be read at all; wrong rows are in the outcome, by row."""
    reading = reading_of(
        kind, upload, mapping=mapping, lists={} if lists is None else lists, encoding=encoding
    )
    outcome = _outcome(kind, upload, reading, encoding)
    digest = hashlib.sha256(f"{upload.digest()} {reading.text}".encode()).hexdigest()
    outcome.loaded_before = Load.objects.filter(noun=kind.noun, digest=digest, undone_at=None).first()
    if outcome.loaded_before:
        return outcome
    try:
        with transaction.atomic():
            _load(
                kind,
                upload,
                outcome,
                digest,
                by=by,
                at=at,
                good_rows=good_rows,
                encoding=encoding,
                watch=watch,
            )
            if is_dry or (outcome.wrong and not good_rows):
                raise _NotLoaded
    except _NotLoaded:
        outcome.load = None
    return outcome


def _outcome(kind: Kind, upload: Upload, reading: Reading, encoding: str) -> Outcome:
    """The outcome before anything is read; the forms of dates and numbers are certain by now."""
    with _stream(upload, reading, encoding) as stream:
        forms = forms_of(kind, reading.mapping, stream, reading.lists, reading.forms)
        return Outcome(
            Reading(reading.name, reading.text, reading.mapping, reading.lists, forms, reading.is_learned),
            stream.layout,
        )


def _stream(upload: Upload, reading: Reading, encoding: str):  # type: ignore[no-untyped-def]
    mapping = reading.mapping
    return opened(
        upload, encoding=encoding or mapping.encoding, sheet=mapping.sheet, wanted=mapping.own_columns
    )


def _load(
    kind: Kind, upload: Upload, outcome: Outcome, digest: str, *, by: Account | None, at: datetime, good_rows: bool,
    encoding: str, watch: Watch,
) -> None:  # fmt: skip
    reading = outcome.reading
    load = Load.objects.create(
        noun=kind.noun, file_name=upload.name[-200:], digest=digest, loaded_at=at, loaded_by=by, created=0, changed=0, warnings=0
    )  # fmt: skip
    with _stream(upload, reading, encoding) as stream:
        reader = RowReader(kind, reading.mapping, stream.columns, reading.lists, reading.forms)
        _stage(kind, stream, reader, outcome, watch)
    for row, name, value, reason, mend in check(kind, reading.mapping, at=at):
        _put(outcome, Wrong(row, name, reader.column_of(name), value, reason, mend))
    if outcome.wrong and not good_rows:
        return
    outcome.counts = take(kind, reading.mapping, load, without=list(outcome.wrong), at=at)
    load.created, load.changed, load.unchanged = outcome.counts
    load.refused = len(outcome.wrong)
    load.save()
    _learn(kind, outcome, at)
    record_event("file.loaded", ("load", load.pk), by_id=by.pk if by else None, at=at, noun=kind.noun)
    outcome.load = load


def _stage(kind: Kind, stream: Stream, reader: RowReader, outcome: Outcome, watch: Watch) -> None:
    """COPY of the good rows, batch by batch."""
    names = ", ".join(f'"{one.name}" text' for one in kind.fields)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {FORMER}")
        cursor.execute(f"CREATE TEMP TABLE staged (row int, {names}) ON COMMIT DROP")
        taken = ", ".join(f'"{one.name}"' for one in reader.fields)
        with cursor.copy(f"COPY staged (row, {taken}) FROM STDIN") as copy:
            for batch in _batches(stream, reader, outcome, watch):
                copy.write(batch)


def _batches(stream: Stream, reader: RowReader, outcome: Outcome, watch: Watch) -> Iterable[str]:
    lines: list[str] = []
    read, is_text = reader.read, [one.type == "text" for one in reader.fields]
    is_returned = "error_reason" in stream.columns
    for number, cells in stream.records:
        if reader.is_skipped(cells):
            outcome.skipped += 1
            continue
        outcome.rows += 1
        texts, wrong = read(number, [_unquoted(cell) for cell in cells] if is_returned else cells)
        if wrong:
            _put(outcome, wrong[0])
        else:
            lines.append("\t".join([str(number), *map(_copied, texts, is_text)]))
        if len(lines) >= BATCH:
            yield "\n".join(lines) + "\n"
            watch(outcome.rows)
            lines = []
    yield "".join(f"{line}\n" for line in lines)
    watch(outcome.rows)


def _copied(text: str | None, is_text: bool) -> str:
    if text is None:
        return "\\N"
    return text.translate(_ESCAPES) if is_text else text


def _unquoted(cell: str) -> str:
    """A cell of our own errors file: the apostrophe that kept a spreadsheet from reckoning goes again."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in "=+-@\t\r" else cell


def _put(outcome: Outcome, wrong: Wrong) -> None:
    outcome.wrong.setdefault(wrong.row, wrong)
    if len(outcome.wrong) > MOST_WRONG:
        raise Refused(
            f"More than {MOST_WRONG:,} rows are wrong, first row {wrong.row}, {wrong.column}: {wrong.reason}",
            "Look whether it is the right mapping",
        )


def _learn(kind: Kind, outcome: Outcome, at: datetime) -> None:
    reading = outcome.reading
    if reading.text:
        insist(len(reading.name) <= 120, "The mapping's name is too long", "Use 120 signs at most")
        LearnedMapping.objects.update_or_create(
            noun=kind.noun,
            name=reading.name,
            defaults={
                "text": reading.text, "forms": reading.forms, "lists": reading.lists, "learned_at": at,
                "layout": layout_json(outcome.layout),
            },
        )  # fmt: skip
