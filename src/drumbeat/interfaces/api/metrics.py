"""`GET /metrics`: how the machine's work stands, as Prometheus reads it. Needs the token that the administrator chose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from drumbeat.interfaces.kit.clock import moment
from drumbeat.workflows.watching import Work, work_at


@login_not_required
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """404 where no token is set: then there is nothing here. 401 for a wrong one."""
    if not settings.METRICS_TOKEN:
        raise Http404
    if not constant_time_compare(
        request.headers.get("Authorization", ""), f"Bearer {settings.METRICS_TOKEN}"
    ):
        return HttpResponse("Show the metrics token as a bearer token.\n", status=401)
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Standing(work_at(moment())))
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


@dataclass(eq=False)
class Standing(Collector):
    """One look at the work, in gauges."""

    work: Work

    def collect(self) -> Iterator[GaugeMetricFamily]:
        work = self.work
        waiting = work.waiting.items()
        yield _gauge(
            "drumbeat_waiting", "What could be done now.", "for", {word: one.count for word, one in waiting}
        )
        lags = {word: one.lag(work.at).total_seconds() for word, one in waiting}
        yield _gauge("drumbeat_lag_seconds", "How long the oldest of it waits.", "for", lags)
        yield _gauge("drumbeat_steps_due", "Due steps of the machine.", "kind", work.due)
        yield _gauge("drumbeat_steps_stuck", "Steps that stand.", "state", work.stuck)
        yield _gauge("drumbeat_letters", "Letters under way or stuck.", "state", work.letters)
        seen = {one.name: (work.at - one.seen_at).total_seconds() for one in work.processes}
        yield _gauge("drumbeat_process_seen_seconds", "Since a process was last seen.", "process", seen)
        skew = {one.name: one.skew_ms / 1000 for one in work.processes}
        yield _gauge("drumbeat_process_skew_seconds", "Its clock against the database's.", "process", skew)


def _gauge(name: str, meaning: str, label: str, values: Mapping[str, float]) -> GaugeMetricFamily:
    gauge = GaugeMetricFamily(name, meaning, labels=[label])
    for word, value in values.items():
        gauge.add_metric([word], value)
    return gauge
