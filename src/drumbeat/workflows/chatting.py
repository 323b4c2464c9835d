"""A digest told in a chat beside the mail: written in the mail's own transaction, under the mail's key, once for each
room of the reader and of the team."""

from __future__ import annotations

from datetime import datetime

from drumbeat.apps.messages.actions import Note
from drumbeat.apps.people.models import Account
from drumbeat.apps.webhooks.actions import write_posts
from drumbeat.apps.webhooks.models import Room
from drumbeat.apps.webhooks.queries import rooms_for
from drumbeat.integrations.chat import Told, payload_of


def tell_rooms(note: Note, person: Account, *, at: datetime) -> int:
    """How many rooms it is told in; each delivered, tried again and shown as any other call."""
    rooms = rooms_for(person.pk)
    write_posts([_post(room, note, person) for room in rooms], at=at)
    return len(rooms)


def _post(room: Room, note: Note, person: Account) -> tuple[str, Room, str]:
    """In the team's room the title says whose it is."""
    key = f"{note.key}:chat:{room.pk}"
    title = note.subject if room.person_id else f"{person.name}: {note.subject}"
    return key, room, payload_of(room.form, Told(key, title, note.text))


def try_room(room: Room, *, at: datetime) -> None:
    """A post that shows whether the address is right."""
    key = f"trial:{room.pk}:{at:%Y%m%d%H%M%S}"
    told = Told(
        key, "Drumbeat can be heard here", "Digests of the morning will stand here, with links that act."
    )
    write_posts([(key, room, payload_of(room.form, told))], at=at)
