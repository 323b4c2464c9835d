"""Texts that people wrote, as HTML of a page: the only door through which they come."""

from __future__ import annotations

from django.utils.safestring import SafeString, mark_safe

from drumbeat.core.markup import html_of


def drawn(text: str) -> SafeString:
    """Markdown as the mails draw it, cleaned of all else."""
    return mark_safe(html_of(text))  # noqa: S308 - html_of cleans
