"""What a routine would open if it were started: counted without writing anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache

from drumbeat.apps.partners.models import Partner
from drumbeat.apps.partners.queries import managers_of, partner_facts
from drumbeat.apps.people.models import Account, Role
from drumbeat.apps.people.queries import vendor as the_vendor
from drumbeat.apps.routines.bridge import Settings
from drumbeat.core.planning import Setting, phase_of, wanted_moments
from drumbeat.core.playbook import Routine as Playbook
from drumbeat.core.rules import compile_rule

# Rolls, offsets and spreads may carry a due day this far from its rule date.
MARGIN = timedelta(days=92)
CHUNK = 5000
NOBODY = "no manager yet"


@dataclass(slots=True)
class Preview:
    """Occurrences due in the window, and how they spread. Managers by name, months as `2013-01`."""

    occurrences: int = 0
    subjects: int = 0
    by_month: Counter[str] = field(default_factory=Counter)
    by_manager: Counter[str] = field(default_factory=Counter)
    by_zone: Counter[str] = field(default_factory=Counter)


def subjects_of(playbook: Playbook, *, at: datetime, past_audience: bool) -> list[Partner | Account]:
    """Whom the routine fits now; `past_audience` takes all partners (or all channel managers)."""
    if playbook.subject == "manager":
        return list(Account.objects.filter(role=Role.CHANNEL_MANAGER, is_active=True))
    partners = list(Partner.objects.select_related("territory"))
    if past_audience:
        return list(partners)
    rule, found = compile_rule(playbook.audience), list[Partner | Account]()
    for first in range(0, len(partners), CHUNK):
        chunk = partners[first : first + CHUNK]
        facts = partner_facts([partner.pk for partner in chunk], at)
        found += [partner for partner in chunk if rule.judge(facts[partner.pk]).is_met]
    return found


def preview_start(
    playbook: Playbook, subjects: Iterable[Partner | Account], *, from_on: date, until_on: date
) -> Preview:
    """Counts the occurrences due in [from_on, until_on), days in each subject's own zone; subjects with the same zone,
    calendar and phase are reckoned once."""
    preview, chosen = Preview(), list(subjects)
    settings = Settings(playbook, the_vendor())
    held = managers_of([subject.pk for subject in chosen if isinstance(subject, Partner)], from_on)
    managers = Account.objects.in_bulk(set(held.values()))

    @cache
    def months_of(setting: Setting, phase: int) -> tuple[str, ...]:
        moments = wanted_moments(
            playbook, setting, phase=phase, anchor=from_on, since=from_on - MARGIN, until=until_on + MARGIN
        )
        days = (moment.due_at.astimezone(setting.zone).date() for moment in moments)
        return tuple(f"{day:%Y-%m}" for day in days if from_on <= day < until_on)

    for subject in chosen:
        manager = managers.get(held.get(subject.pk, 0)) if isinstance(subject, Partner) else subject
        setting = settings.of(subject, manager)
        key = subject.key if isinstance(subject, Partner) else subject.email
        months = months_of(setting, phase_of(playbook.key, key, playbook.cadence.spread))
        preview.subjects += 1
        preview.occurrences += len(months)
        preview.by_month.update(months)
        preview.by_manager[manager.name if manager else NOBODY] += len(months)
        preview.by_zone[setting.zone.key] += len(months)
    return preview
