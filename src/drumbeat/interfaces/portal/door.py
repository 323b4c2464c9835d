"""The one way in: a link that is good, not too often, and nothing about it kept by browsers or told to others."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from threading import Lock
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from drumbeat.apps.people.queries import vendor
from drumbeat.interfaces.kit.clock import moment
from drumbeat.workflows.links import LinkRefused

WINDOW = timedelta(minutes=1)
MOST_CALLS = 60
MOST_CALLERS = 10_000
STATUS = {"altered": 404, "purpose": 404, "revoked": 410, "expired": 410, "elsewhere": 403}
Scope = TypeVar("Scope")
_calls: dict[str, deque[datetime]] = {}
_lock = Lock()


def by_link(
    purpose: str, open_scope: Callable[[str, str, datetime], Scope]
) -> Callable[[Callable[[HttpRequest, Scope], HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Opens a page to whoever holds a link of this purpose. The link is the secret, and no cookie is read: so there is
    nothing that another site could make a browser send along, and no token beside it. A browser that says all the same
    that another site sent this is not heard."""

    def guard(view: Callable[[HttpRequest, Scope], HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @csrf_exempt
        @login_not_required
        @require_http_methods(["GET", "HEAD", "POST"])
        @wraps(view)
        def guarded(request: HttpRequest, token: str) -> HttpResponseBase:
            at = moment()
            if not _is_one_click(request, purpose) and is_too_often(_caller(request), at):
                return _discreet(page("too_often", status=429))
            try:
                _refuse_other_sites(request)
                return _discreet(view(request, open_scope(token, purpose, at)))
            except LinkRefused as refusal:
                told = {"refusal": refusal, "why": refusal.why}
                return _discreet(page("closed", told, status=STATUS[refusal.why]))

        return guarded

    return guard


def _is_one_click(request: HttpRequest, purpose: str) -> bool:
    """All readers of one mail provider unsubscribe from its few addresses: none of them may be turned away. It opens no
    other page to whoever says the word there."""
    return purpose == "preferences" and request.method == "POST" and "List-Unsubscribe" in request.POST


def _refuse_other_sites(request: HttpRequest) -> None:
    if request.method == "POST" and request.headers.get("Sec-Fetch-Site") == "cross-site":
        raise LinkRefused(
            "elsewhere", "This was sent from another site", "Open the link of your mail and answer there."
        )


def page(name: str, context: dict[str, Any] | None = None, *, status: int = 200) -> HttpResponse:
    """Drawn without the request: the frame of the desk, and with it the session, is none of this door's business."""
    told = {"firm": vendor(), **(context or {})}
    return HttpResponse(render_to_string(f"portal/{name}.html", told), status=status)


def is_too_often(caller: str, at: datetime) -> bool:
    """More than sixty calls a minute from one address, as this process counts them."""
    with _lock:
        if len(_calls) > MOST_CALLERS:
            _calls.clear()
        calls = _calls.setdefault(caller, deque())
        while calls and calls[0] <= at - WINDOW:
            calls.popleft()
        calls.append(at)
        return len(calls) > MOST_CALLS


def forget_calls() -> None:
    """For tests, which come quicker than people."""
    with _lock:
        _calls.clear()


def _caller(request: HttpRequest) -> str:
    """Behind a proxy its last word on where a call came from, else the address itself."""
    forwarded = str(request.META.get("HTTP_X_FORWARDED_FOR", "")) if settings.IS_BEHIND_TLS else ""
    return forwarded.rpartition(",")[2].strip() or str(request.META.get("REMOTE_ADDR", ""))


def _discreet(answer: HttpResponseBase) -> HttpResponseBase:
    """The address is a secret: not kept, not told to the next page, not found by search engines."""
    answer["Cache-Control"] = "private, no-store"
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer
