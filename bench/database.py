"""A database of its own for one benchmark: embedded, empty but for its tables, gone afterwards."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from drumbeat.config.database import EmbeddedServer


@contextmanager
def fresh_database() -> Iterator[None]:
    """The settings point at it inside the block; Django is set up by whoever needs it, in there."""
    folder = Path(tempfile.mkdtemp(prefix="drumbeat-bench-"))
    server = EmbeddedServer(folder)
    server.start()
    try:
        os.environ["DRUMBEAT_DATABASE_URL"] = server.url()
        yield
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
