"""The page of one partner: its rhythm first, then its people and its figures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from drumbeat.apps.deals.models import Deal
from drumbeat.apps.ledger.queries import open_commitments
from drumbeat.apps.meetings.models import Meeting
from drumbeat.apps.partners.access import may_assign, may_edit_partner
from drumbeat.apps.partners.models import Assignment, Partner
from drumbeat.apps.reports.models import Edition
from drumbeat.apps.routines.access import steps_visible_to
from drumbeat.apps.routines.models import Override
from drumbeat.apps.routines.queries import Rhythm, Upcoming, partner_rhythms, upcoming_moments
from drumbeat.apps.sales.models import SellThrough
from drumbeat.core.charts import Bar, draw_bars
from drumbeat.interfaces.kit.exceptions import days_words, what_words
from drumbeat.interfaces.kit.money import money_words
from drumbeat.interfaces.kit.records import count_words, last_year, rate_words
from drumbeat.interfaces.kit.strips import today_until, window, year_strip
from drumbeat.interfaces.kit.viewer import Viewer, for_business, viewer_of
from drumbeat.workflows.recounting import opened_at

from .commitment_lines import commitment_row
from .items import lines_of_steps
from .partners import partner_of

OPEN_AT_MOST = 20


@for_business
def partner(request: HttpRequest, key: str) -> HttpResponseBase:
    viewer = viewer_of(request)
    shown = partner_of(viewer, key)
    if shown.merged_into:
        return redirect("partner", shown.merged_into.key)
    context = partner_head(viewer, shown, "rhythm") | {
        "strips": _strips(viewer, shown),
        "open": _open_lines(viewer, shown),
        "undertaken": [commitment_row(one, viewer) for one in open_commitments(shown)],
        "coming": _coming(viewer, shown),
        "next_meeting": _next_meeting(viewer, shown),
        "people": shown.contacts.present(viewer.today)[:6],
        "agreed": _agreed(viewer, shown),
        "editions": Edition.objects.filter(partner=shown).defer("data")[:4],
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
    current = Assignment.objects.current(viewer.today).filter(partner=shown).select_related("person").first()
    tabs = (
        ("Rhythm", reverse("partner", args=[shown.key]), tab == "rhythm"),
        ("People", reverse("partner_people", args=[shown.key]), tab == "people"),
        ("Figures", reverse("partner_figures", args=[shown.key]), tab == "figures"),
        ("Timeline", reverse("partner_timeline", args=[shown.key]), tab == "timeline"),
        ("Promises", f"{reverse('promises')}?partner={shown.pk}", False),
    )
    return {
        "partner": shown,
        "assignment": current,
        "tabs": tabs,
        "sold": _sold(viewer, shown),
        "once": shown.merged_from.all(),
        "may_edit": may_edit_partner(viewer.person),
        "may_assign": may_assign(viewer.person),
    }


def _sold(viewer: Viewer, shown: Partner) -> dict[str, str]:
    """Sell-through of the twelve months before this one, and against the twelve before those."""
    _, until = last_year(viewer)
    this = until.replace(year=until.year - 1)
    before = until.replace(year=until.year - 2)
    rows = SellThrough.objects.filter(partner=shown, month__gte=before, month__lt=until).values_list(
        "month", "amount", "currency"
    )
    if not rows:
        return {}
    now, was = (
        sum((amount for month, amount, _ in rows if (month >= this) is late), Decimal(0))
        for late in (True, False)
    )
    change = f"{(now - was) / was:+.0%}".replace("%", " %").replace("-", "−") if was else ""
    return {"amount": money_words(now, rows[0][2]), "change": change}


def _strips(viewer: Viewer, shown: Partner) -> list[dict[str, Any]]:
    """A row for each routine and side, with the rate of the year."""
    since, until = window(viewer)
    rhythms = partner_rhythms(shown, viewer.at, since=since, until=until, today_until=today_until(viewer))
    return [_strip(viewer, shown, rhythm) for rhythm in rhythms if rhythm.routine]


def _strip(viewer: Viewer, shown: Partner, rhythm: Rhythm) -> dict[str, Any]:
    assert rhythm.routine
    side = {"partner": "theirs", "both": "both"}.get(rhythm.owing, "")
    whose = {"partner": "what they owe us", "both": "what both owe"}.get(rhythm.owing, "what we owe them")
    address = f"{reverse('promises')}?partner={shown.pk}&routine={rhythm.routine.key}"
    return {
        "name": rhythm.routine.title,
        "url": reverse("routine", args=[rhythm.routine.key]),
        "side": side,
        "strip": year_strip(rhythm.beats, viewer, title=f"{rhythm.routine.title}, {whose}"),
        "rate": rate_words(rhythm.count) or None,
        "rate_url": address,
        "rate_words": count_words(rhythm.count),
    }


def _open_lines(viewer: Viewer, shown: Partner) -> Sequence[dict[str, Any]]:
    steps = (
        steps_visible_to(viewer.person, viewer.at).on_lists().filter(occurrence__subscription__partner=shown)
    )
    return lines_of_steps(steps, viewer, of_partner=True, page=OPEN_AT_MOST)


def _coming(viewer: Viewer, shown: Partner) -> list[Upcoming]:
    """The next moment of each routine."""
    first: dict[int, Upcoming] = {}
    for one in upcoming_moments(until=window(viewer)[1], partner=shown, limit=40):
        first.setdefault(one.routine.pk, one)
    return list(first.values())


def _next_meeting(viewer: Viewer, shown: Partner) -> Meeting | None:
    coming = Meeting.objects.filter(partner=shown, state=Meeting.State.ARRANGED, starts_at__gte=viewer.at)
    return coming.order_by("starts_at").first()


def _agreed(viewer: Viewer, shown: Partner) -> list[dict[str, Any]]:
    """Each routine the partner is on, with what was agreed apart from it."""
    running = shown.subscriptions.running().select_related("routine").order_by("routine__title")
    standing = Override.objects.not_over(viewer.today).filter(subscription__partner=shown)
    by_subscription: dict[int, list[str]] = defaultdict(list)
    for row in standing.select_related("owner").order_by("from_on"):
        by_subscription[row.subscription_id].append(f"{what_words(row)}, {days_words(row)}")
    return [{"subscription": row, "words": by_subscription[row.pk]} for row in running]


def _chart(months: Sequence[SellThrough]) -> Any:
    bars = [
        Bar(f"{row.month:%b %y}" if row.month.month == 1 else f"{row.month:%b}", row.amount / 1000)
        for row in months
    ]
    return draw_bars(
        bars, width=720, height=190, title="Sell-through by month", unit=f"thousand {months[-1].currency}"
    )
