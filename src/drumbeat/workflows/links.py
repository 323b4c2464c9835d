"""Signed links: who gets which address, and what an address that comes back may open.

A token is the link's number and a signature over everything the link is about, so that a token of another person, purpose
or step never fits. Opening one changes nothing: mail scanners look at addresses before people do.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.core.signing import Signer
from django.utils.crypto import constant_time_compare

from drumbeat.apps.forms.actions import Wanted, issue_links
from drumbeat.apps.forms.models import Link
from drumbeat.apps.partners.models import Contact
from drumbeat.apps.people.models import Account
from drumbeat.apps.routines.models import Step
from drumbeat.core.refusal import Refused

from .scene import Scene

PATHS = {
    Link.Purpose.FORM: "forms",
    Link.Purpose.APPROVAL: "approvals",
    Link.Purpose.COMMITMENTS: "answers",
    Link.Purpose.AGENDA: "agendas",
    Link.Purpose.PREFERENCES: "preferences",
}
_TOKEN = re.compile(r"(\d{1,15})-([A-Za-z0-9_-]{43})", re.ASCII)
GOOD_AFTER = timedelta(days=30)
_LOOKED_AT = ("contact__partner", "person")


class LinkRefused(Refused):
    """A link that opens nothing; `why` is altered, expired, revoked or purpose."""

    def __init__(self, why: str, what: str, mend: str) -> None:
        super().__init__(what, mend)
        self.why = why


def links_to(wanted: Collection[Wanted], *, expires_at: datetime, at: datetime) -> list[str]:
    """An address for each, in order; asked for twice it is the same."""
    return [address_of(link) for link in issue_links(wanted, expires_at=expires_at, at=at)]


def link_for(step: Step, to: Contact | Account, scene: Scene) -> str:
    """The address at which this person answers this step."""
    purpose = Link.Purpose.FORM if step.kind == "form" else Link.Purpose.APPROVAL
    good_until = max(step.due_at, step.occurrence.due_at, scene.at) + GOOD_AFTER
    return links_to([Wanted(purpose, step.pk, to)], expires_at=good_until, at=scene.at)[0]


def address_of(link: Link) -> str:
    return f"{settings.PUBLIC_URL}/{PATHS[Link.Purpose(link.purpose)]}/{token_of(link)}/"


def token_of(link: Link) -> str:
    return f"{link.pk}-{_signature(link)}"


def read_link(token: str, purpose: str, at: datetime) -> Link:
    """The link of a token, used or not. Raises LinkRefused with words for whoever opened it."""
    match = _TOKEN.fullmatch(token)
    link = Link.objects.select_related(*_LOOKED_AT).filter(pk=match[1]).first() if match else None
    if match is None or link is None or not constant_time_compare(_signature(link), match[2]):
        raise LinkRefused(
            "altered",
            "This link is not complete",
            "Open it from the mail again, whole, or ask who wrote to you for a new one.",
        )
    if link.purpose != purpose:
        raise LinkRefused(
            "purpose", "This link is for something else", "Open the link of the mail that you mean."
        )
    if link.revoked_at or _is_gone(link.who, at):
        raise LinkRefused(
            "revoked", "This link was called back", "Ask who wrote to you; nothing is needed from you now."
        )
    if link.used_at is None and link.expires_at <= at:
        raise LinkRefused(
            "expired",
            "This link is no longer good",
            "Its time is over. Reply to the mail, and you get a new one if it still matters.",
        )
    return link


def _is_gone(who: Contact | Account, at: datetime) -> bool:
    """Whoever left answers for nothing any more."""
    if isinstance(who, Account):
        return not who.is_active
    return who.left_on is not None and who.left_on <= at.astimezone(who.partner.tz).date()


def _signature(link: Link) -> str:
    who = f"contact:{link.contact_id}" if link.contact_id else f"person:{link.person_id}"
    return Signer(salt="drumbeat.link").signature(
        f"{link.pk}|{link.purpose}|{link.subject_id}|{who}|{link.issued_at.timestamp():.0f}"
    )
