"""Who may see which editions: those about partners that he sees, and those about himself; and which may leave the house."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from drumbeat.apps.partners.access import visible_to as partners_visible_to
from drumbeat.apps.partners.models import Contact
from drumbeat.apps.people.models import Account, Role
from drumbeat.apps.savedreports.models import SavedReport

from .compositions import COMPOSITIONS
from .models import Edition


def visible_to(person: Account, at: datetime) -> QuerySet[Edition]:
    """An administrator sees none; what is about the whole channel is for directors and partner operations. Editions of a
    saved report are for those who may read that."""
    if not person.is_active:
        return Edition.objects.none()
    closed = SavedReport.objects.exclude(pk__in=SavedReport.objects.readable_by(person).values("pk"))
    found = Edition.objects.exclude(report__in=closed.values("key"))
    if person.has(Role.DIRECTOR, Role.PARTNER_OPERATIONS):
        return found
    if person.has(Role.CHANNEL_MANAGER):
        return found.filter(Q(person=person) | Q(partner__in=partners_visible_to(person, at)))
    return Edition.objects.none()


def may_correct(person: Account, edition: Edition, at: datetime) -> bool:
    """Who looks after the partner, and who leads or serves all of them."""
    return visible_to(person, at).filter(pk=edition.pk).exists()


def may_have(contact: Contact, edition: Edition) -> bool:
    """People of a partner get reports that are meant for partners, about their own partner alone."""
    composition = COMPOSITIONS.get(edition.report)
    return bool(composition and composition.for_partners) and edition.partner_id == contact.partner_id
