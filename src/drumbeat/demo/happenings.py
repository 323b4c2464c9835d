"""What happens at partners besides deals: certificates earned and running out, claims for money, a release. It is posted as
another system would post it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from drumbeat.apps.events.models import Event
from drumbeat.apps.partners.models import Contact, Partner
from drumbeat.apps.routines.models import Decision
from drumbeat.workflows.listening import take_posts

from .chance import Chance
from .tempers import YEAR

SOURCE = "demo"
Line = dict[str, Any]

CERTIFICATES = {"registered": 0, "silver": 1, "gold": 3, "platinum": 6}
NAMES = (
    "Polaris Engineer",
    "Polaris Administrator",
    "Polaris Architect",
    "Polaris Security",
    "Polaris Sales",
)
VALID = timedelta(days=730)
# The first to expire does so when there is still time to warn; one in eight is not renewed.
EXPIRES_IN, RENEWED = (100, 560), 0.88
CLAIMS_A_YEAR = {"silver": 0.5, "gold": 1.2, "platinum": 3.0}
MEDIAN_CLAIM, COMPLETE = 1_800, 0.8
PAID_AFTER = timedelta(days=12)
RELEASE = ("Polaris 8", 287, 40)  # its name; told on this day of the year; out so many days later
WEEK = timedelta(days=7)


def post_first(first: date, chance: Chance, *, at: datetime) -> None:
    """The certificates that are valid on the first day."""
    found = Partner.objects.order_by("pk")
    _post([line for partner in found for line in _certificates(partner, first, chance)], at)


def post_week(day: date, first: date, chance: Chance, *, at: datetime) -> None:
    """What other systems tell of the week that ends this day."""
    active = list(Partner.objects.filter(status="active").order_by("pk"))
    lines = [
        *(line for partner in active for line in _renewals(partner, day, first, chance)),
        *(line for partner in active for line in _claim(partner, day, chance)),
        *_paid(day),
        *_release(day, first),
    ]
    _post(lines, at)


def _post(lines: list[Line], at: datetime) -> None:
    if lines:
        take_posts("\n".join(map(json.dumps, lines)), source=SOURCE, at=at)


def _certificates(partner: Partner, first: date, chance: Chance) -> Iterator[Line]:
    count = CERTIFICATES[partner.tier]
    for name in ("partner.certified_people", "partner.certifications_valid"):
        yield {"fact": name, "partner": partner.key, "value": count, "source": SOURCE}
    for place in range(count):
        if holder := _holder(partner, place):
            yield _earned(partner, place, _expiry(partner, place, first, chance), holder)


def _renewals(partner: Partner, day: date, first: date, chance: Chance) -> Iterator[Line]:
    """Earned again some weeks before the old one expires."""
    for place in range(CERTIFICATES[partner.tier]):
        luck = chance.of("renewal", partner.key, place)
        expires_on = _expiry(partner, place, first, chance)
        renewed_on = expires_on - timedelta(days=luck.randint(2, 80))
        if (
            day - WEEK < renewed_on <= day
            and luck.uniform(0, 1) < RENEWED
            and (holder := _holder(partner, place))
        ):
            yield _earned(partner, place, expires_on + VALID, holder)


def _expiry(partner: Partner, place: int, first: date, chance: Chance) -> date:
    return first + timedelta(days=chance.of("certificate", partner.key, place).randint(*EXPIRES_IN))


def _holder(partner: Partner, place: int) -> Contact | None:
    """The technical lead has the first one, then others of the house."""
    people = sorted(
        partner.contacts.filter(left_on=None), key=lambda one: ("technical_lead" not in one.roles, one.pk)
    )
    return people[place % len(people)] if people else None


def _earned(partner: Partner, place: int, expires_on: date, holder: Contact) -> Line:
    return {
        "kind": "certification.earned",
        "subject": f"{partner.key}-{place + 1}",
        "partner": partner.key,
        "facts": {
            "name": NAMES[place % len(NAMES)],
            "holder": holder.email,
            "expires_on": expires_on.isoformat(),
        },
        "key": f"earned-{partner.key}-{place + 1}-{expires_on}"[:100],
    }


def _claim(partner: Partner, day: date, chance: Chance) -> Iterator[Line]:
    luck = chance.of("claim", partner.key, day)
    if luck.uniform(0, 1) >= CLAIMS_A_YEAR.get(partner.tier, 0) * WEEK.days / (30.4 * YEAR):
        return
    asks = next((one for one in partner.contacts.filter(left_on=None) if "marketing" in one.roles), None)
    facts = {
        "amount": round(min(MEDIAN_CLAIM * luck.lognormvariate(0, 0.8), 9_500), -1),
        "complete": luck.uniform(0, 1) < COMPLETE,
    }
    yield {
        "kind": "claim.submitted",
        "subject": f"{partner.key}-{day:%y%m%d}",
        "partner": partner.key,
        "facts": {**facts, **({"submitter": asks.email} if asks else {})},
        "key": f"claim-{partner.key}-{day}"[:100],
    }


def _paid(day: date) -> Iterator[Line]:
    """Approved claims of some weeks ago."""
    approved = Decision.objects.filter(
        step__occurrence__version__routine__key="claim-decision",
        step__answer="approved",
        decided_at__date__gt=day - PAID_AFTER - WEEK,
        decided_at__date__lte=day - PAID_AFTER,
    )
    events = Event.objects.filter(pk__in=list(approved.values_list("step__occurrence__event_id", flat=True)))
    partners = Partner.objects.in_bulk({event.partner_id for event in events})
    for claim in events.order_by("pk"):
        yield {
            "kind": "claim.paid",
            "subject": claim.subject_key,
            "partner": partners[claim.partner_id].key,
            "key": f"paid-{claim.subject_key}"[:100],
        }


def _release(day: date, first: date) -> Iterator[Line]:
    name, told_after, out_after = RELEASE
    if first + timedelta(days=told_after) - WEEK < day <= first + timedelta(days=told_after):
        released_on = day + timedelta(days=out_after)
        yield {
            "kind": "product.released",
            "subject": name.lower().replace(" ", "-"),
            "facts": {"name": name, "released_on": released_on.isoformat()},
            "key": f"release-{name}",
        }
