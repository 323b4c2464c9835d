"""Who a mail goes to and who comes to a meeting: words of a routine made people, as of now."""

from __future__ import annotations

from collections.abc import Iterable

from drumbeat.apps.meetings.models import Meeting
from drumbeat.apps.meetings.queries import attendees_of
from drumbeat.apps.partners.models import Contact, Partner
from drumbeat.apps.people.models import Account
from drumbeat.apps.routines.models import Step
from drumbeat.core.playbook import EVENT_PEOPLE, PARTNER_ROLES, STAFF_ROLES
from drumbeat.core.refusal import Refused

from .keeping import keeper_or_none
from .scene import Scene

Person = Contact | Account


def recipients_of(step: Step, scene: Scene) -> list[Person]:
    """Who its mail goes to: the routine's words, or those agreed for this subscription."""
    agreed = scene.agreed_people(step)
    return people_for((agreed and agreed.recipients) or scene.text(step).to, step, scene)


def guests_of(step: Step, scene: Scene) -> list[Person]:
    """Who comes to its meeting: the routine's words, or those agreed for this subscription."""
    agreed = scene.agreed_people(step)
    return people_for((agreed and agreed.attendees) or scene.text(step).attendees, step, scene)


def people_for(words: Iterable[str], step: Step, scene: Scene) -> list[Person]:
    """Each once, in the order of the words. Raises Refused when the other side is meant and nobody there can be written
    to, or when nobody is left at all."""
    words = tuple(words)
    found: list[Person] = []
    for word in words:
        found += _people(word, step, scene)
    for_partner = (*PARTNER_ROLES, *EVENT_PEOPLE)
    is_for_partner = any(word in for_partner or word.startswith("contact:") for word in words)
    if is_for_partner and not any(isinstance(person, Contact) for person in found):
        found += _stand_in(step, scene)
    if not found:
        raise Refused(
            f"Nobody is there for {', '.join(words)}", "Add people with mail addresses in these roles."
        )
    return list(dict.fromkeys(found))


def _people(word: str, step: Step, scene: Scene) -> list[Person]:
    partner = scene.partner(step)
    if word.startswith("contact:"):
        there = scene.contacts(partner) if partner else []
        return [contact for contact in there if f"contact:{contact.pk}" == word]
    if word == "attendees":
        return _attendees(scene.meeting(step))
    if word in EVENT_PEOPLE:
        return list(_named_by_event(word, step, scene))
    if word == "partner_contacts":
        return list(_all_contacts(step, scene))
    if word in STAFF_ROLES:
        keeper = keeper_or_none(word, step, scene)
        return list(keeper.people) if keeper else []
    return [contact for contact in scene.contacts(partner) if word in contact.roles] if partner else []


def _attendees(meeting: Meeting | None) -> list[Person]:
    if meeting is None:
        return []
    people = (attendee.who for attendee in attendees_of(meeting))
    return [person for person in people if person and person.email]


def _named_by_event(word: str, step: Step, scene: Scene) -> list[Contact]:
    """The contact whose address was told as submitter or holder; whom an event about a contact is about holds it."""
    partner, event = scene.partner(step), scene.event(step)
    there = scene.contacts(partner) if partner else []
    told = {str(value).lower() for name, value in scene.told(step).items() if name.endswith(f".{word}")}
    is_holder = word == "holder" and event is not None and event.subject_kind == "contact"
    return [
        contact
        for contact in there
        if contact.email.lower() in told or (is_holder and event and contact.pk == event.subject_id)
    ]


def _all_contacts(step: Step, scene: Scene) -> list[Contact]:
    partner, person = scene.partner(step), scene.person(step)
    if partner:
        return scene.contacts(partner)
    return scene.contacts_of_manager(person) if person else []


def _stand_in(step: Step, scene: Scene) -> list[Contact]:
    """Nobody holds the role: better somebody at the partner hears it than nobody."""
    partner = scene.partner(step)
    there = scene.contacts(partner) if partner else []
    if not there:
        raise Refused(
            f"Nobody at {_name(partner)} can be written to",
            "Add a contact with a mail address on the partner's page.",
        )
    return stand_in(there)


def stand_in(there: Iterable[Contact]) -> list[Contact]:
    """Who hears it where nobody holds the role: the principal, or whoever is there."""
    return sorted(there, key=lambda contact: "principal" not in contact.roles)[:1]


def _name(partner: Partner | None) -> str:
    return partner.name if partner else "the partner"
