"""The demo channel: an invented vendor whose year is lived by the real verbs. Nothing here is needed by a real installation."""

from .building import build_demo, catch_up_demo
from .cast import COUNTRY, PASSWORD, STAFF, ZONE
from .opening import opens_at

__all__ = ["COUNTRY", "PASSWORD", "STAFF", "ZONE", "build_demo", "catch_up_demo", "opens_at"]
