"""A message's row made a letter as its reader sees it. Its HTML and files are named here and made only when it is sealed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from html import escape

from drumbeat.apps.partners.models import Contact
from drumbeat.apps.people.models import Account, Vendor
from drumbeat.core.mailhtml import Look, letter_html
from drumbeat.core.markup import html_of
from drumbeat.integrations.letters import Address, File, Letter
from drumbeat.library import spoken, word

from .models import Attachment, Letterhead, Message

Maker = Callable[[str], bytes]


@dataclass(frozen=True, slots=True)
class Ways:
    """Where a reader chooses what he gets, and declines this topic at once; where a letter returns that can't be delivered."""

    choices: str = ""
    unsubscribe: str = ""
    return_to: str = ""


NO_WAYS = Ways()


def language_for(who: Contact | Account) -> str:
    """The reader's own, else that of the partner where he works; English where mail is not written in it."""
    return spoken(who.language or (who.partner.language if isinstance(who, Contact) else ""))


def letter_of(
    message: Message, vendor: Vendor, make: Maker, head: Letterhead | None = None, ways: Ways = NO_WAYS
) -> Letter:
    """`make` turns an attachment's source, such as `edition:17`, into bytes."""
    head = head or Letterhead()
    return Letter(
        message_id=message.message_id,
        sender=Address(vendor.name, vendor.mail_from),
        recipient=Address(message.to_name, message.to_address),
        subject=message.subject,
        text=text_for(message, head, ways),
        html=partial(html_for, message, vendor, head, ways),
        at=message.written_at,
        reply_to=message.reply_to,
        list_id=_list_id(message, vendor),
        unsubscribe=ways.unsubscribe,
        return_to=ways.return_to,
        logo=_logo(head),
        files=tuple(_file(attachment, make) for attachment in message.attachments.all()),
    )


def html_for(message: Message, vendor: Vendor, head: Letterhead, ways: Ways = NO_WAYS) -> str:
    """The whole page that the reader's mail program shows."""
    return letter_html(
        html_of(message.text),
        Look(vendor.name, head.colour, has_logo=head.logo is not None),
        subject=message.subject,
        language=message.language or "en",
        foot=[*_why_html(message, ways), *(escape(line) for line in _sender_lines(head))],
        act=word("open_link", message.language or "en"),
    )


def text_for(message: Message, head: Letterhead, ways: Ways = NO_WAYS) -> str:
    """The same for programs that show text alone: Markdown is written to be read as it is."""
    foot = [*_why(message), *([ways.choices] if ways.choices else []), *_sender_lines(head)]
    return f"{message.text.rstrip()}\n\n-- \n" + "\n".join(foot) + "\n" if foot else message.text


def _why(message: Message) -> list[str]:
    """Why the reader gets it, and whether he may decline."""
    if message.contact_id is None:
        return []
    return [word("foot_optional" if message.topic else "foot_needed", message.language or "en")]


def _why_html(message: Message, ways: Ways) -> list[str]:
    choose = word("foot_choose", message.language or "en")
    link = f' <a href="{escape(ways.choices)}">{escape(choose)}</a>' if ways.choices else ""
    return [escape(line) + link for line in _why(message)]


def _sender_lines(head: Letterhead) -> list[str]:
    return [line for line in (head.sender_line, *head.postal_address.splitlines()) if line.strip()]


def _list_id(message: Message, vendor: Vendor) -> str:
    """Mail programs sort by it (RFC 2919): one list for each purpose, that is, routine."""
    domain = vendor.mail_from.rpartition("@")[2]
    return f"<{message.purpose}.{domain}>" if message.purpose else ""


def _logo(head: Letterhead) -> File | None:
    logo = head.logo
    return None if logo is None else File("logo", head.logo_type, lambda: bytes(logo))


def _file(attachment: Attachment, make: Maker) -> File:
    return File(attachment.name, attachment.media_type, partial(_content, attachment, make))


def _content(attachment: Attachment, make: Maker) -> bytes:
    return make(attachment.source) if attachment.content is None else bytes(attachment.content)
