"""The one place that reads the clock. Everything below the doors is told the moment."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone


def moment() -> datetime:
    """Now, in UTC; in a demo the demo's now."""
    return timezone.now() + timedelta(seconds=settings.CLOCK_OFFSET)


def wall_seconds() -> float:
    """This machine's own clock, which a demo's time does not move, in seconds since 1970: to see whether it is right."""
    return timezone.now().timestamp()
