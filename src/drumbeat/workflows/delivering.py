"""Webhook steps: what is told is written down first, then delivered, each once as far as the other side lets us know.

A delivery is begun in a transaction of its own before anything is sent. Whoever dies after that leaves it `sending`; when
the lease is over it is uncertain, as a mail would be, and a person says whether it arrived. Its key goes along, so that a
receiver who has seen it can say so. Steps are locked before deliveries, by everybody.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import transaction

from drumbeat.apps.people.models import Account
from drumbeat.apps.routines.actions import fail_step, finish_step, hand_step, hold_uncertain
from drumbeat.apps.routines.models import Step
from drumbeat.apps.webhooks import actions as hooks_kept
from drumbeat.apps.webhooks.models import Delivery
from drumbeat.apps.webhooks.queries import endpoint_named
from drumbeat.core.refusal import Refused, insist
from drumbeat.core.signing import signature
from drumbeat.integrations.webhooks import LARGEST_PAYLOAD, Call, Declined, Delivered, Hooks, Lost

from .scene import Scene

State = Delivery.State


def write_hook(step: Step, scene: Scene) -> None:
    """The payload as of now, once; the step is handed over until the other side has it."""
    endpoint = endpoint_named(scene.text(step).endpoint or "")
    payload = json.dumps(payload_of(step, scene), ensure_ascii=False, default=str)
    if len(payload.encode()) > LARGEST_PAYLOAD:
        raise Refused("What is to be told is too large for a webhook", "Ask for less in the forms before it.")
    hooks_kept.write_delivery(f"step:{step.pk}", step.pk, endpoint, payload, at=scene.at)
    scene.effects.hand(step, [])


def payload_of(step: Step, scene: Scene) -> dict[str, Any]:
    """What the other side learns: the routine, the subject, the occurrence, what opened it and what was answered."""
    occurrence, playbook = step.occurrence, scene.playbook(step)
    partner, person, event = scene.partner(step), scene.person(step), scene.event(step)
    subject = (
        {"kind": "partner", "key": partner.key, "name": partner.name}
        if partner
        else {"kind": "manager", "email": person.email, "name": person.name}
        if person
        else {}
    )
    return {
        "kind": "step",
        "routine": playbook.key,
        "version": occurrence.version.digest,
        "step": step.playbook_step.key,
        "title": step.playbook_step.title,
        "occurrence": occurrence.pk,
        "nominal_on": occurrence.nominal_on.isoformat(),
        "due_at": occurrence.due_at.isoformat(),
        "at": scene.at.isoformat(),
        "subject": subject,
        "event": {"kind": event.kind, "key": event.subject_key, "at": event.at.isoformat()}
        if event
        else None,
        "told": scene.told(step),
        "answers": scene.answers(step),
    }


def deliver_due(hooks: Hooks | None, *, at: datetime, limit: int = 50) -> int:
    """Tells one chunk; how many. Without hooks all stays queued."""
    if hooks is None:
        return 0
    deliveries = hooks_kept.claim_deliveries(at=at, limit=limit)
    for delivery in deliveries:
        _deliver(delivery, hooks, at)
    return len(deliveries)


def _deliver(delivery: Delivery, hooks: Hooks, at: datetime) -> None:
    if delivery.endpoint.closed_at:
        verdict: Delivered | Declined | Lost = Declined("The endpoint was closed", may_retry=False)
    else:
        verdict = hooks.post(call_of(delivery, at))
    with _telling_step(delivery, at):
        match verdict:
            case Delivered(status):
                hooks_kept.mark_delivered(delivery, status, at=at)
            case Declined(reason, status, may_retry):
                hooks_kept.mark_refused(delivery, reason, status, at=at, may_retry=may_retry)
            case Lost(reason):
                hooks_kept.mark_uncertain(delivery, reason)


def call_of(delivery: Delivery, at: datetime) -> Call:
    """Signed over the moment and the body, as events that come in are."""
    body, timestamp = delivery.payload.encode(), str(int(at.timestamp()))
    if not delivery.endpoint.secret:  # a chat, which knows the caller by the address alone
        return Call(delivery.endpoint.url, body)
    return Call(
        delivery.endpoint.url,
        body,
        {
            **delivery.endpoint.headers,
            "Idempotency-Key": delivery.key,
            "Drumbeat-Timestamp": timestamp,
            "Drumbeat-Signature": signature(delivery.endpoint.secret, timestamp, body),
        },
    )


def expire_deliveries(*, at: datetime) -> int:
    """What workers that are gone left on the wire becomes uncertain, with its steps."""
    left = list(Delivery.objects.left_behind(at))
    for delivery in left:
        with _telling_step(delivery, at):
            hooks_kept.mark_uncertain(delivery, "The worker ended before the answer came")
    return len(left)


def settle_delivery(delivery: Delivery, arrived: bool, *, by: Account, at: datetime) -> None:
    """A person says whether an uncertain one arrived; one that did not, or failed, is sent again under its key."""
    delivery.refresh_from_db()
    insist(
        delivery.state in (State.UNCERTAIN, State.FAILED),
        "Nothing is open about this delivery",
        "Look at it again.",
    )
    with _telling_step(delivery, at, by=by):
        if arrived:
            hooks_kept.mark_delivered(delivery, delivery.status or 200, at=at)
        else:
            hooks_kept.requeue_delivery(delivery, at=at)


@contextmanager
def _telling_step(delivery: Delivery, at: datetime, by: Account | None = None) -> Iterator[None]:
    """One transaction around a change of the delivery and of what follows for its step; a post to a room has none."""
    if delivery.step_id is None:
        with transaction.atomic():
            yield
            if by is not None:
                hooks_kept.note_settlement(delivery, by=by, at=at)
        return
    related = ("occurrence__version", "playbook_step")
    with transaction.atomic():
        step = Step.objects.select_for_update(of=("self",)).select_related(*related).get(pk=delivery.step_id)
        yield
        if by is not None:
            hooks_kept.note_settlement(delivery, by=by, at=at)
        _tell(step, delivery, at)


def _tell(step: Step, delivery: Delivery, at: datetime) -> None:
    if delivery.state == State.DELIVERED:
        finish_step(step, at=at, answer="delivered")
    elif delivery.state == State.UNCERTAIN:
        hold_uncertain(step, delivery.error, at=at)
    elif delivery.state == State.FAILED:
        fail_step(step, delivery.error, at=at, retry=False)
    else:
        hand_step(step, at=at)
