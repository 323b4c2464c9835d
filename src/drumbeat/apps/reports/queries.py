"""Questions about editions that were kept."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Greatest

from drumbeat.apps.asking import kept
from drumbeat.apps.sales.models import Line, SellThrough

from .compositions import COMPOSITIONS
from .models import Edition

LOOKED_BACK = timedelta(days=400)
# A file that was being loaded when an edition was compared carries an earlier moment.
UNDER_WAY = timedelta(days=1)
FIGURES = timedelta(days=731)  # the longest that a report's sums and bars reach back


def restated_since_built(at: datetime) -> QuerySet[Edition]:
    """Editions for partners of the last thirteen months, not corrected yet, in whose time the partner's sales were told
    anew after they were built, or last found to be as they were: a figure or a line that came later, or a line that was
    replaced. One query."""
    months = SellThrough.objects.filter(
        partner=OuterRef("partner"),
        month__lt=OuterRef("period_until"),
        month__gte=OuterRef("period_from") - FIGURES,
    )
    lines = Line.objects.filter(
        partner=OuterRef("partner"),
        sold_on__lt=OuterRef("period_until"),
        sold_on__gte=OuterRef("period_from") - FIGURES,
    )
    since = OuterRef("told_since")
    later = Q(loaded_at__gt=since, loaded_at__lte=at) | Q(replaced_at__gt=since, replaced_at__lte=at)
    anew = Exists(months.filter(received_at__gt=since, received_at__lte=at)) | Exists(lines.filter(later))
    for_partners = [key for key, one in COMPOSITIONS.items() if one.for_partners]
    recent = Edition.objects.filter(
        report__in=for_partners, partner__isnull=False, built_at__gt=at - LOOKED_BACK, built_at__lt=at
    )
    return (
        recent.annotate(told_since=Greatest("built_at", F("compared_at") - UNDER_WAY))
        .filter(anew, correction=None, differs_at=None)
        .select_related("partner", "person")
        .order_by("pk")
    )


@kept
def last_editions(partner: int) -> QuerySet[Any, tuple[Any, ...]]:
    """(id, title, moment built) of the newest four about a partner."""
    return Edition.objects.filter(partner=partner).values_list("pk", "title", "built_at")[:4]
