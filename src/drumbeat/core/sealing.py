"""Keeps a secret unread by whoever has the database alone: sealed under a key that lies elsewhere. Knows no key of its own."""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken

from drumbeat.core.refusal import Refused


def seal(text: str, *, key: str, purpose: str) -> str:
    """Sealed twice it is two different texts. What is sealed for one purpose is opened for no other."""
    return _fernet(key, purpose).encrypt(text.encode()).decode()


def unseal(sealed: str, *, key: str, purpose: str) -> str:
    """Raises Refused when the key is another one, or the text was touched."""
    try:
        return _fernet(key, purpose).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise Refused("The secret can't be read with this key any more", "Enter it again.") from None


def _fernet(key: str, purpose: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"drumbeat.{purpose}|{key}".encode()).digest()))
