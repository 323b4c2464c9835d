"""Who looks, and when: one person, one moment and one zone for a whole request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, wraps
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.contrib.auth.middleware import get_user
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from drumbeat.apps.people.models import Account, Role

from .clock import moment

BUSINESS = (Role.CHANNEL_MANAGER, Role.DIRECTOR, Role.PARTNER_OPERATIONS)
View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Viewer:
    person: Account
    at: datetime

    @cached_property
    def zone(self) -> ZoneInfo:
        return self.person.tz

    @cached_property
    def today(self) -> date:
        return self.at.astimezone(self.zone).date()


def viewer_of(request: HttpRequest) -> Viewer:
    """The same one for the view and for every tag of its page; the account itself, not Django's lazy stand-in for it."""
    known = request.__dict__.get("_viewer")
    if known is None:
        known = request.__dict__["_viewer"] = Viewer(cast(Account, get_user(request)), moment())
    return known


def for_roles(*roles: str) -> Callable[[View], View]:
    """Opens a page to these roles only; everyone else who is signed in is told that he may not."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not viewer_of(request).person.has(*roles):
                raise PermissionDenied("Your role doesn't include this page.")
            return view(request, *args, **kwargs)

        return guarded

    return guard


for_business = for_roles(*BUSINESS)
