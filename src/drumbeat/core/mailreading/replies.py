"""The new words of a reply: without what it quotes, and without the signature. Knows the habits of mail programs."""

from __future__ import annotations

import re

from drumbeat.core.mailreading.habits import (
    ATTRIBUTION,
    ATTRIBUTION_BEGINS,
    CLOSING,
    CONTACT_LINE,
    DISCLAIMER,
    HEADER_LABEL,
    MOBILE,
    ORIGINAL_LINE,
    RULE_LINE,
)

MOST_LINES = 4_000
LONGEST_LINE = 2_000
LONGEST_ATTRIBUTION = 4
MOST_SIGNATURE_LINES = 14
QUOTED = re.compile(r"^\s{0,3}(?:>|\|\s|：>|＞)")
DELIMITER = re.compile(r"^(?:--|—|__|- -|–)\s*$")


def new_text(text: str, sender: str = "") -> str:
    """What the sender wrote himself. `sender` is the name in From, by which a signature without a mark is known.

    Text above, below and between quotations is kept, in order.
    """
    lines = [line[:LONGEST_LINE].rstrip() for line in _plain(text).split("\n")[:MOST_LINES]]
    own = _without_quotations(lines)
    return _tidy(_without_signature(own, sender)) or _tidy(own)


def has_quotation(text: str) -> bool:
    """Whether the text quotes an earlier message."""
    lines = _plain(text).split("\n")[:MOST_LINES]
    return any(QUOTED.match(line) for line in lines) or any(
        _cuts_at(lines, index) for index in range(len(lines))
    )


def _plain(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ")
    return re.sub("[\u200b-\u200f\u202a-\u202e\ufeff]", "", text)


def _without_quotations(lines: list[str]) -> list[str]:
    kept: list[str] = []
    index = 0
    while index < len(lines):
        if QUOTED.match(lines[index]):
            index += 1
        elif length := _attribution_length(lines, index):
            index += length
            if not _is_quoted_next(lines, index):
                return kept if any(line.strip() for line in kept) else lines[index:]
        elif _cuts_at(lines, index):
            return kept
        else:
            kept.append(lines[index])
            index += 1
    return kept


def _attribution_length(lines: list[str], start: int) -> int:
    """How many lines the sentence `On …, … wrote:` takes that begins here; 0 when none does."""
    if not lines[start].strip():
        return 0
    joined = ""
    for count in range(1, LONGEST_ATTRIBUTION + 1):
        if start + count > len(lines) or not lines[start + count - 1].strip():
            return 0
        joined = f"{joined} {lines[start + count - 1].strip()}".strip()
        if (
            len(joined) < 400
            and joined.rstrip(" *").endswith((":", "：", "wrote", "writes", "schrieb"))
            and ATTRIBUTION.search(joined)
        ):
            return count if count == 1 or ATTRIBUTION_BEGINS.search(lines[start]) else 0
        if joined.endswith((".", "!", "?")) and count == 1:
            return 0
    return 0


def _is_quoted_next(lines: list[str], start: int) -> bool:
    following = [line for line in lines[start : start + 4] if line.strip()]
    return bool(following) and bool(QUOTED.match(following[0]))


def _cuts_at(lines: list[str], index: int) -> bool:
    """Whether a forwarded or answered message begins here and goes to the end, as Outlook leaves it."""
    line = lines[index].strip()
    if ORIGINAL_LINE.match(line):
        return True
    if RULE_LINE.match(line):
        following = [one for one in lines[index + 1 : index + 4] if one.strip()]
        return (
            bool(following) and bool(HEADER_LABEL.match(following[0])) and _is_header_block(lines, index + 1)
        )
    return bool(HEADER_LABEL.match(line)) and _is_header_block(lines, index)


def _is_header_block(lines: list[str], start: int) -> bool:
    """Three different labels of a message's head within eight lines."""
    found = (HEADER_LABEL.match(line.strip()) for line in lines[start : start + 8])
    return len({label[1].lower() for label in found if label}) >= 3


def _without_signature(lines: list[str], sender: str) -> list[str]:
    filled = sum(1 for line in lines if line.strip())
    for index, line in enumerate(lines):
        if DISCLAIMER.match(line.strip()) and index:
            return _without_signature(lines[:index], sender)
        filled -= bool(line.strip())
        is_last = filled <= MOST_SIGNATURE_LINES
        if is_last and (DELIMITER.match(line) or MOBILE.match(line.strip()) or RULE_LINE.match(line.strip())):
            return _without_signature(lines[:index], sender)
    return lines[: _signature_start(lines, sender)]


def _signature_start(lines: list[str], sender: str) -> int:
    """Where a closing formula, the sender's own name or lines of contact data begin the end of the text."""
    filled = [index for index, line in enumerate(lines) if line.strip()]
    for index in filled[max(1, len(filled) - MOST_SIGNATURE_LINES) :]:
        rest = [lines[one].strip() for one in filled if one > index]
        is_short = all(len(line) < 90 for line in rest)
        if is_short and (_closes(lines[index].strip(), rest) or _is_name(lines[index].strip(), sender, rest)):
            return index
    return len(lines)


def _closes(line: str, rest: list[str]) -> bool:
    """A formula such as `Best regards,`; a sentence that merely contains one goes on, or ends in more sentences."""
    if not CLOSING.match(line) or len(line) > 60:
        return False
    return not any(one.endswith((".", "?", "!")) and len(one.split()) > 5 for one in rest)


def _is_name(line: str, sender: str, rest: list[str]) -> bool:
    words = {word for word in re.split(r"\W+", sender.lower()) if len(word) > 1}
    named = [word for word in re.split(r"\W+", line.lower()) if len(word) > 1]
    is_own = bool(words) and 0 < len(named) <= 4 and set(named) <= words
    return is_own and all(len(one.split()) <= 8 or CONTACT_LINE.search(one) for one in rest)


def _tidy(lines: list[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
