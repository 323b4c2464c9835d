"""Audiences become subscriptions: who fits a live routine is on it, who no longer fits leaves it.

Reads facts and rules; a subject that can't be judged stays as it is and is told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from drumbeat.apps.partners.models import Assignment, Partner
from drumbeat.apps.partners.queries import partner_facts
from drumbeat.apps.people.models import Account, Role
from drumbeat.apps.people.queries import on_leave, vendor_day
from drumbeat.apps.routines.actions import end_subscriptions, subscribe
from drumbeat.apps.routines.bridge import playbook_of
from drumbeat.apps.routines.models import Routine
from drumbeat.core.rules import CompiledRule, Outcome, compile_rule

CHUNK = 5000
Facts = Mapping[str, object]
Chunk = tuple[dict[int, Partner | Account], Mapping[int, Facts]]


@dataclass(frozen=True, slots=True)
class Enrolled:
    """`unjudged` counts subjects whose facts leave the rule open."""

    joined: int = 0
    left: int = 0
    unjudged: int = 0

    def __add__(self, other: Enrolled) -> Enrolled:
        return Enrolled(self.joined + other.joined, self.left + other.left, self.unjudged + other.unjudged)


def enrol(*, at: datetime, routines: Iterable[Routine] | None = None) -> Enrolled:
    """All live routines, or the given ones; a chunk of subjects at a time."""
    live = (
        routines
        if routines is not None
        else Routine.objects.filter(status=Routine.Status.LIVE).select_related("version")
    )
    by_subject: dict[str, list[Routine]] = defaultdict(list)
    for routine in live:
        assert routine.version, "a live routine has a version"
        if not playbook_of(routine.version).trigger:  # what events open finds its subjects by itself
            by_subject[routine.subject].append(routine)
    return _enrol_all(by_subject["partner"], _partners(at), at) + _enrol_all(
        by_subject["manager"], _managers(at), at
    )


def enrol_partner(partner: Partner, *, at: datetime) -> Enrolled:
    """All live routines of partners, for this one alone: as when its status has changed."""
    live = Routine.objects.filter(status=Routine.Status.LIVE, subject="partner").select_related("version")
    return _enrol_all(list(live), [({partner.pk: partner}, partner_facts([partner.pk], at))], at)


def _enrol_all(routines: list[Routine], chunks: Iterable[Chunk], at: datetime) -> Enrolled:
    """Facts are asked for once a chunk, for all routines."""
    done, rules = Enrolled(), {routine.pk: _audience(routine) for routine in routines}
    for subjects, facts in chunks if routines else ():
        for routine in routines:
            done += _enrol_chunk(routine, rules[routine.pk], subjects, facts, at)
    return done


def _audience(routine: Routine) -> CompiledRule:
    assert routine.version, "a live routine has a version"
    return compile_rule(playbook_of(routine.version).audience)


def _enrol_chunk(
    routine: Routine,
    rule: CompiledRule,
    subjects: dict[int, Partner | Account],
    facts: Mapping[int, Facts],
    at: datetime,
) -> Enrolled:
    verdicts = {pk: rule.judge(facts.get(pk, {})).outcome for pk in subjects}
    key = "partner_id" if routine.subject == "partner" else "person_id"
    running = {
        getattr(row, key): row for row in routine.subscriptions.running().filter(**{f"{key}__in": subjects})
    }
    joining = [
        subjects[pk] for pk, outcome in verdicts.items() if outcome is Outcome.MET and pk not in running
    ]
    leaving = [row for pk, row in running.items() if verdicts[pk] is Outcome.NOT_MET and not row.is_by_hand]
    joined = subscribe(routine, joining, on=at.date()) if joining else 0
    if leaving:
        end_subscriptions(leaving, at=at)
    unjudged = sum(outcome is Outcome.UNKNOWN for outcome in verdicts.values())
    return Enrolled(joined, len(leaving), unjudged)


def _partners(at: datetime) -> Iterator[Chunk]:
    after = 0
    while chunk := {p.pk: p for p in Partner.objects.filter(pk__gt=after).order_by("pk")[:CHUNK]}:
        yield dict(chunk), partner_facts(list(chunk), at)
        after = max(chunk)


def _managers(at: datetime) -> Iterator[Chunk]:
    """Those on leave stay as they are: planning lets their routines rest."""
    away = on_leave(vendor_day(at))
    here = Account.objects.filter(role=Role.CHANNEL_MANAGER).exclude(pk__in=away)
    managers = {manager.pk: manager for manager in here}
    held = Assignment.objects.current(at.date()).filter(person__in=managers)
    counts: dict[int, int] = dict.fromkeys(managers, 0)
    for person in held.values_list("person_id", flat=True):
        counts[person] += 1
    yield (
        dict(managers),
        {
            pk: {"manager.on_duty": managers[pk].is_active, "manager.partners": count}
            for pk, count in counts.items()
        },
    )
