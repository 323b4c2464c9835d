"""Where files lie: a folder, each under the digest of its bytes. It knows neither names nor owners."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path
from typing import Protocol

_DIGEST = re.compile(r"[0-9a-f]{64}")


class Storage(Protocol):
    def write(self, digest: str, content: bytes) -> None:
        """Kept when it returns; the same again changes nothing."""

    def read(self, digest: str) -> bytes | None:
        """None when there is no such file."""


class FolderStorage:
    """One folder for all processes; where they run on several machines, a shared one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, digest: str, content: bytes) -> None:
        place = self._place(digest)
        if place.exists():
            return
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor, name = tempfile.mkstemp(dir=place.parent)
        with os.fdopen(descriptor, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        Path(name).replace(place)

    def read(self, digest: str) -> bytes | None:
        try:
            return self._place(digest).read_bytes()
        except FileNotFoundError:
            return None

    def _place(self, digest: str) -> Path:
        if not _DIGEST.fullmatch(digest):
            raise ValueError(f"{digest[:20]!r} is no digest")
        return self.folder / digest[:2] / digest
