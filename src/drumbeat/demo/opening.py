"""When the demo opens: on the morning of the vendor's last working day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from drumbeat.core.calendars import national_calendar, roll

from .cast import COUNTRY, ZONE
from .living import MORNING


def opens_at(now: datetime) -> datetime:
    """08:30 of the vendor's last working day that has come so far, as UTC."""
    here = now.astimezone(ZoneInfo(ZONE))
    latest = here.date() if here.time() >= MORNING else here.date() - timedelta(days=1)
    calendar = national_calendar(COUNTRY, "BE", range(latest.year - 1, latest.year + 1))
    day = roll(latest, "preceding", calendar) or latest
    return datetime.combine(day, MORNING, here.tzinfo).astimezone(UTC)
