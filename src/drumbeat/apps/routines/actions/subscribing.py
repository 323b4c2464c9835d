"""Subjects come on a routine and leave it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from drumbeat.apps.partners.models import Partner
from drumbeat.apps.people.models import Account
from drumbeat.apps.routines.bridge import playbook_of
from drumbeat.apps.routines.models import Moment, Routine, Subscription
from drumbeat.core.planning import phase_of


@transaction.atomic
def subscribe(
    routine: Routine, subjects: Iterable[Partner | Account], *, on: date, is_by_hand: bool = False
) -> int:
    """One running subscription a subject; those already on it are passed over. Returns how many are new."""
    assert routine.version, "a routine is published before anybody is subscribed"
    spread = playbook_of(routine.version).cadence.spread
    rows = [
        Subscription(
            routine=routine,
            partner=subject if isinstance(subject, Partner) else None,
            person=subject if isinstance(subject, Account) else None,
            phase=phase_of(routine.key, _key(subject), spread),
            started_on=on,
            is_by_hand=is_by_hand,
        )
        for subject in subjects
    ]
    before = routine.subscriptions.running().count()
    Subscription.objects.bulk_create(rows, ignore_conflicts=True, batch_size=5000)
    return routine.subscriptions.running().count() - before


def _key(subject: Partner | Account) -> str:
    return subject.key if isinstance(subject, Partner) else subject.email


@transaction.atomic
def end_subscriptions(subscriptions: Iterable[Subscription], *, at: datetime) -> None:
    """Ends them today: moments to come go, what is open is finished."""
    ids = [subscription.pk for subscription in subscriptions]
    Subscription.objects.filter(pk__in=ids, ended_on=None).update(ended_on=at.date())
    Moment.objects.filter(subscription__in=ids).delete()
