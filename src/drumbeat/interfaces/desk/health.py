"""Whether the installation is well, for those who watch over it: needs no sign-in and tells nothing of the business."""

from __future__ import annotations

import logging

from django.contrib.auth.decorators import login_not_required
from django.db import OperationalError
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from drumbeat.interfaces.kit.clock import moment
from drumbeat.interfaces.kit.readiness import missing_migrations
from drumbeat.workflows.watching import work_at

log = logging.getLogger(__name__)


@login_not_required
@never_cache
@require_safe
def health(_request: HttpRequest) -> JsonResponse:
    """200 and `{"well": true}`, else 503 and what is wrong."""
    wrong = what_is_wrong()
    return JsonResponse({"well": not wrong, "wrong": wrong}, status=503 if wrong else 200)


@login_not_required
@never_cache
@require_safe
def work(_request: HttpRequest) -> JsonResponse:
    """The same for clock, workers and their lag: 503 when one is silent, late or tells a wrong time."""
    wrong = what_is_wrong() or "; ".join(work_at(moment()).complaints)
    return JsonResponse({"well": not wrong, "wrong": wrong}, status=503 if wrong else 200)


def what_is_wrong() -> str:
    try:
        missing = missing_migrations()
    except OperationalError as error:
        log.warning("The database does not answer: %s", error)
        return "the database does not answer"
    return f"the database misses {len(missing)} migrations: run drumbeat migrate" if missing else ""
