"""The verbs of meetings: one file a family."""

from .arranging import Point, arrange_meeting, cancel_meeting, fill_agenda, give_meetings, move_meeting
from .noting import hold_meeting, note_answer, reopen_meeting, take_answer, write_minutes

__all__ = [
    "Point",
    "arrange_meeting",
    "cancel_meeting",
    "fill_agenda",
    "give_meetings",
    "hold_meeting",
    "move_meeting",
    "note_answer",
    "reopen_meeting",
    "take_answer",
    "write_minutes",
]
