"""Subjects come on a routine and leave it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import connection, transaction

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
    _take_up_overrides(routine, on)
    return routine.subscriptions.running().count() - before


_TAKE_UP = """
UPDATE routines_override o SET subscription_id = new.id
FROM routines_subscription old JOIN routines_subscription new ON new.routine_id = old.routine_id
    AND new.partner_id IS NOT DISTINCT FROM old.partner_id AND new.person_id IS NOT DISTINCT FROM old.person_id
WHERE old.id = o.subscription_id AND old.routine_id = %s AND old.ended_on IS NOT NULL AND new.ended_on IS NULL
  AND o.withdrawn_at IS NULL AND (o.until_on IS NULL OR o.until_on > %s)
"""


def _take_up_overrides(routine: Routine, on: date) -> None:
    """What was agreed for a subject that left holds when it comes back: an opt-out isn't lost by a changed tier."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_UP, [routine.pk, on])


def _key(subject: Partner | Account) -> str:
    return subject.key if isinstance(subject, Partner) else subject.email


@transaction.atomic
def end_subscriptions(subscriptions: Iterable[Subscription], *, at: datetime) -> None:
    """Ends them today: moments to come go, what is open is finished."""
    ids = [subscription.pk for subscription in subscriptions]
    Subscription.objects.filter(pk__in=ids, ended_on=None).update(ended_on=at.date())
    Moment.objects.filter(subscription__in=ids).delete()
