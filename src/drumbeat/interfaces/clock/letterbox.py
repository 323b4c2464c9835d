"""Which post takes the letters away, and where answers come in: the servers that are configured, the outbox of a demo, or none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from django.conf import settings

from drumbeat.apps.people.queries import vendor
from drumbeat.integrations.caldav import CalDavShelf
from drumbeat.integrations.fakes import HeldHooks, OutboxPost
from drumbeat.integrations.imap import ImapMailbox, Mailbox
from drumbeat.integrations.smtp import Post, SmtpPost
from drumbeat.integrations.webhooks import Hooks, HttpHooks
from drumbeat.workflows.pushing import Shelves


@contextmanager
def open_post() -> Iterator[Post | None]:
    """None leaves letters queued, where people see them. The connection ends with the block."""
    post = _post()
    try:
        yield post
    finally:
        if post:
            post.close()


def _post() -> Post | None:
    if settings.SMTP_URL:
        return SmtpPost(settings.SMTP_URL, provider=settings.MAIL_PROVIDER)
    return OutboxPost() if vendor().is_demo else None


def open_hooks() -> Hooks:
    """A demo tells nobody."""
    return HeldHooks() if vendor().is_demo else HttpHooks(settings.WEBHOOK_NETWORKS)


def open_shelves() -> Shelves | None:
    """Calendars of one's own on servers; a demo speaks to none."""
    return None if vendor().is_demo else partial(CalDavShelf, allowed=settings.WEBHOOK_NETWORKS)


@contextmanager
def open_mailbox() -> Iterator[Mailbox | None]:
    """None when no mailbox is configured: then nothing that came back is read."""
    mailbox = ImapMailbox(settings.IMAP_URL) if settings.IMAP_URL else None
    try:
        yield mailbox
    finally:
        if mailbox:
            mailbox.close()
