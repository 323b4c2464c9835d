"""What stands beside the lists: hours of the week, and what the machine did meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Case, Count, Q, QuerySet, Sum, Value, When
from django.db.models.functions import TruncDate

from drumbeat.apps.partners.models import Partner
from drumbeat.apps.people.models import Account
from drumbeat.apps.routines.models import Step, StepState
from drumbeat.apps.routines.queries.items import needed_minutes


@dataclass(frozen=True, slots=True)
class DayLoad:
    """Minutes of one day of a person: done, and still planned."""

    on: date
    done: int
    planned: int


def load_of_days(person: Account, at: datetime, *, days: int = 5) -> list[DayLoad]:
    """This week from Monday, in the person's zone: what is done counts on its day, what is open when it is due."""
    local = at.astimezone(person.tz)
    monday = local.date() - timedelta(days=local.weekday())
    since, until = (datetime.combine(monday + timedelta(days=n), time(), tzinfo=person.tz) for n in (0, 7))
    is_done = Q(state=StepState.DONE, done_at__gte=since, done_at__lt=until)
    is_planned = Q(state=StepState.OPEN, due_at__gte=since, due_at__lt=until)
    day = TruncDate(Case(When(is_done, then="done_at"), default="due_at"), tzinfo=person.tz)
    rows = (
        Step.objects.filter(is_done | is_planned, assignee=person, is_machine=False, side="vendor")
        .annotate(on=day)
        .values_list("on", "state")
        .annotate(total=Sum(needed_minutes()))
    )
    found = {(on, state): total for on, state, total in rows}
    week = (monday + timedelta(days=n) for n in range(days))
    return [
        DayLoad(on, found.get((on, StepState.DONE), 0), found.get((on, StepState.OPEN), 0)) for on in week
    ]


def machine_deeds(partners: QuerySet[Partner], *, since: datetime, until: datetime) -> dict[str, int]:
    """What the machine did for these partners by kind of step, and how many of its steps stand with an error."""
    is_done = Q(state=StepState.DONE, is_machine=True, done_at__gte=since, done_at__lt=until)
    is_stuck = Q(state__in=[StepState.FAILED, StepState.UNCERTAIN])
    what = Case(When(is_stuck, then=Value("stuck")), default="kind")
    steps = Step.objects.filter(is_done | is_stuck, occurrence__subscription__partner__in=partners)
    return dict(steps.values_list(what).annotate(Count("pk")))
