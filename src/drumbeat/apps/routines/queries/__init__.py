"""Questions to the routines: one file an answer."""

from .asides import DayLoad, load_of_days, machine_deeds
from .coming import ComingStep, coming_steps
from .items import Item, item_of, items_of, open_items
from .rhythm import Rhythm, partner_rhythms, person_beats, routine_rhythms
from .today import Line, Section, Today, overdue_count, today, today_lines
from .upcoming import Upcoming, upcoming_moments

__all__ = [
    "ComingStep",
    "DayLoad",
    "Item",
    "Line",
    "Rhythm",
    "Section",
    "Today",
    "Upcoming",
    "coming_steps",
    "item_of",
    "items_of",
    "load_of_days",
    "machine_deeds",
    "open_items",
    "overdue_count",
    "partner_rhythms",
    "person_beats",
    "routine_rhythms",
    "today",
    "today_lines",
    "upcoming_moments",
]
