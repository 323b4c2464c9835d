"""Two routines that events open, followed to their end with the clock turned: a registration, and ninety days of
onboarding."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from drumbeat.apps.events.models import Event
from drumbeat.apps.messages.models import Message
from drumbeat.apps.partners.actions import add_contact, add_partner, assign_manager
from drumbeat.apps.routines.actions import Opinion, complete_step
from drumbeat.apps.routines.models import Occurrence
from drumbeat.integrations.fakes import HeldStorage
from drumbeat.workflows.approving import decide
from drumbeat.workflows.beating import beat
from drumbeat.workflows.filling import fill_in
from drumbeat.workflows.listening import take_posts
from drumbeat.workflows.starting import playbook_named, start_for
from tests.workflows.channel import DAY, HOUR, START, outcome, step_of
from tests.world import build_world

pytestmark = pytest.mark.django_db
AT = START + 6 * HOUR  # Monday, 11:00 in Berlin


def start(*keys: str) -> None:
    for key in keys:
        start_for(playbook_named(key), [], on=START.date(), is_by_hand=False, at=START)


def post(*rows: dict[str, object], at) -> None:
    take_posts("\n".join(map(json.dumps, rows)), source="crm", at=at)


def test_a_registration_is_decided_watched_and_won() -> None:
    world = build_world(at=START)
    start("deal-decision", "deal-watch")
    deal = {"subject": "D-17", "partner": world.bergmann.key}
    told = {"amount": 9000, "customer": "Nordwind", "submitter": world.sven.email}
    post(deal | {"kind": "deal.submitted", "facts": told}, at=AT)
    beat(at=AT, post=None)
    decision = Occurrence.objects.get()
    beat(at=AT + HOUR, post=None)
    assert step_of(decision, "complete").answer == "no"
    assert step_of(decision, "ask").state == "open"
    decide(step_of(decision, "decide"), Opinion("approved"), by=world.alice, at=AT + 2 * HOUR)
    post(deal | {"kind": "deal.approved", "facts": {"protected_until": "2026-08-30"}}, at=AT + 2 * HOUR)
    for hours in (3, 4):
        beat(at=AT + hours * HOUR, post=None)
    assert outcome(decision) == "kept"
    asked, letter = Message.objects.filter(to_address=world.sven.email).order_by("pk")
    assert "Missing fields" in asked.subject and "/forms/" in asked.text
    assert "Nordwind" in letter.subject
    assert "your registration is approved" in letter.text
    watch = Occurrence.objects.get(subscription__routine__key="deal-watch")
    assert f"{watch.due_at:%Y-%m-%d}" == "2026-08-30"
    post(deal | {"kind": "deal.won"}, at=AT + 20 * DAY)
    beat(at=AT + 20 * DAY, post=None)
    assert outcome(watch) == "waived"
    assert Occurrence.objects.count() == 2


def test_ninety_days_of_onboarding() -> None:
    world = build_world(at=START)
    Event.objects.update(is_waiting=False)
    start("partner-onboarding", "partner-at-risk", "contact-welcome")
    values = {"name": "Neuland IT", "type": "var", "country": "DE", "status": "onboarding"}
    neuland = add_partner(values, by=None, at=AT)
    assign_manager(neuland, world.alice, START.date(), by=None, at=AT)
    for name, role in (("Nora Neu", "sales_lead"), ("Paul Neu", "principal")):
        person = {
            "name": name,
            "email": f"{name[:4]}@neuland.example".lower(),
            "roles": [role],
            "joined_on": START.date(),
        }
        add_contact(neuland, person, by=None, at=AT)
    for days in (0, 1, 3, 10, 11, 20, 30, 60, 85, 91):
        at = AT + timedelta(days=days)
        beat(at=at, post=None)
        for step in Occurrence.objects.get(subscription__routine__key="partner-onboarding").steps.filter(
            state="open", is_machine=False, due_at__lte=at + DAY
        ):
            if step.kind == "form":
                told = {"employees": "12", "verticals": ["public"]}
                fill_in(step, told, {}, by=neuland.contacts.earliest("pk"), storage=HeldStorage(), at=at)
                continue
            complete_step(step, by=world.dora, at=at)
    beat(at=AT + 92 * DAY, post=None)
    beat(at=AT + 93 * DAY, post=None)
    onboarding = Occurrence.objects.get(subscription__routine__key="partner-onboarding")
    assert outcome(onboarding) == "kept"
    assert step_of(onboarding, "people").answer in ("opened", "open already")
    assert step_of(onboarding, "risk").answer == "opened"
    risk = Occurrence.objects.get(subscription__routine__key="partner-at-risk")
    assert risk.opened_by == step_of(onboarding, "risk")
    assert Occurrence.objects.filter(subscription__routine__key="contact-welcome").count() >= 2
