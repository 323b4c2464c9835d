"""The next due moments of a routine for one partner, with their reasons: from its subscription, or as if it had one."""

from __future__ import annotations

from datetime import datetime

from drumbeat.apps.partners.models import Partner
from drumbeat.apps.partners.queries import manager_of
from drumbeat.apps.people.queries import vendor as the_vendor
from drumbeat.apps.routines.bridge import Settings, agreements_of
from drumbeat.apps.routines.models import Subscription
from drumbeat.core.foresight import next_moments
from drumbeat.core.planning import Wanted, phase_of
from drumbeat.core.playbook import Routine as Playbook
from drumbeat.core.refusal import insist


def foresee(playbook: Playbook, partner: Partner, *, at: datetime, count: int) -> list[Wanted]:
    """Fewer than `count` when the rule ends. Raises Refused for a routine that is not about partners."""
    insist(
        playbook.trigger is None, f"{playbook.key} is opened by events", "Nobody knows when the next comes"
    )
    insist(
        playbook.subject == "partner",
        f"{playbook.key} is about a {playbook.subject}, not a partner",
        "Ask without a partner, by zone and country",
    )
    setting = Settings(playbook, the_vendor()).of(partner, manager_of(partner, at.date()))
    running = Subscription.objects.running().filter(routine__key=playbook.key, partner=partner).first()
    phase = running.phase if running else phase_of(playbook.key, partner.key, playbook.cadence.spread)
    anchor = running.started_on if running else at.date()
    agreed = agreements_of([running]).get(running.pk, ()) if running else ()
    return next_moments(playbook, setting, phase=phase, anchor=anchor, at=at, count=count, overrides=agreed)
