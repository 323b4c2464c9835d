"""A message's row made a letter. Its HTML and files are named here and made only when it is sealed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from drumbeat.apps.people.models import Vendor
from drumbeat.core.markup import html_of
from drumbeat.integrations.letters import Address, File, Letter

from .models import Attachment, Message

Maker = Callable[[str], bytes]


def letter_of(message: Message, vendor: Vendor, make: Maker) -> Letter:
    """`make` turns an attachment's source, such as `edition:17`, into bytes."""
    return Letter(
        message_id=message.message_id,
        sender=Address(vendor.name, vendor.mail_from),
        recipient=Address(message.to_name, message.to_address),
        subject=message.subject,
        text=message.text,
        html=partial(html_of, message.text),
        at=message.written_at,
        reply_to=message.reply_to,
        list_id=_list_id(message, vendor),
        files=tuple(_file(attachment, make) for attachment in message.attachments.all()),
    )


def _list_id(message: Message, vendor: Vendor) -> str:
    """Mail programs sort by it (RFC 2919): one list for each purpose, that is, routine."""
    domain = vendor.mail_from.rpartition("@")[2]
    return f"<{message.purpose}.{domain}>" if message.purpose else ""


def _file(attachment: Attachment, make: Maker) -> File:
    return File(attachment.name, attachment.media_type, partial(_content, attachment, make))


def _content(attachment: Attachment, make: Maker) -> bytes:
    return make(attachment.source) if attachment.content is None else bytes(attachment.content)
