"""A database of its own for one benchmark: embedded, empty but for its tables, gone afterwards."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from drumbeat.config.database import EmbeddedServer


@contextmanager
def fresh_database(settings: Sequence[str] = ()) -> Iterator[EmbeddedServer]:
    """Django's settings point at it inside the block; who needs Django sets it up in there. `settings` are the server's."""
    folder = Path(tempfile.mkdtemp(prefix="drumbeat-bench-"))
    server = EmbeddedServer(folder, tuple(settings))
    server.start()
    try:
        os.environ["DRUMBEAT_DATABASE_URL"] = server.url()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
