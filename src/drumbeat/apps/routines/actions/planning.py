"""Moments to come are made to agree with what the routines want, for a short horizon.

Subscriptions that share zone, calendar, phase and anchor want the same moments: those are reckoned once a group.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta

from django.db import transaction

from drumbeat.apps.partners.queries import managers_of
from drumbeat.apps.people.models import Account, Vendor
from drumbeat.apps.people.queries import vendor as the_vendor
from drumbeat.apps.routines.bridge import Settings, agreements_of, playbook_of
from drumbeat.apps.routines.models import Moment, Occurrence, Routine, Subscription, Version
from drumbeat.core.overriding import Override
from drumbeat.core.planning import Setting, Wanted, is_anchored, wanted_moments
from drumbeat.core.playbook import Routine as Playbook
from drumbeat.core.reconciling import reconcile

# Steps may start 45 working days before due, and an offset may pull due back from its rule date.
HORIZON = timedelta(days=100)
EPOCH = date(2000, 1, 1)
CHUNK = 5000

Identity = tuple[int, date]


@dataclass(frozen=True, slots=True)
class Planned:
    """How many moments one planning made, moved and took away."""

    created: int = 0
    moved: int = 0
    cancelled: int = 0

    def __add__(self, other: Planned) -> Planned:
        return Planned(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


def plan_moments(*, at: datetime, routines: Iterable[Routine] | None = None) -> Planned:
    """Reconciles the moments of all live routines (or the given ones), a chunk of subscriptions a transaction.

    Running it twice changes nothing. Days that passed while nobody planned are caught up from where planning ended.
    """
    named = (
        Routine.objects.filter(status=Routine.Status.LIVE).select_related("version")
        if routines is None
        else routines
    )
    done, vendor = Planned(), the_vendor()
    for routine in filter(_has_cadence, named):
        for chunk in _chunks(routine):
            done += _plan_chunk(routine, chunk, vendor, at)
    return done


@transaction.atomic
def plan_subscriptions(subscriptions: Iterable[Subscription], *, at: datetime) -> Planned:
    """The same for these alone, as after something was agreed for them; those of routines that aren't live are left."""
    chunks: dict[Routine, list[Subscription]] = defaultdict(list)
    ids = [subscription.pk for subscription in subscriptions]
    related = ("routine__version", "partner", "person")
    for row in Subscription.objects.running().filter(pk__in=ids).select_related(*related):
        if row.routine.status == Routine.Status.LIVE and _has_cadence(row.routine):
            chunks[row.routine].append(row)
    vendor = the_vendor()
    return sum(
        (_plan_chunk(routine, chunk, vendor, at) for routine, chunk in chunks.items()), start=Planned()
    )


def _has_cadence(routine: Routine) -> bool:
    """What events open is not planned."""
    return routine.version is not None and not playbook_of(routine.version).trigger


def _chunks(routine: Routine) -> Iterable[list[Subscription]]:
    after = 0
    running = routine.subscriptions.running().select_related("partner", "person").order_by("pk")
    while chunk := list(running.filter(pk__gt=after)[:CHUNK]):
        yield chunk
        after = chunk[-1].pk


@transaction.atomic
def _plan_chunk(routine: Routine, chunk: list[Subscription], vendor: Vendor, at: datetime) -> Planned:
    assert routine.version
    version, today = routine.version, at.date()
    until = today + HORIZON
    wanted = _wanted_of(chunk, playbook_of(version), vendor, today, until)
    ids = [subscription.pk for subscription in chunk]
    arranged = {
        (row.subscription_id, row.nominal_on): row for row in Moment.objects.filter(subscription__in=ids)
    }
    moved_by_hand = {identity for identity, row in arranged.items() if row.touched_at}
    opened = Occurrence.objects.filter(subscription__in=ids, nominal_on__gte=_earliest(chunk, today))
    changes = reconcile(
        {identity: (version.pk, moment) for identity, moment in wanted.items()},
        {identity: (row.version_id, as_wanted(row)) for identity, row in arranged.items()},
        touched=moved_by_hand | set(opened.values_list("subscription_id", "nominal_on")),
    )
    gone = [arranged[identity].pk for identity in changes.cancel | changes.move.keys()]
    Moment.objects.filter(pk__in=gone).delete()
    _write({key: moment for key, (_, moment) in {**changes.create, **changes.move}.items()}, version)
    Subscription.objects.filter(pk__in=ids).update(planned_until=until)
    return Planned(len(changes.create), len(changes.move), len(changes.cancel))


def _earliest(chunk: list[Subscription], today: date) -> date:
    return min(_since(subscription, today) for subscription in chunk)


def _since(subscription: Subscription, today: date) -> date:
    """From the horizon back: what lies between the last planning and today was never planned, and is wanted still."""
    planned = subscription.planned_until
    return max(subscription.started_on, min(today, planned) - HORIZON if planned else subscription.started_on)


def _wanted_of(
    chunk: list[Subscription], playbook: Playbook, vendor: Vendor, today: date, until: date
) -> dict[Identity, Wanted]:
    managers, agreements = _managers(chunk, today), agreements_of(chunk)
    anchored, settings = is_anchored(playbook.cadence.rule), Settings(playbook, vendor)
    groups: dict[tuple[Setting, int, date, date, tuple[Override, ...]], list[int]] = defaultdict(list)
    for subscription in chunk:
        subject = subscription.partner or subscription.person
        assert subject, "the database keeps subscriptions without subject out"
        manager = managers.get(subscription.partner_id or 0) or subscription.person
        setting = settings.of(subject, manager)
        anchor = subscription.started_on if anchored else EPOCH
        agreed = agreements.get(subscription.pk, ())
        groups[setting, subscription.phase, anchor, _since(subscription, today), agreed].append(
            subscription.pk
        )
    return {
        (pk, moment.nominal_on): moment
        for (setting, phase, anchor, since, agreed), pks in groups.items()
        for moment in wanted_moments(
            playbook, setting, phase=phase, anchor=anchor, since=since, until=until, overrides=agreed
        )
        for pk in pks
    }


def _managers(chunk: list[Subscription], today: date) -> dict[int, Account]:
    by_partner = managers_of([s.partner_id for s in chunk if s.partner_id], today)
    people = Account.objects.in_bulk(set(by_partner.values()))
    return {partner: people[person] for partner, person in by_partner.items()}


def as_wanted(row: Moment) -> Wanted:
    return Wanted(
        row.nominal_on, row.opens_at, row.due_at, row.deadline_at, row.miss_at,
        tuple(row.step_dues), tuple(row.step_deadlines), row.why,
    )  # fmt: skip


def _write(wanted: dict[Identity, Wanted], version: Version) -> None:
    Moment.objects.bulk_create(
        (
            Moment(
                subscription_id=subscription,
                version=version,
                nominal_on=moment.nominal_on,
                opens_at=moment.opens_at,
                due_at=moment.due_at,
                deadline_at=moment.deadline_at,
                miss_at=moment.miss_at,
                step_dues=list(moment.step_dues),
                step_deadlines=list(moment.step_deadlines),
                why=moment.why,
            )
            for (subscription, _), moment in wanted.items()
        ),
        batch_size=2000,
    )
