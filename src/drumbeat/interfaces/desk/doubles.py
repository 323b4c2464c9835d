"""Partners that may be one firm, side by side, for a person to decide once; and what was decided."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from drumbeat.apps.partners.actions import ask_again, set_apart
from drumbeat.apps.partners.models import Double, Partner
from drumbeat.apps.people.models import Role
from drumbeat.apps.people.queries import vendor
from drumbeat.apps.sales.queries import told_beside
from drumbeat.interfaces.kit.forms import answer, method_of, not_allowed
from drumbeat.interfaces.kit.money import money_words
from drumbeat.interfaces.kit.records import last_year
from drumbeat.interfaces.kit.viewer import Viewer, for_roles, viewer_of
from drumbeat.workflows.closing import join_double

SHOWN, REMEMBERED = 20, 50
for_operations = for_roles(Role.DIRECTOR, Role.PARTNER_OPERATIONS)


@for_operations
def doubles(request: HttpRequest) -> HttpResponseBase:
    viewer = viewer_of(request)
    found = Double.objects.undecided().select_related("first", "second")
    shown = list(found[:SHOWN])
    decided = Double.objects.exclude(decision="").select_related("first", "second", "decided_by")
    context = {
        "pairs": _pairs(shown, viewer),
        "count": found.count(),
        "decided": decided.order_by("-decided_at", "-pk")[:REMEMBERED],
    }
    return render(request, "desk/doubles.html", context)


def _pairs(shown: Iterable[Double], viewer: Viewer) -> list[dict[str, Any]]:
    ids = [pk for one in shown for pk in (one.first_id, one.second_id)]
    since, currency = last_year(viewer)[0], vendor().currency
    beside = told_beside(ids, on=viewer.today, since=since)
    return [
        {
            "double": one,
            "rows": _rows(one.first, one.second, beside, currency),
            "partners": (one.first, one.second),
        }
        for one in shown
    ]


def _rows(
    first: Partner, second: Partner, beside: dict[int, list[Any]], currency: str
) -> list[tuple[str, str, str, bool]]:
    """(what, of the first, of the second, whether they agree); what neither tells is left out."""
    told = [_told(one, beside[one.pk], currency) for one in (first, second)]
    return [
        (what, mine or "–", told[1][what] or "–", bool(mine) and mine == told[1][what])
        for what, mine in told[0].items()
        if mine or told[1][what]
    ]


def _told(one: Partner, beside: list[Any], currency: str) -> dict[str, str]:
    manager, sold, people, domains = beside
    return {
        "Place": ", ".join(part for part in (f"{one.postal_code} {one.city}".strip(), one.country) if part),
        "Address": one.address,
        "Phone": one.phone,
        "Mail": domains or "",
        "External id": one.external_id or "",
        "Tier, status": f"{one.get_tier_display()}, {one.get_status_display().lower()}",
        "Joined": f"{one.joined_on:%-d %B %Y}" if one.joined_on else "",
        "Looked after by": manager,
        "People": str(people),
        "Sold in 12 months": money_words(sold, currency) if sold is not None else "",
    }


@for_operations
def double_decision(request: HttpRequest, pk: int) -> HttpResponseBase:
    """POST says `kept` (the key of the partner that stays) or nothing: they are two. DELETE asks again."""
    viewer = viewer_of(request)
    double = get_object_or_404(Double.objects.select_related("first", "second"), pk=pk)
    method = method_of(request)
    if method not in ("POST", "DELETE"):
        return not_allowed("POST", "DELETE")
    verb, said = _verb(request, viewer, double, method)
    return answer(request, verb, said=said, back=reverse("doubles"))


def _verb(
    request: HttpRequest, viewer: Viewer, double: Double, method: str
) -> tuple[Callable[[], object], str]:
    if method == "DELETE":
        return lambda: ask_again(double, by=viewer.person), f"{double} will be asked again."
    kept = next((one for one in (double.first, double.second) if one.key == request.POST.get("kept")), None)
    if kept is None:
        return lambda: set_apart(
            double, by=viewer.person, at=viewer.at
        ), f"{double} are two; nobody is asked again."
    return (
        lambda: join_double(double, kept, by=viewer.person, at=viewer.at),
        f"They are one now: {kept}. A wrong merge is split on the page of the other one.",
    )
