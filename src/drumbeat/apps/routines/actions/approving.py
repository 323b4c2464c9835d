"""Approvals: an opinion is given, a second pair of eyes is asked where the rule wants it, or it is sent back to its writers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from drumbeat.apps.events.models import Event
from drumbeat.apps.partners.models import Contact
from drumbeat.apps.people.models import Account
from drumbeat.apps.routines.access import may_do_step
from drumbeat.apps.routines.models import SETTLED_STATES, Decision, Step, StepState
from drumbeat.core.reasonlists import ReasonList
from drumbeat.core.refusal import Refused, insist

from .doing import locked, record_done

Outcome = Decision.Outcome
WRITERS = ("task", "form")  # kinds that can be asked for again


@dataclass(frozen=True, slots=True)
class Opinion:
    """What somebody says: the outcome, the code of a reason and a note in words."""

    outcome: str
    reason: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Terms:
    """What the playbook says of this approval, as of now: its reasons, and the role of the second pair of eyes where one is
    wanted; `approvers` are the roles that may decide first. `inputs` are kept with the decision."""

    approvers: tuple[str, ...]
    reasons: ReasonList | None
    second: tuple[str, ...]
    inputs: Mapping[str, Any]


@transaction.atomic
def give_opinion(
    step: Step, opinion: Opinion, terms: Terms, *, by: Account | Contact, at: datetime
) -> Decision:
    """Kept with reason, note, inputs and moment; with the last one the step is done. The same person saying the same again
    gets the decision that stands. Raises Refused."""
    step = locked(step)
    standing = list(step.decisions.filter(set_aside_at=None).select_related("person", "contact"))
    if repeated := _repeated(standing, opinion, by):
        return repeated
    place = len(standing) + 1
    _refuse_unless_open(step, standing)
    _refuse_unless_entitled(step, place, standing, terms, by)
    reason = _checked_reason(opinion, terms.reasons)
    decision = Decision.objects.create(
        step=step,
        place=place,
        outcome=opinion.outcome,
        reason=reason,
        note=opinion.note.strip()[:2000],
        person=by if isinstance(by, Account) else None,
        contact=by if isinstance(by, Contact) else None,
        decided_at=at,
        inputs=dict(terms.inputs),
    )
    _follow(step, decision, terms, at)
    return decision


def _repeated(standing: list[Decision], opinion: Opinion, by: Account | Contact) -> Decision | None:
    """Told twice is told once: a second click, a second tab."""
    for decision in standing:
        who = decision.contact if isinstance(by, Contact) else decision.person
        if who == by and decision.outcome == opinion.outcome:
            return decision
    return None


def _refuse_unless_open(step: Step, standing: list[Decision]) -> None:
    if step.state == StepState.DONE:
        last = standing[-1] if standing else None
        raise Refused(
            f"{last.who if last else 'Somebody'} has decided this already: {step.answer}", "Look at it again."
        )
    if step.state != StepState.OPEN:
        raise Refused("This decision's time is over", "The next occurrence brings a new one.")
    waiting = [other.playbook_step.title for other in _needed(step) if other.state not in SETTLED_STATES]
    if waiting:
        raise Refused(f"“{waiting[0]}” is not done yet", "Decide when it is there.")


def _refuse_unless_entitled(
    step: Step, place: int, standing: list[Decision], terms: Terms, by: Account | Contact
) -> None:
    if isinstance(by, Contact):
        insist(
            place == 2 and step.side == "partner", "This is not yours to decide", "Ask who sent you the link."
        )
        return
    insist(step.side == "vendor", "The partner's side signs now", "Wait for the signature, or remind them.")
    is_other_approver = place == 1 and by.role in terms.approvers and by.role != step.role
    is_meant = may_do_step(by, step) or is_other_approver
    insist(
        is_meant, "This decision is somebody else's", f"Ask the {step.role.replace('_', ' ')} or a director."
    )
    insist(
        by.pk not in {decision.person_id for decision in standing},
        "You have given your opinion; the second one is somebody else's", "Ask a colleague.",
    )  # fmt: skip
    insist(
        by.pk not in _requesters(step),
        "You prepared or asked for what is to be decided", "Somebody else decides; a director may.",
    )  # fmt: skip


def _requesters(step: Step) -> set[int | None]:
    """Who did what is to be decided, or posted what it is about."""
    own_work: set[int | None] = {
        other.done_by_id
        for other in _needed(step)
        if other.done_by_id and (other.kind == "task" or other.side == "vendor")
    }
    event = step.occurrence.event_id
    posted = (
        set(Event.objects.filter(pk=event).exclude(by_id=None).values_list("by_id", flat=True))
        if event
        else set()
    )
    return own_work | posted


def _checked_reason(opinion: Opinion, listed: ReasonList | None) -> str:
    if opinion.outcome not in Outcome.values:
        raise Refused("Say what you decide", "Approve, decline or send back.", field="outcome")
    is_yes = opinion.outcome == Outcome.APPROVED
    known = (listed.approve if is_yes else listed.decline) if listed else {}
    if opinion.reason and opinion.reason not in known:
        raise Refused("This reason is not on the list", "Choose one of it.", field="reason")
    if known and not opinion.reason:
        raise Refused("A reason is missing", "Choose one; it is told along.", field="reason")
    if not is_yes and not known and not opinion.note.strip():
        raise Refused("A word is missing", "Write why: it is told along.", field="note")
    return opinion.reason


def _follow(step: Step, decision: Decision, terms: Terms, at: datetime) -> None:
    if decision.outcome == Outcome.SENT_BACK:
        _send_back(step, at)
    elif decision.outcome == Outcome.APPROVED and decision.place == 1 and terms.second:
        step.role, step.assignee, step.is_machine = terms.second[0], None, True
        step.attempts, step.next_attempt_at = 0, None
        step.save()
    else:
        record_done(step, by=decision.person, at=at, answer=decision.outcome)


def _send_back(step: Step, at: datetime) -> None:
    """What was to be decided is asked for again; opinions so far no longer count."""
    writers = [other for other in _needed(step) if other.kind in WRITERS and other.state == StepState.DONE]
    insist(bool(writers), "Nobody wrote this, so it can't go back", "Approve or decline it.", "outcome")
    step.decisions.filter(set_aside_at=None).update(set_aside_at=at)
    for other in writers:
        other.state, other.answer, other.done_at, other.done_by = StepState.OPEN, "", None, None
        other.is_machine = other.kind == "form"
        other.attempts, other.next_attempt_at, other.lease_until, other.recorded_at = 0, None, None, at
        other.save()
    first = step.playbook_step.by
    if step.role != first:
        step.role, step.side, step.assignee = first, step.playbook_step.side, None
    step.is_machine, step.attempts, step.next_attempt_at, step.recorded_at = True, 0, None, at
    step.save()


def _needed(step: Step) -> list[Step]:
    """The steps that it needs, by key."""
    needed = Step.objects.filter(
        occurrence=step.occurrence_id, playbook_step__key__in=step.playbook_step.needs
    )
    return list(needed.select_related("playbook_step").order_by("pk"))
