"""What happened, in order, and where it stands."""

from .finding import SHELVES, Found, find
from .happenings import KINDS, SIDES, Happening, Place, Wanted, all_happenings, happenings

__all__ = [
    "KINDS",
    "SHELVES",
    "SIDES",
    "Found",
    "Happening",
    "Place",
    "Wanted",
    "all_happenings",
    "find",
    "happenings",
]
