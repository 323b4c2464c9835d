"""Finds letters that were lost because a text of an old DOS code page was once read as Windows-1252: `Kurf\\x81rstenstr`
for Kurfürstenstr, `K”nig` for König. It changes nothing; it says what is strange, and what the text may have been."""

from __future__ import annotations

import re
import unicodedata

# Signs of Windows-1252 that never stand between two letters; the code page has accented letters in their places.
_SIGN_IN_WORD = re.compile(r"[^\W\d_]([‚„“”†‡ˆ‰˜])[^\W\d_]")
_BREAKS = "\n\r\t"


def strangeness(text: str) -> str:
    """What shows for certain that letters were lost; empty if nothing does."""
    controls = {sign for sign in text if unicodedata.category(sign) == "Cc"} - {*_BREAKS, "\x00"}
    if controls:
        return f"The text holds control characters ({', '.join(f'U+{ord(sign):04X}' for sign in sorted(controls))})"
    sign = _SIGN_IN_WORD.search(text)
    return f"The sign {sign[1]} stands inside a word" if sign else ""


def probable(text: str) -> str:
    """What the text was if it was misread so; empty if it can't have been."""
    try:
        found = b"".join(map(_byte, text)).decode("cp850")
    except UnicodeEncodeError:
        return ""
    return found if found != text else ""


def _byte(sign: str) -> bytes:
    """Windows-1252 leaves five bytes open; whoever reads them passes them on as control characters."""
    return sign.encode("latin-1" if "\x80" <= sign <= "\x9f" else "cp1252")
