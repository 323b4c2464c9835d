"""Partners that join during the year, one about every four weeks: the firms of the table that are not yet ready to sell."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from drumbeat.apps.partners.actions import add_partner, assign_manager
from drumbeat.apps.people.models import Account

from .cast import NOT_YET, manager_of_territory, rows_of
from .chance import Chance
from .contacts import settle_contacts
from .firms import Firm

FIRST, EVERY = timedelta(days=12), timedelta(days=27)


def take_in_newcomer(day: date, firms: list[Firm], chance: Chance, first: date, *, at: datetime) -> None:
    """Who joins this day, with contacts and a manager, if anybody does."""
    place, rest = divmod(day - first - FIRST, EVERY)
    if rest or place < 0:
        return
    waiting = [row for row in rows_of(firms, chance, first) if row["status"] == NOT_YET]
    if place >= len(waiting):
        return
    partner = add_partner({**waiting[place], "joined_on": day}, by=None, at=at)
    manager = Account.objects.get(email=manager_of_territory(waiting[place]["territory"]))
    assign_manager(partner, manager, day, by=None, at=at)
    settle_contacts(partner, chance, at=at)
