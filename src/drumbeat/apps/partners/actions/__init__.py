"""The verbs of partners, one file a family."""

from .assigning import assign_manager, end_assignment
from .contacts import add_contact, add_contacts, change_contact, record_departure
from .covering import name_covers
from .doubling import ask_again, find_doubles, note_same, part_doubles, set_apart
from .facts import forget_facts, record_facts
from .joining import add_partner, add_partners, add_territory, change_partner
from .merging import note_moved, record_merge, record_split

__all__ = [
    "add_contact",
    "add_contacts",
    "add_partner",
    "add_partners",
    "add_territory",
    "ask_again",
    "assign_manager",
    "change_contact",
    "change_partner",
    "end_assignment",
    "find_doubles",
    "forget_facts",
    "name_covers",
    "note_moved",
    "note_same",
    "part_doubles",
    "record_departure",
    "record_facts",
    "record_merge",
    "record_split",
    "set_apart",
]
