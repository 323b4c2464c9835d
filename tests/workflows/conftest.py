"""The cast, on the Monday on which its routines start."""

from __future__ import annotations

import pytest

from tests.workflows.channel import START
from tests.world import World, build_world


@pytest.fixture
def world() -> World:
    return build_world(at=START)
