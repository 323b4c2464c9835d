"""Delivery status notifications (RFC 3464) as fields for each recipient, also where they stand in plain text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from drumbeat.core.mailreading.addresses import first_address

FIELD = re.compile(r"^\s{0,3}([A-Za-z][A-Za-z0-9-]{1,50})\s?:\s*(.*)$")
RECIPIENT_FIELDS = ("original-recipient", "final-recipient", "x-actual-recipient")
KNOWN = (
    *RECIPIENT_FIELDS,
    "action",
    "status",
    "diagnostic-code",
    "remote-mta",
    "reporting-mta",
    "arrival-date",
)
MOST_RECIPIENTS = 500


@dataclass(frozen=True, slots=True)
class StatusFields:
    """What one block says of one recipient; the words of the server without their type."""

    address: str
    action: str
    status: str
    diagnostic: str


def status_fields(text: str) -> list[StatusFields]:
    """The blocks that name a recipient. Fields in between that nobody knows, and lines that are none, are passed over."""
    found = [_of(block) for block in _blocks(text) if any(name in block for name in RECIPIENT_FIELDS)]
    return found[:MOST_RECIPIENTS]


def _blocks(text: str) -> list[dict[str, str]]:
    blocks: list[dict[str, str]] = [{}]
    last = ""
    for line in text.split("\n"):
        if not line.strip():
            blocks.append({})
            last = ""
        elif last and line[0] in " \t":
            blocks[-1][last] += f" {line.strip()}"
        elif (found := FIELD.match(line)) and len(line) < 4_000:
            last = found[1].lower()
            last = last if last not in blocks[-1] or last not in RECIPIENT_FIELDS else _opened(blocks, last)
            blocks[-1].setdefault(last, found[2].strip())
        elif last:
            blocks[-1][last] += f" {line.strip()}"
    return blocks


def _opened(blocks: list[dict[str, str]], name: str) -> str:
    """A second recipient without a blank line before it begins a block of its own."""
    blocks.append({})
    return name


def _of(block: dict[str, str]) -> StatusFields:
    addresses = (
        first_address(block.get(name, "").partition(";")[2] or block.get(name, ""))
        for name in RECIPIENT_FIELDS
    )
    named = next((address for address in addresses if address), "")
    action = re.sub(r"[^a-z].*", "", block.get("action", "").lower())
    return StatusFields(
        named or _bare(block), action.replace("failure", "failed"), block.get("status", ""), _words(block)
    )


def _bare(block: dict[str, str]) -> str:
    """A local name, or what else stands there, when no address does."""
    value = block.get("final-recipient") or block.get("original-recipient") or ""
    return (value.partition(";")[2] or value).strip(" <>\"'")[:200]


def _words(block: dict[str, str]) -> str:
    value = block.get("diagnostic-code", "")
    if value.lower().startswith("x-unix"):
        return value
    return re.sub(r"^\s*[A-Za-z][\w.-]{0,40}\s*;\s*", "", value).strip()
