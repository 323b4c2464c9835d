"""The page of one partner: its rhythm first, then its people and its figures."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from drumbeat.apps.deals.models import Deal
from drumbeat.apps.ledger.queries import open_commitments
from drumbeat.apps.meetings.queries import next_meeting_with
from drumbeat.apps.partners.access import may_assign, may_edit_partner
from drumbeat.apps.partners.models import Partner
from drumbeat.apps.partners.queries import earlier_names, manager_since, present_people
from drumbeat.apps.reports.queries import last_editions
from drumbeat.apps.routines.queries import (
    Coming,
    RoutineRhythm,
    coming_moments,
    open_items_with,
    partner_rhythms,
    routines_with,
)
from drumbeat.apps.sales.models import SellThrough
from drumbeat.apps.sales.queries import figures_of
from drumbeat.core.charts import Bar, draw_bars
from drumbeat.interfaces.kit.exceptions import days_words, what_words
from drumbeat.interfaces.kit.money import money_words
from drumbeat.interfaces.kit.records import count_words, rate_words
from drumbeat.interfaces.kit.strips import today_until, window, year_strip
from drumbeat.interfaces.kit.viewer import Viewer, for_business, viewer_of
from drumbeat.workflows.recounting import opened_at

from .commitment_lines import commitment_row
from .items import line_of
from .partners import partner_of


@for_business
def partner(request: HttpRequest, key: str) -> HttpResponseBase:
    viewer = viewer_of(request)
    shown = partner_of(viewer, key)
    if shown.merged_into:
        return redirect("partner", shown.merged_into.key)
    coming = coming_moments(shown, window(viewer)[1])
    context = partner_head(viewer, shown, "rhythm") | {
        "strips": _strips(viewer, shown, coming),
        "open": [line_of(item, viewer, of_partner=True) for item in open_items_with(shown)],
        "undertaken": [commitment_row(one, viewer) for one in open_commitments(shown)],
        "coming": _next_of_each(coming),
        "next_meeting": next_meeting_with(shown, viewer.at),
        "people": present_people(shown.pk, viewer.today),
        "agreed": _agreed(viewer, shown),
        "editions": last_editions(shown.pk),
        "opened": opened_at(shown, limit=5),
    }
    return render(request, "desk/partner.html", context)


@for_business
def partner_people(request: HttpRequest, key: str) -> HttpResponseBase:
    viewer = viewer_of(request)
    shown = partner_of(viewer, key)
    contacts = list(shown.contacts.all())
    context = partner_head(viewer, shown, "people") | {
        "present": [one for one in contacts if one.left_on is None or one.left_on > viewer.today],
        "gone": [one for one in contacts if one.left_on and one.left_on <= viewer.today],
        "managers": shown.assignments.select_related("person"),
    }
    return render(request, "desk/partner_people.html", context)


@for_business
def partner_figures(request: HttpRequest, key: str) -> HttpResponseBase:
    viewer = viewer_of(request)
    shown = partner_of(viewer, key)
    months = list(SellThrough.objects.filter(partner=shown).order_by("-month")[:24])[::-1]
    context = partner_head(viewer, shown, "figures") | {
        "months": months[::-1],
        "chart": _chart(months[-13:]) if months else "",
        "deals": Deal.objects.filter(partner=shown).order_by("stage", "-moved_at")[:30],
    }
    return render(request, "desk/partner_figures.html", context)


def partner_head(viewer: Viewer, shown: Partner, tab: str) -> dict[str, Any]:
    """What stands above each tab."""
    managers = manager_since(shown.pk, viewer.today)
    tabs = (
        ("Rhythm", reverse("partner", args=[shown.key]), tab == "rhythm"),
        ("People", reverse("partner_people", args=[shown.key]), tab == "people"),
        ("Figures", reverse("partner_figures", args=[shown.key]), tab == "figures"),
        ("Timeline", reverse("partner_timeline", args=[shown.key]), tab == "timeline"),
        ("Promises", f"{reverse('promises')}?partner={shown.pk}", False),
    )
    return {
        "partner": shown,
        "manager": next((name for name, _ in managers), ""),
        "managed_from": next((from_on for _, from_on in managers), None),
        "tabs": tabs,
        "sold": _sold(viewer, shown),
        "once": earlier_names(shown.pk),
        "may_edit": may_edit_partner(viewer.person),
        "may_assign": may_assign(viewer.person),
    }


def _sold(viewer: Viewer, shown: Partner) -> dict[str, str]:
    """Sell-through of the twelve months before this one, and against the twelve before those, if figures reach back so far."""
    until = viewer.at.date().replace(day=1)
    this = until.replace(year=until.year - 1)
    before = until.replace(year=until.year - 2)
    rows = figures_of(shown.pk, before, until)
    if not rows:
        return {}
    now, was = (
        sum((amount for month, amount, _ in rows if (month >= this) is late), Decimal(0))
        for late in (True, False)
    )
    is_comparable = was and min(month for month, _, _ in rows) == before
    change = f"{(now - was) / was:+.0%}".replace("%", " %").replace("-", "−") if is_comparable else ""
    return {"amount": money_words(now, rows[0][2]), "change": change}


def _strips(viewer: Viewer, shown: Partner, coming: Sequence[Coming]) -> list[dict[str, Any]]:
    """A row for each routine and side, with the rate of the year."""
    (since, until), end = window(viewer), today_until(viewer)
    rhythms = partner_rhythms(shown, coming, viewer.at, since=since, until=until, today_until=end)
    return [_strip(viewer, shown, rhythm) for rhythm in rhythms]


def _strip(viewer: Viewer, shown: Partner, rhythm: RoutineRhythm) -> dict[str, Any]:
    side = {"partner": "theirs", "both": "both"}.get(rhythm.owing, "")
    whose = {"partner": "what they owe us", "both": "what both owe"}.get(rhythm.owing, "what we owe them")
    address = f"{reverse('promises')}?partner={shown.pk}&routine={rhythm.key}"
    return {
        "name": rhythm.title,
        "url": reverse("routine", args=[rhythm.key]),
        "side": side,
        "strip": year_strip(rhythm.beats, viewer, title=f"{rhythm.title}, {whose}"),
        "rate": rate_words(rhythm.count) or None,
        "rate_url": address,
        "rate_words": count_words(rhythm.count),
    }


def _next_of_each(coming: Sequence[Coming]) -> list[Coming]:
    """The next moment of each routine."""
    first: dict[str, Coming] = {}
    for one in coming:
        first.setdefault(one.key, one)
    return list(first.values())


def _agreed(viewer: Viewer, shown: Partner) -> list[dict[str, Any]]:
    """Each routine the partner is on, with what was agreed apart from it."""
    return [
        {
            "pk": one.pk,
            "title": one.title,
            "words": [f"{what_words(row)}, {days_words(row)}" for row in one.overrides],
        }
        for one in routines_with(shown, viewer.today)
    ]


def _chart(months: Sequence[SellThrough]) -> Any:
    bars = [
        Bar(f"{row.month:%b %y}" if row.month.month == 1 else f"{row.month:%b}", row.amount / 1000)
        for row in months
    ]
    return draw_bars(
        bars, width=720, height=190, title="Sell-through by month", unit=f"thousand {months[-1].currency}"
    )
