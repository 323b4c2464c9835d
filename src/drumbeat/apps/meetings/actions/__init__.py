"""The verbs of meetings: one file a family."""

from .arranging import Point, arrange_meeting, cancel_meeting, fill_agenda, give_meetings, move_meeting
from .noting import hold_meeting, note_answer, reopen_meeting, take_answer, write_minutes
from .running import Written, add_point, note_attendance, note_minutes_sent, tick_point, undertake, write_text

__all__ = [
    "Point",
    "Written",
    "add_point",
    "arrange_meeting",
    "cancel_meeting",
    "fill_agenda",
    "give_meetings",
    "hold_meeting",
    "move_meeting",
    "note_answer",
    "note_attendance",
    "note_minutes_sent",
    "reopen_meeting",
    "take_answer",
    "tick_point",
    "undertake",
    "write_minutes",
    "write_text",
]
