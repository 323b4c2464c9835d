"""Who sees and writes packs: whoever sees the edition; a pack of a partner is written by those who look after it."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from drumbeat.apps.partners.access import may_edit_partner, may_see_partner
from drumbeat.apps.people.models import Account
from drumbeat.apps.reports.access import visible_to
from drumbeat.apps.reports.models import Edition

PACK = "quarter-pack"


def packs_visible_to(person: Account, at: datetime) -> QuerySet[Edition]:
    return visible_to(person, at).filter(report=PACK, partner__isnull=False)


def may_write(person: Account, edition: Edition, at: datetime) -> bool:
    return (
        edition.partner is not None
        and may_edit_partner(person)
        and may_see_partner(person, edition.partner, at)
    )
