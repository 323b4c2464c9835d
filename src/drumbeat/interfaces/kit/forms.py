"""Forms of the house: choices for places, and refusals of the verbs shown beside the field they speak of."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from drumbeat.core.refusal import Refused


def sentences(refusal: Refused) -> str:
    """What is wrong and how to mend it, as two sentences."""
    told = (f"{part[0].upper()}{part[1:]}" for part in (refusal.what, refusal.mend) if part)
    return " ".join(part if part.endswith("?") else f"{part.rstrip('.')}." for part in told)


def carry_out(form: forms.Form, verb: Callable[[], Any]) -> Any:
    """Runs the verb; what it refuses becomes an error of the form, and the result None."""
    try:
        return verb()
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, sentences(refusal))
        return None


def answer(
    request: HttpRequest, verb: Callable[[], Any], *, said: str, back: str, undo: str = ""
) -> HttpResponseBase:
    """For buttons without a form: run the verb, say what was done or why not, and go back."""
    try:
        verb()
        messages.success(request, said, extra_tags=undo)
    except Refused as refusal:
        messages.error(request, sentences(refusal))
    return redirect(back)


def method_of(request: HttpRequest) -> str:
    """Browsers without scripts send DELETE as a POST that says so."""
    if request.method == "POST" and request.POST.get("_method") == "delete":
        return "DELETE"
    return request.method or "GET"


def day_from(text: str) -> date | None:
    """What a browser's field for a day sends; None where it is no day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def day_or(text: str, otherwise: date) -> date:
    """The day that an address names, or the other one where it names none that calendars reach."""
    on = day_from(text)
    return on if on and 2000 <= on.year <= 2049 else otherwise


def lines_of(text: str) -> list[str]:
    """What a field with a thing a line sends; empty lines are none."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def moment_from(text: str, zone: ZoneInfo) -> datetime:
    """What a browser's field for date and time sends, told in the person's zone."""
    try:
        return datetime.fromisoformat(text.strip()).replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Refused(f"{text[:40]!r} is no moment", "Write it like 2026-01-31T14:30.") from error


def not_allowed(*methods: str) -> HttpResponse:
    return HttpResponse(status=405, headers={"Allow": ", ".join(methods)})


@cache
def country_choices() -> tuple[tuple[str, str], ...]:
    """Two-letter codes with their English names, by name."""
    named = Locale("en").territories.items()
    found = [
        (code, name) for code, name in named if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRY
    ]
    return tuple(sorted(found, key=lambda pair: pair[1]))


_NO_COUNTRY = {"EU", "EZ", "UN", "ZZ", "XA", "XB", "QO"}


@cache
def zone_names() -> tuple[str, ...]:
    return tuple(
        sorted(
            name
            for name in available_timezones()
            if "/" in name and not name.startswith(("Etc/", "SystemV/"))
        )
    )


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self, attrs: Any = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")
