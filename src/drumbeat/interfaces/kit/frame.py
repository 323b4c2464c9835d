"""What the frame around every page shows: the menu of a role and who is signed in."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from drumbeat.apps.people.models import Account, Role
from drumbeat.apps.routines.queries import overdue_count

from .viewer import BUSINESS, Viewer, viewer_of

# The first four stand at the thumb on a phone.
BUSINESS_MENU = (
    ("today", "Today"),
    ("partners", "Partners"),
    ("routines", "Routines"),
    ("score", "Score"),
    ("promises", "Promises"),
    ("contacts", "Contacts"),
    ("meetings", "Meetings"),
    ("reports", "Reports"),
    ("scorecards", "Scorecards"),
    ("outbox", "Outbox"),
    ("answers", "Answers"),
    ("overrides", "Exceptions"),
    ("leaves", "Leaves"),
)
PLANNING_MENU = (
    ("announcements", "Announcements"),
    ("simulation", "Simulation"),
    ("capacity", "Capacity"),
)
PEOPLE_MENU = (("people", "People"), ("operations", "Operations"))
MENUS = {
    Role.CHANNEL_MANAGER: BUSINESS_MENU,
    Role.DIRECTOR: BUSINESS_MENU + PLANNING_MENU + PEOPLE_MENU,
    Role.PARTNER_OPERATIONS: BUSINESS_MENU + PLANNING_MENU + PEOPLE_MENU,
    Role.ADMINISTRATOR: (*PEOPLE_MENU, ("endpoints", "Endpoints")),
}


def frame(request: HttpRequest) -> dict[str, Any]:
    """The context of every template; before sign-in there is no menu."""
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return {"menu": []}
    viewer = viewer_of(request)
    return {
        "viewer": viewer,
        "menu": _menu(viewer, request),
        "me": {
            "name": viewer.person.name,
            "place": Role(viewer.person.role).label,
            "url": reverse("person", args=[viewer.person.pk]),
        },
        "search_url": reverse("search") if viewer.person.has(*BUSINESS) else "",
        "sign_out_url": reverse("logout"),
    }


def _menu(viewer: Viewer, request: HttpRequest) -> list[tuple[str, str, int, bool]]:
    names = MENUS[Role(viewer.person.role)]
    return [
        (url, label, _overdue(viewer, request) if name == "today" else 0, request.path.startswith(url))
        for name, label in names
        for url in [reverse(name)]
    ]


def _overdue(viewer: Viewer, request: HttpRequest) -> int:
    """Today's own page has counted already."""
    known = request.__dict__.get("overdue")
    return overdue_count(viewer.person, viewer.at) if known is None else known


def home_of(person: Account) -> str:
    return "people" if person.has(Role.ADMINISTRATOR) else "today"
