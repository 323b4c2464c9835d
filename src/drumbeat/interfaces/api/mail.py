"""`POST /api/mail/<provider>/tracking/` and `…/inbound/`: what the mail provider tells of letters, and letters that came in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from drumbeat.core.refusal import Refused
from drumbeat.integrations.providers import Forged, Provider, Unreadable
from drumbeat.interfaces.kit.clock import moment
from drumbeat.workflows.reading_mail import take_posted
from drumbeat.workflows.returning import take_notices


@csrf_exempt
@login_not_required
@require_POST
def tracking(request: HttpRequest, provider: str) -> HttpResponse:
    """200 with counts; 401 without the secret, 413 too large, 422 not of the provider's form; 404 for any other provider."""
    known = _configured(provider)
    return _answered(lambda: take_notices(known.notices(request), at=moment()))


@csrf_exempt
@login_not_required
@require_POST
def inbound(request: HttpRequest, provider: str) -> HttpResponse:
    """The same for letters: each is read as if it had come to the mailbox."""
    known = _configured(provider)
    return _answered(lambda: take_posted(known.letters(request), provider, at=moment()))


def _configured(name: str) -> Provider:
    if name != settings.MAIL_PROVIDER:
        raise Http404
    try:
        return Provider.of(name, settings.MAIL_WEBHOOK_SECRET)
    except Refused:
        raise Http404 from None


def _answered(take: Callable[[], Any]) -> HttpResponse:
    try:
        return JsonResponse(dict(take()))
    except Forged:
        return JsonResponse({"refused": "The secret doesn't fit"}, status=401)
    except RequestDataTooBig:
        return JsonResponse({"refused": "The post is too large"}, status=413)
    except Unreadable:
        return JsonResponse({"refused": "This is no post of that provider"}, status=422)
