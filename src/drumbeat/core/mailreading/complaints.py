"""Complaints of readers about our mail: feedback reports (RFC 5965) and the forms of providers that write none."""

from __future__ import annotations

import re
from dataclasses import dataclass

from drumbeat.core.mailreading.addresses import all_addresses, first_address
from drumbeat.core.mailreading.letter import Letter
from drumbeat.core.mailreading.providernotices import provider_complaints

NO_COMPLAINT = frozenset({"not-spam"})
PROVIDER_SUBJECT = re.compile(
    r"(?i)^complaint about message from|^email feedback report for|^abuse report|^spam report"
)
RECIPIENT_HEADERS = ("x-hmxmroriginalrecipient", "x-original-to", "delivered-to", "x-apparently-to", "to")


@dataclass(frozen=True, slots=True)
class Complaint:
    """Who complained (often blanked out by the provider), of what kind, and about which sender."""

    kind: str
    addresses: tuple[str, ...]
    about: str


def complaint_in(letter: Letter) -> Complaint | None:
    """The complaint that the letter brings, if it brings one."""
    text = "\n".join(part.text for part in letter.own("text/plain"))
    if people := provider_complaints(text):
        return Complaint("abuse", tuple(people), "")
    report = next((part.text for part in letter.own("message/feedback-report")), "")
    kind = (
        _field(report, "feedback-type")
        or ("abuse" if PROVIDER_SUBJECT.match(letter.header("subject")) else "")
    ).lower()
    if not kind or kind in NO_COMPLAINT or not (report or letter.enclosed_headers):
        return None
    named = all_addresses(" ".join(re.findall(r"(?im)^original-rcpt-to:\s*(.{1,300})", report)))
    return Complaint(
        kind, tuple(named or _enclosed_recipient(letter)), first_address(_field(report, "original-mail-from"))
    )


def _field(report: str, name: str) -> str:
    found = re.search(rf"(?im)^{name}:\s*(.{{0,300}})$", report)
    return found[1].strip() if found else ""


def _enclosed_recipient(letter: Letter) -> list[str]:
    for name in RECIPIENT_HEADERS:
        if address := first_address(_field(letter.enclosed_headers, name)):
            return [address]
    return []
