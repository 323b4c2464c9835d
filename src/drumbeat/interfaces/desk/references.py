"""What an edition refers to as addresses of pages, as far as the viewer sees it."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse

from drumbeat.apps.ledger.access import promises_visible_to
from drumbeat.apps.partners.access import visible_to as partners_visible_to
from drumbeat.apps.reports.asking import FIGURE
from drumbeat.apps.reports.drawing import UrlOf
from drumbeat.apps.reports.models import Edition
from drumbeat.apps.reports.references import references
from drumbeat.apps.routines.access import steps_visible_to
from drumbeat.interfaces.kit.viewer import Viewer


def addresses_of(viewer: Viewer, shown: Edition, rows: str = "") -> UrlOf:
    """Three questions for the whole page. `rows` is where rows behind figures are shown, with a query; else at the edition."""
    told = set(references(shown))
    ids = {noun: _named(told, noun) for noun in ("partner", "partner-key", "promise", "step")}
    numbers = {noun: [int(text) for text in texts if text.isdigit()] for noun, texts in ids.items()}
    by_key = (
        Q(pk__in=numbers["partner"]) | Q(key__in=ids["partner-key"]) | Q(external_id__in=ids["partner-key"])
    )
    partners = partners_visible_to(viewer.person, viewer.at).filter(by_key)
    promises = promises_visible_to(viewer.person, viewer.at).filter(pk__in=numbers["promise"])
    steps = steps_visible_to(viewer.person, viewer.at).filter(pk__in=numbers["step"])
    urls: dict[str, str] = {}
    for pk, key, external_id in partners.values_list("pk", "key", "external_id"):
        names = (f"partner:{pk}", f"partner-key:{external_id or key}")
        urls |= dict.fromkeys(names, reverse("partner", args=[key]))
    urls |= {f"promise:{pk}": reverse("promise", args=[pk]) for pk in promises.values_list("pk", flat=True)}
    occurrences = steps.values_list("pk", "occurrence_id")
    urls |= {f"step:{pk}": reverse("occurrence", args=[occurrence]) for pk, occurrence in occurrences}
    urls |= {
        ref: reverse("person", args=[ref.partition(":")[2]]) for ref in told if ref.startswith("person:")
    }
    rows = rows or f"{reverse('report_rows', args=[shown.pk])}?"
    urls |= {
        ref: f"{rows}&{urlencode({'of': ref})}".replace("?&", "?") for ref in told if ref.startswith(FIGURE)
    }
    told_promises = ((ref, ref.partition(":")[2]) for ref in told if ref.startswith("promises:"))
    urls |= {ref: f"{reverse('promises')}?{query}" for ref, query in told_promises}
    return urls.get


def _named(told: Iterable[str], noun: str) -> list[str]:
    return [ref.partition(":")[2] for ref in told if ref.partition(":")[0] == noun]
