"""Questions to the routines: one file an answer."""

from .asides import DayLoad, load_of_days, machine_deeds
from .rhythm import Rhythm, partner_rhythms, person_beats, routine_rhythms
from .today import Item, Section, Today, item_of, open_items, today
from .upcoming import Upcoming, upcoming_moments

__all__ = [
    "DayLoad",
    "Item",
    "Rhythm",
    "Section",
    "Today",
    "Upcoming",
    "item_of",
    "load_of_days",
    "machine_deeds",
    "open_items",
    "partner_rhythms",
    "person_beats",
    "routine_rhythms",
    "today",
    "upcoming_moments",
]
