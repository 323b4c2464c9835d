"""Which post takes the letters away: the mail server that is configured, the outbox of a demo, or none yet."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from drumbeat.apps.people.queries import vendor
from drumbeat.integrations.fakes import OutboxPost
from drumbeat.integrations.smtp import Post, SmtpPost


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
        return SmtpPost(settings.SMTP_URL)
    return OutboxPost() if vendor().is_demo else None
