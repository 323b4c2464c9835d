"""What happened, in order."""

from .happenings import KINDS, SIDES, Happening, Place, Wanted, all_happenings, happenings

__all__ = ["KINDS", "SIDES", "Happening", "Place", "Wanted", "all_happenings", "happenings"]
