"""A letter as its reader's mail program shows it, for a frame of a page: its own styles hold there, and nothing in it runs."""

from __future__ import annotations

from base64 import b64encode
from functools import cache

from babel import Locale
from django.http import HttpResponse

from drumbeat.apps.messages.queries import letterhead
from drumbeat.core.mailhtml import LOGO_ID
from drumbeat.library import languages

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox allow-popups"


def mail_page(html: str) -> HttpResponse:
    """The logo, which goes along with a mail, is put into it."""
    head = letterhead()
    if head.logo is not None:
        logo = f"data:{head.logo_type};base64,{b64encode(bytes(head.logo)).decode()}"
        html = html.replace(f"cid:{LOGO_ID}", logo)
    answer = HttpResponse(html.replace("<head>", '<head><base target="_blank">', 1))
    answer["Content-Security-Policy"] = POLICY
    answer["X-Frame-Options"] = "SAMEORIGIN"
    answer["Cache-Control"] = "private, no-store"
    return answer


@cache
def language_choices() -> tuple[tuple[str, str], ...]:
    """The languages in which mail ships, by their names in English."""
    named = [(code, Locale(code).get_display_name("en") or code) for code in languages()]
    return tuple(sorted(named, key=lambda pair: pair[1]))
