"""`POST /api/events/<source>/`: a signed call that posts events and facts, one JSON object a line."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from drumbeat.apps.events.models import Source
from drumbeat.core.posted import PostsRefused
from drumbeat.core.signing import is_fresh, is_signed
from drumbeat.interfaces.kit.clock import moment
from drumbeat.workflows.listening import take_posts

LARGEST = 1_000_000
# Compared with where there is no such source, so that the answer takes as long.
NO_SECRET = "there-is-no-such-source-and-this-is-no-secret"  # noqa: S105


@csrf_exempt
@login_not_required
@require_POST
def events(request: HttpRequest, source: str) -> HttpResponse:
    """200 with counts; 401 unsigned, stale or unknown; 413 too large; 422 with every problem, and nothing is taken."""
    try:
        body = request.body if int(request.META.get("CONTENT_LENGTH") or 0) <= LARGEST else None
    except (RequestDataTooBig, ValueError):
        body = None
    if body is None or len(body) > LARGEST:
        return _refused(413, f"A post holds {LARGEST} bytes at most", "Send it in parts.")
    timestamp = request.headers.get("Drumbeat-Timestamp", "")
    signed = request.headers.get("Drumbeat-Signature", "")
    known = Source.objects.open().filter(name=source).first()
    is_genuine = is_signed(known.secret if known else NO_SECRET, timestamp, body, signed)
    if not (is_genuine and known):
        return _refused(
            401, "The signature doesn't fit", "Sign timestamp, a dot and the body with the secret."
        )
    if not is_fresh(timestamp, moment()):
        return _refused(
            401, "The timestamp is more than five minutes off", "Sign anew, by a clock that is right."
        )
    return _taken(body, source, signed)


def _taken(body: bytes, source: str, stamp: str) -> HttpResponse:
    try:
        posted = take_posts(body.decode("utf-8"), source=source, at=moment(), stamp=stamp)
    except UnicodeDecodeError:
        return _refused(422, "The body is no UTF-8", "Encode it as UTF-8.")
    except PostsRefused as refused:
        problems = [
            {"line": one.line, "field": one.field, "reason": one.reason, "mend": one.mend}
            for one in refused.problems
        ]
        return _refused(422, "Nothing was taken", "Mend each line.", problems=problems)
    return JsonResponse({"events": posted.events, "facts": posted.facts, "known": posted.known})


def _refused(status: int, what: str, mend: str, **more: Any) -> HttpResponse:
    return JsonResponse({"refused": what, "mend": mend, **more}, status=status)
