"""Who would get an announcement as it is written now, how long that takes, and the letter of one of them."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

from drumbeat.apps.messages.actions.announcing import check_announcement, values_for
from drumbeat.apps.messages.bridge import html_for, language_for, text_for
from drumbeat.apps.messages.models import Announcement, Letterhead, Message, domain_of
from drumbeat.apps.messages.queries import Readers, letterhead, managers_for, readers_of
from drumbeat.apps.partners.models import Contact
from drumbeat.apps.people.models import Vendor
from drumbeat.apps.people.queries import vendor
from drumbeat.core.placeholders import fill
from drumbeat.core.refusal import Refused
from drumbeat.interfaces.kit.forms import sentences
from drumbeat.interfaces.kit.markup import drawn
from drumbeat.interfaces.kit.viewer import Viewer

NAMED = 40


def preview_of(draft: Announcement, viewer: Viewer, *, reader: str = "") -> dict[str, Any]:
    """Of a draft that is saved, or still being written; `reader` names whose letter is shown, else the first one's. What is
    wrong with it yet stands in `problem`."""
    try:
        check_announcement(draft)
    except Refused as refusal:
        return {"problem": sentences(refusal)}
    readers, head = readers_of(draft, viewer.at), letterhead()
    return {
        "readers": readers,
        "named": readers.welcome[:NAMED],
        "more": max(len(readers.welcome) - NAMED, 0),
        "left_out": readers.left_out[:NAMED],
        "pace": _pace(readers, head.a_minute),
        "sample": _sample(draft, readers, head, viewer, reader),
    }


def _pace(readers: Readers, a_minute: int) -> dict[str, Any]:
    """So many a minute, and how long the domain with most readers takes."""
    counted = Counter(domain_of(reader.email) for reader in readers.welcome).most_common(1)
    domain, most = counted[0] if counted else ("", 0)
    return {"a_minute": a_minute, "domain": domain, "readers": most, "minutes": math.ceil(most / a_minute)}


def _sample(
    draft: Announcement, readers: Readers, head: Letterhead, viewer: Viewer, wanted: str
) -> dict[str, Any] | None:
    if not readers.welcome:
        return None
    reader = next((one for one in readers.welcome if str(one.pk) == wanted), readers.welcome[0])
    firm = vendor()
    letter = letter_to(draft, reader, firm, viewer)
    return {
        "reader": reader,
        "subject": letter.subject,
        "letter": drawn(letter.text),
        "text": text_for(letter, head),
        "html": html_for(letter, firm, head),
    }


def letter_to(draft: Announcement, reader: Contact, firm: Vendor, viewer: Viewer) -> Message:
    """The message that this reader would get; it is not written."""
    manager = managers_for([reader.partner_id], viewer.at).get(reader.partner_id)
    values = values_for(reader, manager, firm)
    return Message(
        contact=reader,
        subject=fill(draft.subject, values),
        text=fill(draft.text, values),
        topic=draft.topic,
        language=language_for(reader),
    )
