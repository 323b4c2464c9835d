"""Text that a spreadsheet would run as a formula, made text again. Knows no file."""

import re

_RISKY = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"[-+]?[\d.,' \u00a0\u202f]+")


def disarmed(text: str) -> str:
    """With an apostrophe before it, unless it is harmless or a number."""
    return f"'{text}" if text.startswith(_RISKY) and not _NUMBER.fullmatch(text) else text
