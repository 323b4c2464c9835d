"""What the frame around every page shows: the menu of a role and who is signed in."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from drumbeat.apps.people.models import Account, Role
from drumbeat.apps.routines.queries import overdue_count

from .viewer import BUSINESS, Viewer, viewer_of

DAILY = (
    ("today", "Today"),
    ("partners", "Partners"),
    ("routines", "Routines"),
    ("score", "Score"),
)
OFTEN = (("promises", "Promises"), ("contacts", "Contacts"), ("meetings", "Meetings"), ("reports", "Reports"))
SCORECARDS, OUTBOX = ("scorecards", "Scorecards"), ("outbox", "Outbox")
EXCEPTIONS, LEAVES = ("overrides", "Exceptions"), ("leaves", "Leaves")
ANSWERS, ANNOUNCEMENTS = ("answers", "Answers"), ("announcements", "Announcements")
SIMULATION, CAPACITY = ("simulation", "Simulation"), ("capacity", "Capacity")
DOUBLES = ("doubles", "Doubles")
PEOPLE, OPERATIONS = ("people", "People"), ("operations", "Operations")

# What a role needs on most days, and what unfolds below it. The first four stand at the thumb on a phone.
MENUS: dict[Role, tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]] = {
    Role.CHANNEL_MANAGER: ((*DAILY, *OFTEN), (SCORECARDS, OUTBOX, ANSWERS, EXCEPTIONS, LEAVES)),
    Role.DIRECTOR: (
        (*DAILY, *OFTEN, SCORECARDS, CAPACITY, PEOPLE),
        (SIMULATION, ANNOUNCEMENTS, OUTBOX, ANSWERS, DOUBLES, EXCEPTIONS, LEAVES, OPERATIONS),
    ),
    Role.PARTNER_OPERATIONS: (
        (*DAILY, *OFTEN, OUTBOX, ANNOUNCEMENTS, OPERATIONS),
        (SCORECARDS, ANSWERS, DOUBLES, EXCEPTIONS, LEAVES, SIMULATION, CAPACITY, PEOPLE, ("sql", "SQL")),
    ),
    Role.ADMINISTRATOR: ((PEOPLE, OPERATIONS, ("endpoints", "Endpoints")), ()),
}
Line = tuple[str, str, int, bool]


def frame(request: HttpRequest) -> dict[str, Any]:
    """The context of every template; before sign-in there is no menu."""
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return {"menu": []}
    viewer = viewer_of(request)
    often, seldom = (_lines(names, viewer, request) for names in MENUS[Role(viewer.person.role)])
    return {
        "viewer": viewer,
        "menu": often,
        "seldom": seldom,
        "is_seldom": any(is_current for *_, is_current in seldom),
        "me": {
            "name": viewer.person.name,
            "place": Role(viewer.person.role).label,
            "url": reverse("person", args=[viewer.person.pk]),
        },
        "search_url": reverse("search") if viewer.person.has(*BUSINESS) else "",
        "sign_out_url": reverse("logout"),
    }


def _lines(names: tuple[tuple[str, str], ...], viewer: Viewer, request: HttpRequest) -> list[Line]:
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
