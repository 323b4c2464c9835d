"""Whether the installation is well, for those who watch over it: needs no sign-in and tells nothing of the business."""

from __future__ import annotations

import logging

from django.contrib.auth.decorators import login_not_required
from django.db import OperationalError
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from drumbeat.interfaces.kit.readiness import missing_migrations

log = logging.getLogger(__name__)


@login_not_required
@never_cache
@require_safe
def health(_request: HttpRequest) -> JsonResponse:
    """200 and `{"well": true}`, else 503 and what is wrong."""
    wrong = what_is_wrong()
    return JsonResponse({"well": not wrong, "wrong": wrong}, status=503 if wrong else 200)


def what_is_wrong() -> str:
    try:
        missing = missing_migrations()
    except OperationalError as error:
        log.warning("The database does not answer: %s", error)
        return "the database does not answer"
    return f"the database misses {len(missing)} migrations: run drumbeat migrate" if missing else ""
