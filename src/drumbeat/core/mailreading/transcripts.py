"""Failure notices in free text, as the mail servers of fifty years write them: who failed, and the words about each.

Knows forms of lines, not servers: a notice names its recipients at the beginning of a line, behind a label, or in a
sentence. What is quoted of the original message is cut off first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from drumbeat.core.mailreading.addresses import ADDRESS, LOCAL, all_addresses, first_address, trimmed

LONGEST_NOTICE = 60_000
LONGEST_LINE = 2_000
ORIGINAL_BEGINS = re.compile(
    r"(?im)^[ \t>|*#=-]{0,70}(?:"
    r"(?:this is a )?(?:below (?:this|the next) line is |enclosed is |included is |below is )?(?:a )?copy of (?:the|your) (?:original )?(?:message|mail|e-?mail)(?! header is)"
    r"|(?:the )?(?:header of the )?(?:original|unsent|returned|undelivered|failed|rejected|your) (?:message|mail|e-?mail)(?: (?:text|info|headers?|content|body|follows|begins|is following|attached|included|adjunto))*[ \t.:|*#=-]*$"
    r"|original (?:mail info|message follows|message|mail)\b.{0,20}$|message (?:header|headers|text|contents?) follows?|the -- header and top"
    r"|the (?:header|headers|original message) (?:and top|of the original|follows)|(?:-- )?the header and top|unsent message (?:below|follows|header)"
    r"|mensaje original|message d'origine|ursprüngliche nachricht|returned mail|the message contained|original message headers?"
    r"|included is a copy of the message header|the text you sent follows|begin (?:of )?(?:original )?(?:message|returned)|message text follows"
    r"|the following is a copy|start of (?:your|returned|original) message"
    r")|^(?:received|return-path|dkim-signature|x-originating-ip|x-ymail-osg|arc-seal): |^content-type: (?:message/rfc822|text/rfc822-headers)"
)
LABEL = re.compile(
    r"(?i)(?:\b(?:failed recipients?|recipients?(?: address(?:es)?)?|addressed to|unknown user|user unknown|undeliverable to|delivering your mail to"
    r"|delivered to|deliver (?:the |your )?(?:message|mail) to|your message to|message to|mailbox(?: is)? full|exceeds allowed size|"
    r"invalid (?:user|recipient|address)|unable to deliver to|user's mailbox is full|(?:quota )?violation for|quota exceeded for|rcpt to|could not be sent to|not delivered to|permanent errors|to address|bounced address|failed address|"
    r"could not be delivered to|nicht zugestellt werden an|no such user|delivery to|destinataire|empfänger|destinatario|error sending to|deliver mail to|send to|sent to|could not be reached|sending to)"
    r"[ \t]{0,3}[:=]?|[→>*•-])\s{0,8}[<(\"']?\s?$"
)
AT_START = re.compile(rf"^(?:[45]\d\d )?[ \t>*|•→-]{{0,60}}[<(\"']{{0,2}}({LOCAL}@[\w.-]{{1,120}})")
SENDER_NEXT = re.compile(
    r"(?i)(?:message sent by|sent from|message from|sender(?: is)?|return address)\s*:?\s*$"
)
IGNORED_LINE = re.compile(
    r"(?i)^[\s>|*-]{0,20}(?:from|sender|reply-to|return-path|subject|cc|date|sent|message-id|original sender|received|envelope-from|x-[a-z-]+|reported-by|"
    r"(?:for further|please|contact|if you|a message (?:from|sent by)|postmaster|the mail administrator|administrator|help ?desk|support|.{0,60}(?:contact|assistance|questions?|help) ).{0,80})\b"
)
IGNORED_BEFORE = re.compile(
    r"(?i)(?:from:?|sender(?: address)?:?|contact|mail from:?|envelope-from|please (?:contact|e?-?mail|write)|reply to|send (?:mail|e-?mail) to|sent by|via|by|help to|to contact|postmaster|for help|your address)[ \t]{0,3}[:=]?\s{0,4}[<(\"']?\s?$"
)
SENDERLESS = re.compile(
    r"(?i)^(?:postmaster|mailer-?daemon|abuse|support|helpdesk|no-?reply|mail-?daemon|hostmaster|webmaster)@"
)


@dataclass(frozen=True, slots=True)
class Told:
    """One recipient and the lines that speak of it."""

    address: str
    words: str


def notice_of(text: str) -> str:
    """The text before the original message begins; some quote it first, so an empty beginning gives the whole text."""
    text = "\n".join(line[:LONGEST_LINE] for line in text[:LONGEST_NOTICE].split("\n"))
    for found in ORIGINAL_BEGINS.finditer(text):
        if ADDRESS.search(text[: found.start()]) or len(text[: found.start()].split()) > 12:
            return text[: found.start()]
    return text


def told_recipients(notice: str, *, not_these: frozenset[str] = frozenset()) -> list[Told]:
    """The recipients that the notice names as failed, each once, in order. `not_these`: the one it is written to."""
    found = (
        _at_line_starts(notice, not_these)
        or _behind_labels(notice, not_these)
        or _anywhere(notice, not_these)
    )
    return _merged(found)


def _at_line_starts(notice: str, not_these: frozenset[str]) -> list[Told]:
    """With each recipient the lines that follow; in a bare transcript (`550 <address>... verdict`) those before."""
    told: list[tuple[str, list[str]]] = []
    before: list[str] = []
    is_sender_next = is_verdict = False
    for line in notice.split("\n"):
        found = AT_START.match(line)
        if found and not is_sender_next and _is_recipient(found[1], line, not_these):
            is_verdict = line[:3].isdigit()
            told.append((trimmed(found[1]), [*before, line] if is_verdict else [line]))
            before = []
        else:
            before.append(line)
            if told and not is_verdict:
                told[-1][1].append(line)
        is_sender_next = bool(SENDER_NEXT.search(line))
    return [Told(address, "\n".join(lines)[:4_000]) for address, lines in told]


def _is_recipient(address: str, line: str, not_these: frozenset[str]) -> bool:
    return (
        trimmed(address).lower() not in not_these
        and not SENDERLESS.match(address)
        and not IGNORED_LINE.match(line)
    )


def _behind_labels(notice: str, not_these: frozenset[str]) -> list[Told]:
    text = notice[:20_000]
    found = []
    for match in ADDRESS.finditer(text):
        address, before = trimmed(match[1]), text[max(0, match.start() - 60) : match.start()]
        if LABEL.search(before) and not IGNORED_BEFORE.search(before) and address.lower() not in not_these:
            found.append(Told(address, notice[:4_000]))
    return found


def _anywhere(notice: str, not_these: frozenset[str]) -> list[Told]:
    """The last way: an address that stands in a sentence and isn't said to be somebody else's."""
    for line in notice[:20_000].split("\n"):
        if IGNORED_LINE.match(line):
            continue
        for match in ADDRESS.finditer(line):
            address, before = trimmed(match[1]), line[max(0, match.start() - 40) : match.start()]
            is_other = (
                IGNORED_BEFORE.search(before) or SENDERLESS.match(address) or address.lower() in not_these
            )
            if not is_other:
                return [Told(address, notice[:4_000])]
    return []


def _merged(told: list[Told]) -> list[Told]:
    """One entry an address; a notice in two languages, or with a transcript, names each twice."""
    words: dict[str, str] = {}
    names: dict[str, str] = {}
    for one in told:
        key = one.address.lower()
        names.setdefault(key, one.address)
        words[key] = f"{words[key]}\n{one.words}" if key in words else one.words
    return [Told(names[key], text[:6_000]) for key, text in words.items()]


def local_recipients(notice: str, domain: str) -> list[Told]:
    """Names without a domain, each on a line of its own, as a provider writes them of its own customers."""
    found = re.search(
        r"(?i)following recipients?\b[^:]{0,200}:\n+((?:[ \t]+[\w.-]{2,64}[ \t]*\n?)+)", notice[:20_000]
    )
    return [Told(f"{name}@{domain}", notice[:4_000]) for name in found[1].split()] if found and domain else []


def header_recipients(headers: str) -> list[str]:
    """Whom the original message was for: its To, where the notice itself names nobody."""
    found = re.search(r"(?im)^to:\s*(.{1,1000})$", headers)
    return (
        all_addresses(found[1])
        if found
        else [first_address(headers)]
        if "@" in headers[:200] and "\n" not in headers
        else []
    )
