"""The year's turns that are told by the calendar of the story: a territory changes hands, partners start, rise and stop."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from drumbeat.apps.partners.actions import change_partner, record_facts
from drumbeat.apps.partners.models import Partner
from drumbeat.apps.people.models import Account
from drumbeat.workflows.handover import hand_over

from .cast import MARA, RUTH

HANDOVER = (295, "benelux")
# Days after the first: who prepares becomes active, the best silver partners become gold, one stops.
ACTIVATIONS = (40, 75, 110, 180, 250)
PROMOTIONS = (90, 182)
SUSPENSION = 275


def take_turns(day: date, first: date, *, at: datetime) -> None:
    """What the story has for this day."""
    passed = (day - first) / timedelta(days=1)
    if passed == HANDOVER[0]:
        _hand_over_territory(HANDOVER[1], day, at)
    if passed in ACTIVATIONS:
        _change_first("onboarding", {"status": "active"}, at)
    if passed in PROMOTIONS:
        _promote(at)
    if passed == SUSPENSION:
        _suspend(at)


def _hand_over_territory(territory: str, day: date, at: datetime) -> None:
    mara, ruth = (Account.objects.get(email=member.email) for member in (MARA, RUTH))
    for partner in Partner.objects.filter(territory__key=territory).order_by("pk"):
        hand_over(partner, mara, day, by=ruth, at=at)


def _change_first(status: str, values: dict[str, str], at: datetime) -> None:
    partner = Partner.objects.filter(status=status).order_by("pk").first()
    if partner:
        change_partner(partner, values, by=None, at=at)


def _promote(at: datetime) -> None:
    partner = Partner.objects.filter(status="active", tier="silver", gives_pos=True).order_by("pk").first()
    if partner:
        change_partner(partner, {"tier": "gold"}, by=None, at=at)
        record_facts([(partner.pk, "partner.plan_active", True)], as_of=at, source="demo")


def _suspend(at: datetime) -> None:
    partner = Partner.objects.filter(status="active", tier="registered").order_by("-pk").first()
    if partner:
        change_partner(partner, {"status": "suspended"}, by=None, at=at)
