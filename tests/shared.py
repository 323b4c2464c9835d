"""Finds the data that lies beside the checkout; tests that need it are skipped where it is absent."""

import os
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[1]


def shared_root() -> Path:
    return Path(os.environ.get("DRUMBEAT_SHARED") or CHECKOUT.parent / "shared")


def shared(path: str) -> Path:
    """The path of a shared file or folder; skips the test (or module) when it isn't there."""
    found = shared_root() / path
    if not found.exists():
        pytest.skip(f"shared data {path} is absent: set DRUMBEAT_SHARED", allow_module_level=True)
    return found
