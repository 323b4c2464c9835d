"""`GET /calendars/<kind>/<token>.ics`: calendars that other programs subscribe to. The address is the secret; asked again, what
did not change is not sent again."""

from __future__ import annotations

import hashlib

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag
from django.views.decorators.http import require_safe

from drumbeat.interfaces.kit.clock import moment
from drumbeat.workflows.feeding import told_by_feed
from drumbeat.workflows.links import LinkRefused

STATUS = {"altered": 404, "purpose": 404, "revoked": 410, "expired": 410}


@login_not_required
@require_safe
def calendar(request: HttpRequest, kind: str, token: str) -> HttpResponseBase:
    """404 for an address that is none, 410 for one that was closed; 304 when nothing changed since."""
    try:
        told = told_by_feed(kind, token, at=moment())
    except LinkRefused as refusal:
        return HttpResponse(
            f"{refusal}\n", status=STATUS[refusal.why], content_type="text/plain; charset=utf-8"
        )
    etag = quote_etag(hashlib.sha256(told.text).hexdigest()[:32])
    changed = int(told.changed_at.timestamp())
    headers = {
        "ETag": etag,
        "Last-Modified": http_date(changed),
        "Cache-Control": "private, no-cache",
        "Content-Disposition": f'inline; filename="{kind}.ics"',
        "Referrer-Policy": "no-referrer",
        "X-Robots-Tag": "noindex, nofollow",
    }
    answer = HttpResponse(told.text, content_type="text/calendar; charset=utf-8", headers=headers)
    return get_conditional_response(request, etag, changed, answer) or answer
