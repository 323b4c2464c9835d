"""Links are issued once for each person and purpose, used, and called back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from drumbeat.apps.forms.models import Link
from drumbeat.apps.partners.models import Contact
from drumbeat.apps.people.models import Account


@dataclass(frozen=True, slots=True)
class Wanted:
    """A link that somebody is to get."""

    purpose: str
    subject_id: int
    who: Contact | Account

    @property
    def key(self) -> tuple[str, int, int | None, int | None]:
        is_contact = isinstance(self.who, Contact)
        pk = self.who.pk
        return (self.purpose, self.subject_id, pk if is_contact else None, None if is_contact else pk)


@transaction.atomic
def issue_links(wanted: Collection[Wanted], *, expires_at: datetime, at: datetime) -> list[Link]:
    """One each, in order; asked for again it is the same link, good until the later of the two moments. One that was called
    back is issued anew, so that what was mailed before stays shut."""
    links = [
        Link(
            purpose=purpose,
            subject_id=subject,
            contact_id=contact,
            person_id=person,
            issued_at=at,
            expires_at=expires_at,
        )
        for purpose, subject, contact, person in (one.key for one in wanted)
    ]
    Link.objects.bulk_create(links, ignore_conflicts=True)
    told = Link.objects.filter(
        purpose__in={one.purpose for one in wanted}, subject_id__in={one.subject_id for one in wanted}
    )
    found = {
        (link.purpose, link.subject_id, link.contact_id, link.person_id): link
        for link in told.select_related("contact__partner", "person")
    }
    asked = [found[one.key] for one in wanted]
    renewed = [link for link in asked if _renew(link, expires_at, at)]
    Link.objects.bulk_update(renewed, ["issued_at", "expires_at", "revoked_at"])
    return asked


def _renew(link: Link, expires_at: datetime, at: datetime) -> bool:
    """Whether there was something to change."""
    if link.revoked_at:
        link.issued_at, link.expires_at, link.revoked_at = at, expires_at, None
        return True
    if link.expires_at < expires_at:
        link.expires_at = expires_at
        return True
    return False


def use_links(purpose: str, subject_id: int, *, at: datetime) -> None:
    """The matter is settled: whoever else has a link to it reads so."""
    Link.objects.filter(purpose=purpose, subject_id=subject_id, used_at=None).update(used_at=at)


def revoke_links(purpose: str, subject_id: int, *, at: datetime) -> int:
    """Called back: they open nothing any more."""
    open_ones = Link.objects.filter(purpose=purpose, subject_id=subject_id, revoked_at=None)
    return open_ones.update(revoked_at=at)


def revoke_link(link: Link, *, at: datetime) -> None:
    """This one alone."""
    link.revoked_at = at
    link.save(update_fields=["revoked_at"])
