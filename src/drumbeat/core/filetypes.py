"""Tells what a file is by its bytes, and a name under which it may be kept. It opens nothing."""

import re
import unicodedata

# First bytes -> type. What is in none of them, and no plain text, isn't taken.
_MAGIC = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"PK\x03\x04", "application/zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
)
_OFFICE = (
    (b"word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (b"xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (b"ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
)
_LOOKED_AT = 8_192
_MARKUP = re.compile(rb"<\s*(!doctype|html|svg|script|\?xml|head|body|iframe)", re.IGNORECASE)


def sniffed_type(content: bytes) -> str | None:
    """The type that its bytes tell; None for programs, markup that a browser would run, and what nobody knows."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    found = next((type_ for magic, type_ in _MAGIC if content.startswith(magic)), None)
    if found == "application/zip":
        return next((type_ for mark, type_ in _OFFICE if mark in content), found)
    return found or _plain_text(content)


def _plain_text(content: bytes) -> str | None:
    head = content[:_LOOKED_AT]
    if b"\0" in head or content.startswith(b"#!") or content[:2] == b"MZ" or _MARKUP.search(head):
        return None
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 3:
            return None
    return "text/plain"


def safe_name(name: str) -> str:
    """The last part of a path, without signs that mean something to a shell, a header or a reader's eyes; 100 at most."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(sign for sign in last if unicodedata.category(sign)[0] not in "CZ" or sign == " ")
    bare = re.sub(r'[<>:"|?*;%]', "", kept).strip(". ")
    stem, dot, ending = bare.rpartition(".")
    return f"{(stem or ending)[:90]}{dot if stem else ''}{ending[:9] if stem else ''}" or "file"
