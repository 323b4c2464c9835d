"""What loading a file would do, and how files of a layout are read."""

from .learned import Reading, reading_of
from .partners import File, Plan, places_wanted, plan_partners

__all__ = ["File", "Plan", "Reading", "places_wanted", "plan_partners", "reading_of"]
