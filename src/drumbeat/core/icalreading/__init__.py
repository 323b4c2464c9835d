"""Reads calendars of all makers (RFC 5545): lenient in form, strict about what is a date. Text in, values out."""

from drumbeat.core.icalreading.calendar import CalendarReading, read_calendar, read_calendar_text
from drumbeat.core.icalreading.events import Attendee, Event
from drumbeat.core.icalreading.moments import Moment

__all__ = ["Attendee", "CalendarReading", "Event", "Moment", "read_calendar", "read_calendar_text"]
