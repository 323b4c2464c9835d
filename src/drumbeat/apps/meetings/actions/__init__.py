"""The verbs of meetings: one file a family."""

from .arranging import Point, arrange_meeting, cancel_meeting, fill_agenda, give_meetings, move_meeting
from .countering import accept_counter, decline_counter, take_counter
from .holding import Presence, hold_meetings
from .laying import (
    claim_calendars,
    close_calendar,
    forget_calendar,
    forget_copy,
    note_laid,
    note_not_laid,
    note_round,
    open_calendar,
    settle_copy,
)
from .noting import note_answer, reopen_meeting, take_answer, write_minutes
from .running import (
    MOST_POINTS,
    Written,
    add_point,
    bring_point,
    note_attendance,
    note_minutes_sent,
    take_point_back,
    tick_point,
    undertake,
    write_text,
)
from .series import arrange_series, cancel_following, move_following

__all__ = [
    "MOST_POINTS",
    "Point",
    "Presence",
    "Written",
    "accept_counter",
    "add_point",
    "arrange_meeting",
    "arrange_series",
    "bring_point",
    "cancel_following",
    "cancel_meeting",
    "claim_calendars",
    "close_calendar",
    "decline_counter",
    "fill_agenda",
    "forget_calendar",
    "forget_copy",
    "give_meetings",
    "hold_meetings",
    "move_following",
    "move_meeting",
    "note_answer",
    "note_attendance",
    "note_laid",
    "note_minutes_sent",
    "note_not_laid",
    "note_round",
    "open_calendar",
    "reopen_meeting",
    "settle_copy",
    "take_answer",
    "take_counter",
    "take_point_back",
    "tick_point",
    "undertake",
    "write_minutes",
    "write_text",
]
