"""The one place that reads the clock. Everything below the doors is told the moment."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone


def moment() -> datetime:
    """Now, in UTC; in a demo the demo's now."""
    return timezone.now() + timedelta(seconds=settings.CLOCK_OFFSET)
