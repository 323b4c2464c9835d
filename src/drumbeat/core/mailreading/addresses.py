"""Mail addresses in running text. Knows their outer form; doesn't know whether they exist."""

from __future__ import annotations

import re
from email.utils import getaddresses

LOCAL = r"[\w.!#$%&'*+/=?^`{|}~-]{1,100}"
ADDRESS = re.compile(
    rf"({LOCAL}@(?:[\w-]{{1,63}}\.)*[\w-]{{1,63}}|\"[^\"\n@]{{1,80}}\"@[\w.-]{{1,120}}|{LOCAL}@\[[\d.]{{7,15}}\])"
)
MOST_NAMED = 100


def first_address(text: str) -> str:
    """The first address in the text, empty when there is none."""
    found = ADDRESS.search(text[:2_000])
    return trimmed(found[1]) if found else ""


def all_addresses(text: str) -> list[str]:
    """Each address once, in order."""
    return list(dict.fromkeys(trimmed(found) for found in ADDRESS.findall(text)))[:MOST_NAMED]


def trimmed(address: str) -> str:
    """Without what the sentence around it added, and without the old forms `SMTP=` and `RFC822:`."""
    address = re.sub(r"(?i)^(?:\S*smtp=|rfc822[;:=]|mailto:)", "", address.strip(" \t.'`<>\"*"))
    return address.lstrip("'*-=|").rstrip(".-'")


def header_addresses(value: str) -> list[dict[str, str]]:
    """The people of a header such as To, as name and address."""
    try:
        pairs = getaddresses([value[:20_000]])
    except (ValueError, IndexError):
        return []
    named = ({"name": name.strip()[:200], "email": address.strip()} for name, address in pairs[:MOST_NAMED])
    return [person for person in named if "@" in person["email"]]
