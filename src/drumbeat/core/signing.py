"""Signs and checks what machines say to each other: HMAC-SHA256 over the moment and the body. It holds no secrets."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta

REPLAY_WINDOW = timedelta(minutes=5)


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """`v1=` and the HMAC-SHA256 of `timestamp.body` in hexadecimal; `timestamp` is Unix seconds as text."""
    said = timestamp.encode() + b"." + body
    return f"v1={hmac.new(secret.encode(), said, hashlib.sha256).hexdigest()}"


def is_signed(secret: str, timestamp: str, body: bytes, given: str) -> bool:
    """Whether the signature fits, compared in constant time."""
    return hmac.compare_digest(signature(secret, timestamp, body).encode(), given.encode())


def is_fresh(timestamp: str, at: datetime) -> bool:
    """Whether it was signed within five minutes of `at`; a text that is no moment was not."""
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        return False
    return abs(at.timestamp() - int(timestamp)) <= REPLAY_WINDOW.total_seconds()
