"""A step as one line of work: what, for whom, why now, how long, which goal, and what the machine has done."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from drumbeat.apps.routines.access import may_do_step
from drumbeat.apps.routines.models import StepState
from drumbeat.apps.routines.queries import ComingStep, Item
from drumbeat.interfaces.kit import times
from drumbeat.interfaces.kit.addresses import address
from drumbeat.interfaces.kit.viewer import Viewer

JUST_NOW = timedelta(minutes=15)  # what has only just come due is not yet scolded


def line_of(item: Item, viewer: Viewer, *, of_partner: bool = False) -> dict[str, Any]:
    """On the page of one partner its name is left out."""
    is_done = item.state == StepState.DONE
    may_do = may_do_step(viewer.person, item)
    is_theirs = item.side == "partner"
    completion = address("completion", item.step_id)
    return {
        "id": f"step-{item.step_id}",
        "what": item.title,
        "url": _address(item),
        "who": _who(item, viewer) if not of_partner else ("theirs" if is_theirs else ""),
        "who_url": address("partner", item.partner.key) if item.partner and not of_partner else "",
        "why": why_words(item, viewer),
        "late": "" if is_done else late_words(item, viewer),
        "machine": machine_words(item, viewer),
        "minutes": 0 if is_theirs else item.minutes,
        "goal": item.goals[0] if item.goals else "",
        "done": is_done,
        **_doing(item, completion if may_do else ""),
        "undo_url": completion if is_done and item.done_by_id == viewer.person.pk else "",
        "postpone_url": address("postponement", item.step_id)
        if may_do and not is_theirs and not item.meeting_id
        else "",
        "waive_url": address("asks", item.promise.promise_id)
        if item.keeps and not item.promise.outcome
        else "",
        "open_label": "Fill in" if item.kind == "form" else "Open meeting" if item.meeting_id else "Open",
    }


def _doing(item: Item, completion: str) -> dict[str, str]:
    """How a line is done: ticked off, decided, or, a form, not from the list."""
    told = {"done_url": completion, "outcome": "", "reason_url": "", "done_label": "Done"}
    if item.kind == "meeting":
        return told | {"done_label": "Held"}
    if item.kind == "form":
        return told | {"done_url": ""}
    if item.kind == "approval":
        decision = address("step_decision", item.step_id) if completion and item.side == "vendor" else ""
        return told | {
            "done_url": decision,
            "reason_url": decision,
            "outcome": "approved",
            "done_label": "Approve",
        }
    return told | {"done_label": "Received" if item.side == "partner" else "Done"}


def line_to_come(step: ComingStep, viewer: Viewer) -> dict[str, Any]:
    """A line that nobody can do yet: it says when it comes on the list."""
    due = times.moment_words(step.due_at, viewer.zone, viewer.today)
    theirs = times.theirs_words(step.due_at, viewer.zone, step.partner.tz if step.partner else None)
    opens = times.short_day(step.opens_at.astimezone(viewer.zone).date(), viewer.today)
    told = [step.promise.rstrip("."), ", ".join(part for part in (f"due {due}", theirs) if part)]
    return {
        "what": step.title,
        "url": address("routine", step.routine_key),
        "who": step.partner.name if step.partner else step.routine,
        "who_url": address("partner", step.partner.key) if step.partner else "",
        "why": " · ".join([*told, f"comes on the list {opens}"]),
        "minutes": step.minutes,
        "goal": step.goals[0] if step.goals else "",
    }


def _address(item: Item) -> str:
    if item.meeting_id:
        return address("meeting", item.meeting_id)
    if item.kind == "form":
        return address("step_answer", item.step_id)
    return address("occurrence", item.occurrence_id)


def _who(item: Item, viewer: Viewer) -> str:
    """The partner, and on its side whose turn it is; the colleague; on one's own routines, the routine."""
    if item.partner is None:
        is_other = item.person_id not in (None, viewer.person.pk)
        return item.person if is_other else item.playbook.title
    if item.side == "partner" and item.role:
        return f"{item.partner.name}, their {item.role.replace('_', ' ')}"
    return item.partner.name


def why_words(item: Item, viewer: Viewer) -> str:
    """The promise behind the step, then when the step is due, with the partner's clock where it differs."""
    promise = (item.promise.text or item.playbook.promise.text).rstrip(".")
    return " · ".join(
        part
        for part in (
            promise,
            _due_words(item, viewer),
            _moved_words(item, viewer),
            _cover_words(item, viewer),
        )
        if part
    )


def _cover_words(item: Item, viewer: Viewer) -> str:
    if item.covers_until is None:
        return ""
    return f"for {item.covers_for} (on leave until {times.short_day(item.covers_until, viewer.today)})"


def _due_words(item: Item, viewer: Viewer) -> str:
    moment = item.meets_at or item.due_at
    words = times.moment_words(moment, viewer.zone, viewer.today)
    theirs = times.theirs_words(moment, viewer.zone, item.partner.tz if item.partner else None)
    return ", ".join(part for part in (words if item.meets_at else f"due {words}", theirs) if part)


def _moved_words(item: Item, viewer: Viewer) -> str:
    if item.postponed_from is None:
        return ""
    return f"postponed from {times.moment_words(item.postponed_from, viewer.zone, viewer.today)}"


def late_words(item: Item, viewer: Viewer) -> str:
    """Red is what breaks a promise, or is past its own day."""
    debt = item.promise
    if debt.rests_from and debt.outcome is None:
        return ""
    if item.keeps and debt.outcome is None and debt.deadline_at <= viewer.at:
        return f"promise {times.distance_words(viewer.at - debt.due_at)} late"
    if item.due_at <= viewer.at - JUST_NOW:
        return f"{times.distance_words(viewer.at - item.due_at)} over"
    return ""


def machine_words(item: Item, viewer: Viewer) -> str:
    """The last thing that the machine did for the same occurrence."""
    deed = item.machine
    if deed is None:
        return ""
    if deed.state == StepState.FAILED:
        return f"the machine could not do “{deed.title}”"
    done = "sent" if deed.kind == "mail" else "built"
    day = times.short_day(deed.done_at.astimezone(viewer.zone).date(), viewer.today) if deed.done_at else ""
    return f"“{deed.title}” {done} {day}".rstrip()
