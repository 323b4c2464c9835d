"""From a draft to a running routine: published, started for whom it fits, and planned; and what one of its rounds looks like."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from drumbeat.apps.partners.models import Partner
from drumbeat.apps.partners.queries import partner_facts
from drumbeat.apps.people.models import Account
from drumbeat.apps.routines.actions import plan_moments, publish_draft, start_routine, upgrade_routine
from drumbeat.apps.routines.models import Routine, Version
from drumbeat.core.rules import Outcome, RuleRefused, compile_rule
from drumbeat.workflows.enrolment import enrol

# What more subscriptions want is planned in the night, so that nobody waits for a page.
PLANNED_AT_ONCE = 2000


@transaction.atomic
def publish_and_plan(
    key: str, *, seen: int, starts: bool, by: Account | None, at: datetime, upgrades: bool = False
) -> tuple[Version, bool]:
    """The version, and whether what is to come follows it already (else the nightly planning does that); with `upgrades`
    what is open moves to it too. Raises RoutineErrors and Refused as `publish_draft`."""
    version = publish_draft(key, seen=seen, by=by, at=at)
    if upgrades:
        upgrade_routine(version.routine, by=by, at=at)
    return version, start_and_plan(version.routine, starts=starts, by=by, at=at)


@transaction.atomic
def start_and_plan(routine: Routine, *, starts: bool = True, by: Account | None, at: datetime) -> bool:
    """Live for everybody whom its audience fits now; whether moments were planned at once."""
    if starts and routine.status != Routine.Status.LIVE:
        start_routine(routine, by=by, at=at)
    if routine.status != Routine.Status.LIVE:
        return True
    enrol(at=at, routines=[routine])
    if routine.subscriptions.running().count() > PLANNED_AT_ONCE:
        return False
    plan_moments(at=at, routines=[routine])
    return True


@dataclass(frozen=True, slots=True)
class Fitting:
    """Whom an audience fits now: how many, the first of them by name, and how many nobody can judge."""

    count: int
    unjudged: int
    names: tuple[str, ...]


def who_fits(audience: str, partners: list[Partner], *, at: datetime, names: int = 8) -> Fitting:
    """Judged over the facts of now. A rule that doesn't compile fits nobody."""
    try:
        rule = compile_rule(audience)
    except RuleRefused:
        return Fitting(0, 0, ())
    facts = partner_facts([partner.pk for partner in partners], at)
    verdicts = [(partner, rule.judge(facts[partner.pk]).outcome) for partner in partners]
    fitting = [partner for partner, outcome in verdicts if outcome is Outcome.MET]
    unjudged = sum(outcome is Outcome.UNKNOWN for _, outcome in verdicts)
    return Fitting(len(fitting), unjudged, tuple(partner.name for partner in fitting[:names]))
