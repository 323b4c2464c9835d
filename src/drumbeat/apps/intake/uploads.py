"""A file as it came: its name, and its bytes in memory or on disk. Opens it, unpacked within limits; knows no layout."""

from __future__ import annotations

import gzip
import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from drumbeat.core.refusal import Refused, insist

LARGEST = 4_000_000_000  # bytes, unpacked
STEEPEST = 250  # times its packed size; honest tables pack 5 to 40 times
CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Upload:
    name: str
    data: bytes = b""
    path: Path | None = None

    @property
    def size(self) -> int:
        return self.path.stat().st_size if self.path else len(self.data)

    @contextmanager
    def opened(self) -> Iterator[BinaryIO]:
        """As it is."""
        with self.path.open("rb") if self.path else io.BytesIO(self.data) as file:
            yield file

    @contextmanager
    def unpacked(self) -> Iterator[BinaryIO]:
        """Without its gzip, if it has one; what grows too much is refused."""
        with self.opened() as file:
            is_packed = file.read(2) == b"\x1f\x8b"
            file.seek(0)
            yield io.BufferedReader(_Limited(self, file), CHUNK) if is_packed else file

    def starts_with(self, *marks: bytes) -> bool:
        with self.unpacked() as file:
            return file.read(8).startswith(marks)

    def digest(self) -> str:
        found = hashlib.sha256()
        with self.opened() as file:
            while chunk := file.read(CHUNK):
                found.update(chunk)
        return found.hexdigest()


class _Limited(io.RawIOBase):
    """A gzip stream that is refused when it grows beyond measure."""

    def __init__(self, upload: Upload, file: BinaryIO) -> None:
        self.upload, self.file, self.stream, self.grown = upload, file, gzip.GzipFile(fileobj=file), 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            chunk = self.stream.read(len(buffer))
        except (EOFError, OSError) as error:
            raise Refused(f"{self.upload.name} is a broken gzip file", "Pack it again") from error
        buffer[: len(chunk)] = chunk
        self.grown += len(chunk)
        most = min(LARGEST, max(64 * CHUNK, self.upload.size * STEEPEST))
        insist(
            self.grown <= most, f"{self.upload.name} unpacks to more than {most:,} bytes", "Send it in parts"
        )
        return len(chunk)
