"""Announcements: written, shown to a second person where the vendor wants it, and sent once to readers that are frozen then."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from drumbeat.apps.events.actions import record_event
from drumbeat.apps.messages.access import may_approve, may_write_announcements
from drumbeat.apps.messages.models import Announcement, domain_of
from drumbeat.apps.messages.queries import letterhead, managers_for, readers_of
from drumbeat.apps.partners.bridge import calendar_of
from drumbeat.apps.partners.models import Contact
from drumbeat.apps.people.models import Account, Vendor
from drumbeat.apps.people.queries import vendor
from drumbeat.core.lettergate import slots
from drumbeat.core.mailtopics import TOPICS
from drumbeat.core.placeholders import fill, first_name, names_in, odd_braces
from drumbeat.core.refusal import Refused, insist
from drumbeat.core.rules import RuleRefused, compile_rule
from drumbeat.core.worktime import WorkingHours, next_working_moment

from .writing import Note, write_messages

State = Announcement.State
NAMES = ("contact.name", "contact.first_name", "partner.name", "vendor.name", "manager.name", "manager.email")
FIELDS = ("title", "topic", "subject", "text", "audience", "roles", "without", "not_before")


@transaction.atomic
def write_announcement(
    values: Mapping[str, Any], *, by: Account, at: datetime, announcement: Announcement | None = None
) -> Announcement:
    """A new draft, or another text of one that is not sent; what was to be approved is a draft again."""
    insist(may_write_announcements(by), "You may not write announcements", "Ask partner operations.")
    draft = _unsent(announcement) if announcement else Announcement(written_by=by, written_at=at)
    for name in FIELDS:
        if name in values:
            setattr(draft, name, values[name])
    check_announcement(draft)
    draft.state, draft.written_by, draft.written_at = State.DRAFT, by, at
    draft.save()
    return draft


def check_announcement(draft: Announcement) -> None:
    """Raises Refused when its rule can't be read, or its words ask for what nobody knows."""
    insist(draft.topic in TOPICS, f"There is no topic {draft.topic!r}", f"There are {', '.join(TOPICS)}.")
    for field in ("subject", "text"):
        text = getattr(draft, field)
        wrong = [name for name in names_in(text) if name not in NAMES] + list(odd_braces(text))
        if wrong:
            raise Refused(
                f"Nothing is known for {', '.join(wrong)}", f"There are {', '.join(NAMES)}.", field=field
            )
    try:
        compile_rule(draft.audience)
    except RuleRefused as problem:
        raise Refused(
            str(problem), 'Write a rule such as partner.tier == "gold".', field="audience"
        ) from None


@transaction.atomic
def ask_for_approval(announcement: Announcement, *, by: Account, at: datetime) -> Announcement:
    """A director other than the writer reads it and sends it, or leaves it."""
    insist(may_write_announcements(by), "You may not ask for this", "Ask partner operations.")
    draft = _unsent(announcement)
    draft.state = State.ASKED
    draft.save(update_fields=["state"])
    record_event("announcement.asked", ("announcement", draft.pk), by_id=by.pk, at=at)
    return draft


@transaction.atomic
def send_announcement(announcement: Announcement, *, by: Account, at: datetime) -> int:
    """Freezes its readers and queues one letter for each, in their working hours and so many a minute to one domain; how many.
    Safe twice: the second is refused."""
    draft = _unsent(announcement)
    _insist_on_approval(draft, by)
    readers = readers_of(draft, at).welcome
    insist(bool(readers), "Nobody would get it", "Widen the audience or the roles.")
    moments = _moments(readers, max(at, draft.not_before or at), letterhead().a_minute)
    written = write_messages(_notes(draft, readers, moments, at), at=at)
    draft.state, draft.sent_at, draft.approved_by, draft.readers = State.SENT, at, by, len(written)
    draft.save()
    record_event("announcement.sent", ("announcement", draft.pk), by_id=by.pk, at=at, readers=len(written))
    return len(written)


def _insist_on_approval(draft: Announcement, by: Account) -> None:
    if not letterhead().needs_approval:
        insist(may_write_announcements(by), "You may not send this", "Ask partner operations.")
        return
    insist(draft.state == State.ASKED, "Nobody has asked for approval yet", "Ask for it first.")
    insist(
        may_approve(by) and by != draft.written_by,
        "You may not approve this",
        "A director other than its writer decides.",
    )


def _unsent(announcement: Announcement) -> Announcement:
    locked = Announcement.objects.select_for_update().get(pk=announcement.pk)
    insist(locked.state != State.SENT, "This announcement is sent", "Write another.")
    return locked


def _moments(readers: Sequence[Contact], earliest: datetime, a_minute: int) -> dict[int, datetime]:
    """Contact -> when the letter may leave."""
    begins: dict[int, datetime] = {}
    for contact in readers:
        partner = contact.partner
        if partner.pk not in begins:
            hours = WorkingHours(calendar_of(partner), partner.tz)
            begins[partner.pk] = next_working_moment(earliest, hours)
    ordered = sorted(readers, key=lambda contact: (begins[contact.partner_id], contact.pk))
    places = slots(((domain_of(contact.email), begins[contact.partner_id]) for contact in ordered), a_minute)
    return {contact.pk: moment for contact, moment in zip(ordered, places, strict=True)}


def _notes(
    draft: Announcement, readers: Sequence[Contact], moments: Mapping[int, datetime], at: datetime
) -> Iterator[Note]:
    firm = vendor()
    managers = managers_for({contact.partner_id for contact in readers}, at)
    for contact in readers:
        manager = managers.get(contact.partner_id)
        values = values_for(contact, manager, firm)
        yield Note(
            key=f"announcement:{draft.pk}:contact:{contact.pk}",
            to=contact,
            partner=contact.partner,
            subject=fill(draft.subject, values),
            text=fill(draft.text, values),
            purpose=f"announcement-{draft.topic}",
            reply_to=manager.email if manager else "",
            topic=draft.topic,
            announcement=draft,
            not_before=moments[contact.pk],
        )


def values_for(contact: Contact, manager: Account | None, firm: Vendor) -> dict[str, str]:
    """What an announcement may say of its reader."""
    return {
        "contact.name": contact.name,
        "contact.first_name": first_name(contact.name),
        "partner.name": contact.partner.name,
        "vendor.name": firm.name,
        "manager.name": (manager or firm).name,
        "manager.email": manager.email if manager else firm.mail_from,
    }
