"""One message file, understood: what kind of answer it is, from whom, to what, and what it says. Decides nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from drumbeat.core.mailreading.addresses import header_addresses
from drumbeat.core.mailreading.automatic import automatic_marks, is_automatic_reply, is_machine_made
from drumbeat.core.mailreading.bounces import Failure, failures_in, original_message_id
from drumbeat.core.mailreading.complaints import Complaint, complaint_in
from drumbeat.core.mailreading.habits import REPLY_SUBJECT
from drumbeat.core.mailreading.htmltext import text_of_html
from drumbeat.core.mailreading.letter import Letter, open_letter
from drumbeat.core.mailreading.replies import has_quotation, new_text
from drumbeat.core.refusal import Refused

BOUNCE, AUTO_REPLY, COMPLAINT = "bounce", "auto-reply", "complaint"
CALENDAR_REPLY, HUMAN_REPLY, OTHER = "calendar reply", "human reply", "other"
ANSWERING_METHODS = frozenset({"REPLY", "COUNTER", "REFRESH"})
CALENDAR_KINDS = ("text/calendar", "application/ics")
MOST_REFERENCES = 100
LONGEST_ANSWER = 50_000


@dataclass(frozen=True, slots=True)
class Reading:
    """What a message says. `text` is the new words of a reply; `calendar` the .ics text that came along, if any.

    `about` is the Message-ID of ours that it answers or returns, as far as it names one.
    """

    kind: str
    message_id: str
    in_reply_to: str
    references: tuple[str, ...]
    about: str
    sender: tuple[dict[str, str], ...]
    recipients: tuple[dict[str, str], ...]
    subject: str
    sent_at: datetime | None
    is_automatic: bool
    marks: tuple[str, ...]
    failures: tuple[Failure, ...]
    complaint: Complaint | None
    text: str
    calendar: str
    calendar_method: str


def read_mail(raw: bytes) -> Reading:
    """Understands one message file. Refuses (with the reason) what is too large, too deep or no message at all."""
    try:
        return _read(open_letter(raw))
    except RecursionError:
        raise Refused("Its parts are nested beyond all measure", "Send the inner message itself.") from None


def _read(letter: Letter) -> Reading:
    complaint = complaint_in(letter)
    failures = () if complaint else tuple(failures_in(letter))
    calendar = _calendar(letter)
    method = _method(letter, calendar)
    text = _body(letter)
    kind = _kind(letter, complaint, failures, method, text)
    people = header_addresses(letter.header("from"))
    ids = _ids(letter.header("references"))
    answered = (_ids(letter.header("in-reply-to")) or ("",))[0]
    return Reading(
        kind, (_ids(letter.header("message-id")) or (letter.header("message-id")[:300],))[0], answered, ids,
        original_message_id(letter) if kind in (BOUNCE, COMPLAINT) else answered or (ids[-1] if ids else ""),
        tuple(people), tuple(one for name in ("to", "cc") for value in letter.all_of(name) for one in header_addresses(value)),
        letter.header("subject")[:1_000], _moment(letter.header("date")),
        kind in (BOUNCE, AUTO_REPLY, COMPLAINT) or is_machine_made(letter), automatic_marks(letter),
        failures, complaint,
        new_text(text, people[0]["name"] if people else "")[:LONGEST_ANSWER] if kind not in (BOUNCE, COMPLAINT) else "",
        calendar, method,
    )  # fmt: skip


def _kind(
    letter: Letter, complaint: Complaint | None, failures: tuple[Failure, ...], method: str, text: str
) -> str:
    if complaint:
        return COMPLAINT
    if failures:
        return BOUNCE if any(failure.reason != "delivered" for failure in failures) else OTHER
    if method in ANSWERING_METHODS:
        return CALENDAR_REPLY
    if is_automatic_reply(letter):
        return AUTO_REPLY
    return HUMAN_REPLY if _is_reply(letter, text) and not _is_from_machine(letter) else OTHER


def _is_reply(letter: Letter, text: str) -> bool:
    is_answering = bool(
        letter.header("in-reply-to")
        or letter.header("references")
        or REPLY_SUBJECT.match(letter.header("subject"))
    )
    return is_answering or (has_quotation(text) and not letter.header("list-unsubscribe"))


def _is_from_machine(letter: Letter) -> bool:
    return is_machine_made(letter) or letter.parameters.get("report-type", "") != ""


def _body(letter: Letter) -> str:
    """The text the reader sees: plain where there is one, else the HTML read as text."""
    plain = [part.text for part in letter.own("text/plain") if not part.name]
    if any(text.strip() for text in plain):
        return "\n".join(plain)
    return "\n".join(text_of_html(part.text) for part in letter.own("text/html") if not part.name)


def _calendar(letter: Letter) -> str:
    own = letter.own(*CALENDAR_KINDS)
    return next((part.text for part in own if "BEGIN:VCALENDAR" in part.text.upper()), "")


def _method(letter: Letter, calendar: str) -> str:
    """The one in the calendar counts; the one of the part's heading only where the calendar has none."""
    found = re.search(r"(?im)^METHOD(?:;[^:\n]{0,100})?:\s*([A-Z-]{2,20})", calendar)
    told = (
        next((part.parameters.get("method", "") for part in letter.own(*CALENDAR_KINDS)), "")
        if calendar
        else ""
    )
    return (found[1] if found else told).upper()


def _ids(value: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(re.findall(r"<[^<>\s]{1,300}>", value)))[-MOST_REFERENCES:]


def _moment(value: str) -> datetime | None:
    """The Date in UTC; None when it can't be read. Without a zone it is taken as UTC."""
    try:
        read = parsedate_to_datetime(value)
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
