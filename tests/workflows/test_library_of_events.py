"""Every routine of the library that events open is opened by its event and performed for months without a fault."""

from __future__ import annotations

from datetime import timedelta

import pytest

from drumbeat.apps.events.actions import event_of
from drumbeat.apps.events.models import Event
from drumbeat.apps.ledger.models import Standing
from drumbeat.apps.routines.actions import publish_version, start_routine
from drumbeat.apps.routines.models import Occurrence, Step, StepState
from drumbeat.workflows.beating import beat
from tests.workflows.channel import DAY, START, library
from tests.world import World

pytestmark = pytest.mark.django_db
AT = START + 6 * timedelta(hours=1)
HOLDER = "sven@bergmann-systemhaus.example"

# routine: event, subject key, what it tells
CASES = {
    "agreement-renewal": ("agreement.ending", "A-1", {"ends_on": "2026-09-29"}),
    "certification-expiry": ("certification.expiring", "C-1", {"expires_on": "2026-08-30", "holder": HOLDER}),
    "claim-decision": ("claim.submitted", "CL-1", {"amount": 9000, "submitter": HOLDER}),
    "contact-left": ("contact.left", "", {}),
    "contact-welcome": ("contact.joined", "", {}),
    "deal-decision": (
        "deal.submitted", "D-1",
        {"amount": 9000, "customer": "Nordwind", "approved": True, "protected_until": "2026-08-30", "submitter": HOLDER},
    ),
    "deal-watch": ("deal.approved", "D-1", {"protected_until": "2026-08-30", "submitter": HOLDER}),
    "dormant-reactivation": ("partner.dormant", "", {}),
    "joint-plan": ("partner.tier_changed", "", {"before": "silver", "after": "gold"}),
    "lead-followup": ("lead.assigned", "L-1", {}),
    "leave-cover": ("leave.approved", "LV-1", {"starts_on": "2026-06-22", "ends_on": "2026-07-03"}),
    "mail-complaint": ("contact.complained", "", {}),
    "partner-at-risk": ("partner.at_risk", "", {}),
    "partner-onboarding": ("partner.joined", "", {}),
    "product-briefing": ("product.released", "polaris-7", {"released_on": "2026-07-15"}),
    "territory-handover": ("manager.changed", "", {"before": 1, "after": 2}),
    "win-loss-note": ("deal.won", "D-1", {"amount": 20000, "submitter": HOLDER}),
}  # fmt: skip


def happened(kind: str, key: str, told: dict[str, object], world: World) -> None:
    noun = "partner" if kind == "manager.changed" else kind.partition(".")[0]
    ids = {"partner": world.bergmann.pk, "contact": world.sven.pk}
    event = event_of(kind, (noun, ids.get(noun, 0)), by_id=None, at=AT, **told)
    event.subject_key = key
    event.partner_id = None if noun in ("leave", "product") else world.bergmann.pk
    event.person_id = world.alice.pk if noun == "leave" else None
    event.save()


@pytest.mark.parametrize("key", CASES)
def test_it_is_opened_by_its_event_and_performed_without_a_fault(world: World, key: str) -> None:
    Event.objects.update(is_waiting=False)
    for name in {key, "contact-welcome", "deal-watch", "partner-at-risk"}:
        start_routine(publish_version(library(name), by=None, at=START).routine, by=None, at=START)
    if key == "partner-onboarding":
        type(world.bergmann).objects.filter(pk=world.bergmann.pk).update(status="onboarding")
    happened(*CASES[key], world)
    for days in (0, 0.2, 1, 2, 3, 5, 8, 11, 15, 22, 31, 46, 61, 75, 92, 120):
        beat(at=AT + days * DAY, post=None)
    own = Occurrence.objects.filter(subscription__routine__key=key)
    assert own.count() == (3 if key == "product-briefing" else 1)
    steps = Step.objects.filter(occurrence__subscription__routine__key=key)
    assert not {step.error for step in Step.objects.exclude(error="")}
    ready = steps.filter(is_machine=True, state=StepState.OPEN, playbook_step__needs=[])
    assert not ready.filter(starts_at__lte=AT + 90 * DAY).exists()
    assert not Standing.objects.filter(outcome=None, rests_from=None, miss_at__lte=AT + 120 * DAY).exists()
