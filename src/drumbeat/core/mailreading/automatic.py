"""Marks of mail that no person wrote (RFC 3834, RFC 5230 and older custom). Such mail must never be answered by a machine."""

from __future__ import annotations

import re

from drumbeat.core.mailreading.habits import AUTOMATIC_SUBJECT
from drumbeat.core.mailreading.letter import Letter

REPLY_HEADERS = (
    "x-autoreply",
    "x-autorespond",
    "x-autoresponder",
    "x-auto-reply-from",
    "x-mail-autoreply",
    "x-vacation",
)
BULK = re.compile(r"(?i)^\s*(?:bulk|list|junk)\b")


def automatic_marks(letter: Letter) -> tuple[str, ...]:
    """Each header that says a machine sent this, as `name: value`; empty for a person's mail."""
    marks = []
    if submitted := letter.header("auto-submitted"):
        marks += [f"auto-submitted: {submitted}"] if not submitted.lower().startswith("no") else []
    named = (*REPLY_HEADERS, "x-auto-response-suppress", "x-loop", "feedback-id", "x-failed-recipients")
    marks += [f"{name}: {letter.header(name)}" for name in named if letter.header(name)]
    marks += [f"precedence: {value}" for value in letter.all_of("precedence")]
    marks += ["list-id: " + letter.header("list-id")] if letter.header("list-id") else []
    marks += ["return-path: <>"] if letter.header("return-path") == "<>" else []
    return tuple(mark[:200] for mark in marks)


def is_automatic_reply(letter: Letter) -> bool:
    """An answer that a machine gave for a person: vacation notes, out of office, receipts of mail robots."""
    if letter.header("auto-submitted").lower().startswith("auto-replied"):
        return True
    if any(letter.header(name) for name in REPLY_HEADERS):
        return True
    if re.match(r"(?i)\s*auto[_-]?reply", letter.header("precedence")):
        return True
    return bool(AUTOMATIC_SUBJECT.match(letter.header("subject")))


def is_machine_made(letter: Letter) -> bool:
    """Sent by a machine in any way, mailing lists and newsletters included."""
    submitted = letter.header("auto-submitted").lower()
    is_told = bool(submitted) and not submitted.startswith("no")
    return is_told or is_automatic_reply(letter) or letter.header("return-path") == "<>" or _is_bulk(letter)


def _is_bulk(letter: Letter) -> bool:
    return bool(letter.header("list-unsubscribe") or letter.header("feedback-id")) or any(
        BULK.match(value) for value in letter.all_of("precedence")
    )
