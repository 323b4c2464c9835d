"""`drumbeat mail`: what Drumbeat understands of message files. Needs no database and changes nothing."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from drumbeat.interfaces.cli.files import read_each

if TYPE_CHECKING:
    from drumbeat.core.mailreading import Reading


@click.group()
def mail() -> None:
    """Ask what a message says."""


@mail.command("read")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
def read(files: tuple[Path, ...]) -> None:
    """Print one JSON line for each message file, in order; for what can't be read a line with the reason."""
    read_each(files, _told)


def _told(raw: bytes) -> dict[str, Any]:
    from drumbeat.core.mailreading import read_mail

    reading = read_mail(raw)
    told: dict[str, Any] = {
        "kind": reading.kind,
        "message_id": reading.message_id,
        "in_reply_to": reading.in_reply_to,
        "references": list(reading.references),
        "about": reading.about,
        "from": list(reading.sender),
        "to": list(reading.recipients),
        "subject": reading.subject,
        "date": reading.sent_at.isoformat() if reading.sent_at else None,
        "automatic": reading.is_automatic,
        "marks": list(reading.marks),
        "text": reading.text,
    }
    return told | _particulars(reading)


def _particulars(reading: Reading) -> dict[str, Any]:
    """What only mail of that kind has."""
    from drumbeat.core.icalreading import read_calendar_text

    told: dict[str, Any] = {}
    if reading.failures:
        told["addresses"] = [_failure(asdict(failure)) for failure in reading.failures]
    if reading.complaint:
        told["complaint"] = asdict(reading.complaint)
    if reading.calendar:
        told["calendar"] = read_calendar_text(reading.calendar, method=reading.calendar_method).as_json()
    return told


def _failure(fields: dict[str, Any]) -> dict[str, Any]:
    is_hard, is_permanent = fields.pop("is_hard"), fields.pop("is_permanent")
    return fields | {"hard": is_hard, "bounce": "hard" if is_hard else "soft", "permanent": is_permanent}
