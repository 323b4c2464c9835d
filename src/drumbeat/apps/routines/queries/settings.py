"""The zone and working calendar in which a text runs for subscriptions, by who looks after their subjects today."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from drumbeat.apps.partners.queries import managers_of
from drumbeat.apps.people.models import Account
from drumbeat.apps.people.queries import vendor
from drumbeat.apps.routines.bridge import Settings
from drumbeat.apps.routines.models import Subscription
from drumbeat.core.planning import Setting
from drumbeat.core.playbook import Routine as Playbook


def setting_of(subscription: Subscription, playbook: Playbook, at: datetime) -> Setting:
    return settings_of([subscription], playbook, at)[subscription.pk]


def settings_of(
    subscriptions: Collection[Subscription], playbook: Playbook, at: datetime
) -> dict[int, Setting]:
    """By the id of the subscription; a constant number of queries."""
    held = managers_of([one.partner_id for one in subscriptions if one.partner_id], at.date())
    people = Account.objects.in_bulk(set(held.values()))
    settings = Settings(playbook, vendor())
    found: dict[int, Setting] = {}
    for one in subscriptions:
        assert one.subject, "a subscription has a subject"
        manager = people.get(held.get(one.partner_id or 0, 0)) or one.person
        found[one.pk] = settings.of(one.subject, manager)
    return found
