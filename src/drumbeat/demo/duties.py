"""What the actors have to do: steps of people, and of partners, as the open rows say. Reads; decides nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models.functions import Coalesce

from drumbeat.apps.routines.models import OPEN_STATES, Step

PEOPLE_KINDS = ("task", "wait", "meeting", "form", "approval")

_COLUMNS = (
    "pk", "occurrence__version__routine__key", "occurrence__subscription__partner__key",
    "occurrence__subscription__person__email", "occurrence__nominal_on", "playbook_step__key", "kind", "side", "role",
    "assignee__email", "assignee__zone", "playbook_step__keeps", "occurrence__due_at", "planned_at", "occurrence__opened_at",
    "occurrence__promise__original_deadline_at", "occurrence__promise__original_miss_at",
    "occurrence__subscription__partner__territory__key", "occurrence__subscription__partner__zone",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Duty:
    """One step with what decides its fate. `partner` and `person` are keys; `assignee` is empty for a role's pool."""

    step: int
    routine: str
    partner: str | None
    person: str | None
    nominal_on: date
    key: str
    kind: str
    side: str
    role: str
    assignee: str | None
    zone: str | None
    keeps: bool
    promised_for: datetime
    due_at: datetime
    opened_at: datetime
    deadline_at: datetime
    miss_at: datetime
    territory: str | None
    partner_zone: str | None

    @property
    def subject(self) -> str:
        return self.partner or self.person or ""

    @property
    def occurrence(self) -> tuple[str, str, date]:
        return (self.routine, self.subject, self.nominal_on)

    @property
    def name(self) -> str:
        """The same in every life of the demo, unlike the number of the row."""
        return f"{self.routine}/{self.subject}/{self.nominal_on}/{self.key}"

    @property
    def follows(self) -> bool:
        """Does it come after the promised moment, as minutes do?"""
        return self.due_at > self.promised_for and not self.keeps


def duties_after(step: int) -> Iterator[Duty]:
    """Of the open steps with a higher number, in their order; as they were planned, wherever they were moved since."""
    rows = Step.objects.filter(pk__gt=step, kind__in=PEOPLE_KINDS, state__in=OPEN_STATES).order_by("pk")
    planned = rows.annotate(planned_at=Coalesce("postponed_from", "due_at"))
    return (Duty(*row) for row in planned.values_list(*_COLUMNS))
