"""Template tags of the house: moments in the viewer's zone, spans and rates in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from drumbeat.apps.partners.models import ContactRole
from drumbeat.core.charts import Mark, draw_strip
from drumbeat.core.tally import Count
from drumbeat.interfaces.kit import times
from drumbeat.interfaces.kit.money import money_words
from drumbeat.interfaces.kit.rows import draw_rows

register = template.Library()


@register.simple_tag(takes_context=True)
def rows(context: template.Context, name: str, shown: Sequence[Any]) -> SafeString:
    """The rows of a list, each by the template of this name in `rows/`."""
    return draw_rows(name, shown, context["request"])


@register.simple_tag(takes_context=True)
def when(context: template.Context, moment: datetime | None) -> SafeString | str:
    """A moment in the viewer's zone: near ones by weekday; the whole truth on hover."""
    if moment is None:
        return ""
    viewer = context["viewer"]
    return _time(moment, times.moment_words(moment, viewer.zone, viewer.today), viewer.zone)


@register.simple_tag(takes_context=True)
def clock(context: template.Context, moment: datetime) -> SafeString:
    zone = context["viewer"].zone
    return _time(moment, times.clock_words(moment, zone), zone)


def _time(moment: datetime, words: str, zone: ZoneInfo) -> SafeString:
    exact = times.exact_words(moment, zone)
    return format_html('<time datetime="{}" title="{}">{}</time>', moment.isoformat(), exact, words)


@register.simple_tag(takes_context=True)
def theirs(context: template.Context, moment: datetime, partner: Any) -> str:
    """The partner's clock at that moment, where it differs from the viewer's."""
    return times.theirs_words(moment, context["viewer"].zone, partner.tz if partner else None)


@register.simple_tag(takes_context=True)
def day(context: template.Context, on: date | None) -> str:
    return times.day_words(on, context["viewer"].today) if on else ""


@register.simple_tag(takes_context=True)
def on_date(context: template.Context, on: date | datetime | None) -> str:
    if isinstance(on, datetime):
        on = on.astimezone(context["viewer"].zone).date()
    return times.date_words(on, context["viewer"].today) if on else ""


@register.simple_tag(takes_context=True)
def local_now(context: template.Context, zone: ZoneInfo) -> str:
    return times.clock_words(context["viewer"].at, zone)


@register.simple_tag
def legend() -> SafeString:
    """Each shape of a mark with its word."""
    return mark_safe("".join(_legend_line(state, words) for state, words in LEGEND))  # noqa: S308 - our own drawings


def _legend_line(state: str, words: str) -> SafeString:
    day = datetime(2026, 1, 1, tzinfo=UTC)
    mark = Mark(state=state, at=day, label=words, lateness=0.5)
    strip = draw_strip(
        [mark], since=day - timedelta(days=1), until=day + timedelta(days=1), width=14, title=words
    )
    return format_html("<span>{} {}</span>", strip, words)


LEGEND = (
    ("kept", "kept"),
    ("late", "late, the higher the later"),
    ("missed", "missed"),
    ("waived", "waived with a reason"),
    ("overdue", "overdue"),
    ("due", "due today"),
    ("upcoming", "to come"),
)


@register.filter
def roles(held: Iterable[str]) -> str:
    return ", ".join(str(ContactRole(role).label) for role in held)


@register.filter
def money(amount: Decimal, currency: str) -> str:
    return money_words(amount, currency)


@register.filter
def span(minutes: int | None) -> str:
    return times.span_words(minutes) if minutes else ""


@register.filter
def rate(count: Count) -> str:
    return "no rate yet" if count.percent is None else f"{count.percent} %"


@register.filter
def country(code: str) -> str:
    return times.country_name(code)
