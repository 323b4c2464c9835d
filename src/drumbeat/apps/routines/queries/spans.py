"""The stretch of days that a score shows, in the viewer's zone. It knows nothing of what falls due there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Literal
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Span:
    """Days [from_on, until_on) in a zone, told by `week` or `day`; what is due before `today_until` is due today."""

    from_on: date
    until_on: date
    unit: Literal["week", "day"]
    zone: ZoneInfo
    at: datetime
    today_until: datetime

    @property
    def since(self) -> datetime:
        return datetime.combine(self.from_on, time(), tzinfo=self.zone)

    @property
    def until(self) -> datetime:
        return datetime.combine(self.until_on, time(), tzinfo=self.zone)
