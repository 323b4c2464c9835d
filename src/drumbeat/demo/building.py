"""Builds the demo channel up to a moment, and lets it live on from there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from drumbeat.apps.people.actions import open_account, set_up_vendor

from .cast import COUNTRY, PASSWORD, STAFF, ZONE

Progress = Callable[[int, int], None]


def build_demo(at: datetime, progress: Progress) -> None:
    """An empty database becomes the demo's as of `at` (aware, UTC). `progress` is told (done, all)."""
    set_up_vendor(
        name="Northwind Instruments",
        country=COUNTRY,
        zone=ZONE,
        mail_from="partners@northwind.example",
        is_demo=True,
        at=at,
    )
    for done, member in enumerate(STAFF, start=1):
        open_account(
            member.email,
            member.name,
            member.role,
            member.zone,
            member.country,
            password=PASSWORD,
            by=None,
            at=at,
        )
        progress(done, len(STAFF))


def catch_up_demo(at: datetime, progress: Progress) -> None:  # noqa: ARG001
    """The days since it last ran are lived until `at`."""
    progress(1, 1)
