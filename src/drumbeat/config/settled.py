"""Where this checkout keeps what outlives a process: the embedded database, the secret key, the demo's clock."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[3]


def settled_path() -> Path:
    """One folder a checkout; root keeps it outside private homes, because the database runs as another user."""
    named = os.environ.get("DRUMBEAT_HOME")
    if named:
        return Path(named)
    digest = hashlib.sha256(str(CHECKOUT).encode()).hexdigest()[:10]
    if os.geteuid() == 0:
        return Path("/var/lib/drumbeat") / digest
    home = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local/share")
    return Path(home) / "drumbeat" / digest


def secret_key() -> str:
    """The key from `DRUMBEAT_SECRET_KEY`, else one made once and kept readable to this user alone."""
    named = os.environ.get("DRUMBEAT_SECRET_KEY")
    if named:
        return named
    file = settled_path() / "secret-key"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as out:
            out.write(secrets.token_urlsafe(50))
    return file.read_text()
