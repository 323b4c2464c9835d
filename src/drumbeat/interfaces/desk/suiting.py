"""Times of a meeting as they are shown and chosen: those that suit all, and what speaks against others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest

from drumbeat.apps.meetings.models import Meeting
from drumbeat.core.refusal import Refused
from drumbeat.interfaces.kit import times
from drumbeat.interfaces.kit.forms import moment_from, sentences
from drumbeat.interfaces.kit.viewer import Viewer
from drumbeat.workflows.offering import Company, in_the_way, times_for

OFFERED = 5


def chosen_start(request: HttpRequest, form: forms.Form, viewer: Viewer) -> datetime | None:
    """The time that was written (`starts_at`), else the one chosen among those offered (`offer`)."""
    said = request.POST.get("starts_at") or request.POST.get("offer")
    try:
        return moment_from(said, viewer.zone) if said else None
    except Refused as refusal:
        form.add_error("starts_at", sentences(refusal))
        return None


def offers_shown(
    company: Company,
    minutes: int,
    chosen: datetime | None,
    viewer: Viewer,
    *,
    besides: Meeting | None = None,
) -> list[dict[str, Any]]:
    """From tomorrow on, as options; none while nobody else comes. `besides` is the meeting that moves."""
    if company.is_alone:
        return []
    since = datetime.combine(viewer.today + timedelta(days=1), time(), viewer.zone)
    found = times_for(company, minutes, since=since, wanted=OFFERED, besides=besides)
    return [
        {
            "value": f"{one.starts_at.astimezone(viewer.zone):%Y-%m-%dT%H:%M}",
            "when": times.moment_words(one.starts_at, viewer.zone, viewer.today),
            "theirs": _theirs(company, one.starts_at, viewer),
            "hard_for": ", ".join(one.hard_for),
            "is_chosen": one.starts_at == chosen,
        }
        for one in found
        if not (besides and besides.starts_at == one.starts_at)
    ]


def dates_shown(
    company: Company,
    starts: Sequence[datetime],
    minutes: int,
    viewer: Viewer,
    *,
    besides: Meeting | None = None,
) -> list[dict[str, str]]:
    against = in_the_way(company, starts, minutes, besides=besides)
    return [
        {
            "when": f"{start.astimezone(viewer.zone):%a} {times.date_words(start.astimezone(viewer.zone).date(), viewer.today)} "
            f"{times.clock_words(start, viewer.zone)}",
            "theirs": _theirs(company, start, viewer),
            "against": why,
        }
        for start, why in zip(starts, against, strict=True)
    ]


def _theirs(company: Company, moment: datetime, viewer: Viewer) -> str:
    """The clock of the other side where it is one and differs."""
    zones = {partner.zone: partner.tz for partner in company.partners}
    return times.theirs_words(moment, viewer.zone, *zones.values()) if len(zones) == 1 else ""
