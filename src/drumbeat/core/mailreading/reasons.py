"""Why a message came back, in one word, and whether the address is dead. Knows the servers' words through `phrases`."""

from __future__ import annotations

import re

from drumbeat.core.mailreading.codes import reply_in
from drumbeat.core.mailreading.phrases import (
    DECISIVE,
    PROVIDER_CODES,
    STATUS_REASONS,
    SURE_STATUSES,
    TELLING,
    first_match,
)

HARD_REASONS = frozenset({"userunknown", "hostunknown", "hasmoved", "notaccept"})
LONGEST_JUDGED = 3_000
AT_THE_DOOR = frozenset({"securityerror", "filtered", "rejected", "hostunknown", "undefined"})
GIVEN_UP = re.compile(
    r"(?i)\b(?:could not be|was not|not|never been) delivered (?:for|in|within|after) \d+ (?:day|hour)"
    r"|\b(?:aborted|giv(?:en|ing) up|failing|undeliverable|retr(?:ied|ying)|been trying) (?:after|for) (?:over |more than |at least )?"
    r"(?:\d+(?:\.\d+)?) (?:day|hour)"
)
COMMAND_REASONS = {"DATA": "filtered", "MAIL": "rejected", "CONN": "blocked", "EHLO": "blocked"}


def reason_of(words: str, *, status: str, command: str = "", action: str = "") -> str:
    """The reason that the server's words, its status code and the refused command tell; `undefined` when nothing does.

    The words are those of one recipient. `action` is that of RFC 3464.
    """
    if action in ("delivered", "deliverable", "relayed", "expanded") or status.startswith("2."):
        return "delivered"
    published = first_match(PROVIDER_CODES, words[:LONGEST_JUDGED])
    words = _without_addresses(words[:LONGEST_JUDGED])
    detail = status.partition(".")[2]
    if published:
        return published
    found = ("exceedlimit" if detail == "2.3" else "") or first_match(DECISIVE, words)
    found = found or (STATUS_REASONS.get(detail, "") if detail in SURE_STATUSES else "")
    found = found or first_match(TELLING, words) or STATUS_REASONS.get(detail, "")
    return _placed(found or COMMAND_REASONS.get(command, "") or _by_action(action), detail, command, words)


def after_waiting(reason: str, notice: str) -> str:
    """A server that tried for hours or days and then gave up never met a final no, or it would have given up at once: the time
    is the reason, and the address isn't dead."""
    return "expired" if is_hard(reason) and GIVEN_UP.search(notice[:LONGEST_JUDGED]) else reason


def _without_addresses(words: str) -> str:
    """Addresses and links hold words too (`user-unknown@…`, `/reason/#blocked`), which say nothing."""
    words = re.sub(r"https?:\S{1,300}", " ", words)
    return " ".join(re.sub(r"[\w.+=-]{1,80}@[\w.-]{1,120}", " ", words).split())


def _by_action(action: str) -> str:
    return "expired" if action == "delayed" else "undefined"


def _placed(reason: str, detail: str, command: str, words: str) -> str:
    """`User unknown` is believed with its code, at RCPT, or from the system that keeps the mailboxes.

    A server that took the recipient and refuses only at the data knows the user: his filter said no.
    """
    if command in ("CONN", "EHLO") and reason in AT_THE_DOOR:
        return "blocked"
    if reason != "userunknown" or detail in SURE_STATUSES or command == "RCPT":
        return reason
    is_remote = command == "DATA" or detail.startswith("2.") or (reply_in(words) and "be found" not in words)
    return "filtered" if is_remote else reason


def is_hard(reason: str) -> bool:
    """Whether nobody will ever receive mail at this address again: no user, no host, moved, or takes no mail."""
    return reason in HARD_REASONS
