"""Files are kept, and forms of the vendor's own are added."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import transaction

from drumbeat.apps.events.actions import record_event
from drumbeat.apps.forms.models import File, OwnForm
from drumbeat.apps.partners.models import Contact
from drumbeat.apps.people.models import Account
from drumbeat.core.filetypes import safe_name, sniffed_type
from drumbeat.core.formreading import read_form
from drumbeat.core.refusal import Refused
from drumbeat.integrations.storage import Storage

LARGEST = 20_000_000


def keep_file(name: str, content: bytes, by: Contact | Account, storage: Storage, *, at: datetime) -> File:
    """The bytes first, then the row that tells of them: what a crash leaves behind is a file that nobody names.

    The type is told by the bytes, not by the name. Raises Refused when it is empty, too large or of a type that may
    carry programs.
    """
    if not content:
        raise Refused(f"The file {name} is empty", "Choose another.")
    if len(content) > LARGEST:
        raise Refused(f"The file {name} is too large", f"{LARGEST // 1_000_000} MB at most.")
    media_type = sniffed_type(content)
    if media_type is None:
        raise Refused(
            f"A file like {name} can't be taken", "Send a PDF, a picture, an office document or plain text."
        )
    digest = hashlib.sha256(content).hexdigest()
    storage.write(digest, content)
    return File.objects.create(
        name=safe_name(name),
        media_type=media_type,
        size=len(content),
        digest=digest,
        kept_at=at,
        contact=by if isinstance(by, Contact) else None,
        person=by if isinstance(by, Account) else None,
    )


@transaction.atomic
def add_own_form(text: str, *, by: Account | None, at: datetime, source: str = "") -> OwnForm:
    """Added, or in the place of the one with its key; answers keep the form that they were given to. Raises RoutineErrors."""
    form = read_form(text, source)
    own, _ = OwnForm.objects.update_or_create(
        key=form.key, defaults={"text": text, "added_at": at, "added_by": by}
    )
    record_event("form.added", ("form", own.pk), by_id=by.pk if by else None, at=at, key=form.key)
    return own
