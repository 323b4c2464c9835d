"""What stands beside the lists: hours of the week, and what the machine did meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from drumbeat.apps.asking import ask
from drumbeat.apps.partners.models import PartnerSet
from drumbeat.apps.people.models import Account
from drumbeat.apps.routines.models import StepState
from drumbeat.apps.routines.queries import statements


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
    told = {"person": person.pk, "zone": person.zone, "since": since, "until": until}
    found = {(on, state): total for on, state, total in ask(statements.LOADS, told)}
    week = (monday + timedelta(days=n) for n in range(days))
    return [
        DayLoad(on, found.get((on, StepState.DONE), 0), found.get((on, StepState.OPEN), 0)) for on in week
    ]


def machine_deeds(partners: PartnerSet, *, since: datetime, until: datetime) -> dict[str, int]:
    """What the machine did for these partners by kind of step, and how many of its steps stand with an error."""
    theirs, of_whom = partners.order_by().values("pk").query.sql_with_params()
    return dict(ask(statements.MACHINE_DEEDS.format(partners=theirs), [since, until, *of_whom]))
