"""Facts that follow from other facts: is a partner dormant, is one at risk? And the events that such facts make.

Each is told once when it becomes true, and again only after it was false.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import Max, QuerySet

from drumbeat.apps.deals.models import Deal
from drumbeat.apps.events.actions import event_of, record_crossings, write_events
from drumbeat.apps.events.models import Event
from drumbeat.apps.events.queries import dates_ahead
from drumbeat.apps.partners.models import Contact, Partner, Status
from drumbeat.apps.partners.queries import partner_facts
from drumbeat.apps.people.queries import vendor_day
from drumbeat.apps.sales.models import SellThrough
from drumbeat.core.events import AHEAD, KINDS
from drumbeat.core.worries import Sight, is_at_risk, is_dormant, is_silent

CHUNK = 5000
DEAL_STALLS_AFTER = timedelta(days=45)
LEFT_LATELY = timedelta(days=90)
LEADING = ("principal", "sales_lead")
Facts = Mapping[str, Mapping[int, object]]


def worries(partners: QuerySet[Partner], at: datetime) -> Facts:
    """`partner.dormant` and `partner.at_risk` of whom they are true, from the facts as they stand."""
    ids = list(partners.values_list("pk", flat=True))
    found = partner_facts(ids, at)
    sights = _sights(ids, at)
    return {
        "partner.dormant": {pk: True for pk in ids if is_dormant(found[pk], sights[pk])},
        "partner.at_risk": {pk: True for pk in ids if is_at_risk(found[pk], sights[pk])},
    }


def _sights(ids: list[int], at: datetime) -> dict[int, Sight]:
    """What no fact tells: how long deals have not moved, whether sales are known at all, who has left."""
    on, has_sales = vendor_day(at), SellThrough.objects.exists()
    moved = dict(
        Deal.objects.filter(partner__in=ids, moved_at__lte=at)
        .values_list("partner")
        .annotate(Max("moved_at"))
    )
    gone = Contact.objects.filter(partner__in=ids, left_on__gt=on - LEFT_LATELY, left_on__lte=on)
    left = set(gone.in_roles(*LEADING).values_list("partner", flat=True))
    return {pk: Sight((at - moved[pk]).days if pk in moved else None, has_sales, pk in left) for pk in ids}


def tell_worries(*, at: datetime) -> int:
    """Events of partners that became dormant, at risk or silent, of days that come near and of deals that stand still;
    how many. Running it twice writes nothing the second time."""
    return _tell_of_partners(at) + _tell_of_days(at) + _tell_of_deals(at)


def _tell_of_partners(at: datetime) -> int:
    true: dict[str, set[int]] = {"partner.dormant": set(), "partner.at_risk": set(), "partner.silent": set()}
    concerned = Partner.objects.exclude(status__in=(Status.CLOSED, Status.PROSPECT)).order_by("pk")
    after = 0
    while ids := list(concerned.filter(pk__gt=after).values_list("pk", flat=True)[:CHUNK]):
        for pk, facts in partner_facts(ids, at).items():
            true["partner.dormant"] |= {pk} if facts.get("partner.dormant") else set()
            true["partner.at_risk"] |= {pk} if facts.get("partner.at_risk") else set()
            true["partner.silent"] |= {pk} if is_silent(facts) else set()
        after = ids[-1]
    return sum(record_crossings(kind, partners, at=at) for kind, partners in true.items())


def _tell_of_days(at: datetime) -> int:
    events = [
        _keyed(
            event_of(kind, (found.subject_kind, found.subject_id), by_id=None, at=at, **found.payload),
            found,
            field,
        )
        for kind, (field, within) in AHEAD.items()
        for found in dates_ahead(KINDS[kind].noun, field, on=vendor_day(at), within=within)
    ]
    return len(write_events(events))


def _keyed(event: Event, last: Event, field: str) -> Event:
    """One event a subject and day: a day that was told anew is told of anew."""
    event.subject_key, event.partner_id, event.person_id = last.subject_key, last.partner_id, last.person_id
    subject = last.subject_key or last.subject_id
    event.key = f"{event.kind}:{last.payload[field]}:{subject}"[:100]
    return event


def _tell_of_deals(at: datetime) -> int:
    still = Deal.objects.filter(stage=Deal.Stage.OPEN, moved_at__lte=at - DEAL_STALLS_AFTER)
    events = []
    for deal in still.order_by("pk"):
        days = (at - deal.moved_at).days
        event = event_of("deal.stalled", ("deal", deal.pk), by_id=None, at=at, partner=deal.partner_id,
                         amount=str(deal.amount), customer=deal.customer, days=days)  # fmt: skip
        event.key = f"deal.stalled:{deal.moved_at:%Y-%m-%d}:{deal.pk}"
        events.append(event)
    return len(write_events(events))
