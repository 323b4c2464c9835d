"""The letterhead is set once, and holds from the next letter on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from drumbeat.apps.events.actions import record_event
from drumbeat.apps.messages.access import may_lift
from drumbeat.apps.messages.models import Letterhead
from drumbeat.apps.people.models import Account
from drumbeat.core.refusal import Refused, insist

MOST_BYTES = 100_000
# What mail programs show everywhere; told by the first bytes, not by the name.
IMAGES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}


@transaction.atomic
def set_letterhead(
    values: Mapping[str, Any], *, logo: bytes | None = None, by: Account, at: datetime
) -> Letterhead:
    """Without a logo the one before stays."""
    insist(may_lift(by), "You may not set the letterhead", "Ask partner operations.")
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", str(values["colour"])):
        raise Refused(f"{values['colour']!r} is no colour", "Write it like #3a5bc7.", field="colour")
    head, _ = Letterhead.objects.select_for_update().get_or_create(pk=1)
    for name, value in values.items():
        setattr(head, name, value)
    if logo:
        head.logo, head.logo_type = logo, _image_type(logo)
    head.save()
    record_event("letterhead.set", ("letterhead", 1), by_id=by.pk, at=at)
    return head


def _image_type(logo: bytes) -> str:
    if len(logo) > MOST_BYTES:
        raise Refused(
            "The logo is larger than 100 kB", "Save it smaller: it is shown 36 px high.", field="logo"
        )
    for begin, media_type in IMAGES.items():
        if logo.startswith(begin):
            return media_type
    raise Refused("The logo is no PNG, JPEG or GIF", "Save it as PNG.", field="logo")
