"""Answers about files, one JSON line each: an answer or the reason for none. Knows nothing of what is in them."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from drumbeat.core.refusal import Refused

MOST_BYTES = 50_000_000


def read_each(files: Iterable[Path], understand: Callable[[bytes], dict[str, Any]]) -> None:
    """Prints a line for each file in order, `{"file": …, …}` or `{"file": …, "refused": "why"}`, and goes on."""
    for file in files:
        sys.stdout.write(
            json.dumps({"file": str(file)} | _answer(file, understand), ensure_ascii=True) + "\n"
        )
        sys.stdout.flush()


def _answer(file: Path, understand: Callable[[bytes], dict[str, Any]]) -> dict[str, Any]:
    try:
        return understand(_bytes_of(file))
    except Refused as refusal:
        return {"refused": str(refusal)}
    except OSError as error:
        return {"refused": f"The file can't be opened: {error.strerror}"}
    except Exception as error:
        return {
            "refused": f"The reader failed at this file ({type(error).__name__}). Please report it with the file."
        }


def _bytes_of(file: Path) -> bytes:
    if not file.is_file():
        raise Refused("There is no such file", "Name a file of one message or calendar.")
    if file.stat().st_size > MOST_BYTES:
        raise Refused(f"The file has {file.stat().st_size:,} bytes", f"At most {MOST_BYTES:,} are read.")
    return file.read_bytes()
