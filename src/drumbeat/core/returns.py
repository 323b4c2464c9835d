"""The envelope's sender as a number of ours (VERP): a bounce that says nothing else still comes back to the letter it is
about. Signed, so that nobody can return letters that he never got."""

from __future__ import annotations

import hashlib
import hmac
import re

_RETURNED = re.compile(r"\+(\d{1,15})\.([0-9a-f]{12})@", re.ASCII)


def return_address(base: str, number: int, secret: str) -> str:
    """`bounces@example.com` -> `bounces+17.3fa9…@example.com`; empty stays empty."""
    if not base:
        return ""
    local, _, domain = base.rpartition("@")
    return f"{local}+{number}.{_signature(number, secret)}@{domain}"


def returned_number(address: str, secret: str) -> int | None:
    """The number of an address that we made; None for any other."""
    match = _RETURNED.search(address.lower())
    if match is None or not hmac.compare_digest(match[2], _signature(int(match[1]), secret)):
        return None
    return int(match[1])


def _signature(number: int, secret: str) -> str:
    return hmac.new(secret.encode(), f"return:{number}".encode(), hashlib.sha256).hexdigest()[:12]
