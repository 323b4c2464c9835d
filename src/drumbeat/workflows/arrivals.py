"""What steps wait for and whether it has come, asked for once for all steps of a chunk."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from functools import cached_property

from drumbeat.apps.meetings.models import Meeting
from drumbeat.apps.meetings.queries import accepted
from drumbeat.apps.messages.queries import answered_at
from drumbeat.apps.partners.models import Partner
from drumbeat.apps.routines.models import Step
from drumbeat.apps.sales.models import SellThrough
from drumbeat.apps.sales.queries import month_before

FILES_OF_MONTHS = 12


class Arrivals:
    """For these steps and everything that belongs to their occurrences, as of `at`, which is the day `on` of the vendor."""

    def __init__(self, steps: Collection[Step], partners: Collection[int], on: date, at: datetime) -> None:
        self.steps, self.partners, self.on, self.at = steps, partners, on, at

    def is_accepted(self, meeting: Meeting | None) -> bool:
        """Somebody of the other side said yes."""
        return meeting is not None and meeting.pk in self._accepted

    def answered_at(self, mail: Step) -> datetime | None:
        """When the first person answered it."""
        return self._answered.get(mail.pk)

    def file_received(self, partner: Partner, month: date) -> datetime | None:
        """When the partner's sales file of that month came in, if it has."""
        return self._files.get((partner.pk, month))

    @cached_property
    def _accepted(self) -> set[int]:
        return accepted([step.meeting_id for step in self.steps if step.meeting_id])

    @cached_property
    def _answered(self) -> dict[int, datetime]:
        return answered_at(step.pk for step in self.steps if step.kind == "mail")

    @cached_property
    def _files(self) -> dict[tuple[int, date], datetime]:
        """Of the last months: older ones are not waited for."""
        since = month_before(self.on.replace(day=1), FILES_OF_MONTHS)
        figures = SellThrough.objects.filter(
            partner__in=self.partners, month__gte=since, received_at__lte=self.at
        )
        rows = figures.values_list("partner", "month", "received_at")
        return {(partner, month): at for partner, month, at in rows}
