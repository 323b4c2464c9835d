"""A step as one line of work: what, for whom, why now, how long, which goal, and what the machine has done."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.urls import reverse

from drumbeat.apps.routines.access import may_do_step
from drumbeat.apps.routines.models import Step, StepSet, StepState
from drumbeat.apps.routines.queries import ComingStep, Item, open_items
from drumbeat.interfaces.kit import times
from drumbeat.interfaces.kit.viewer import Viewer

JUST_NOW = timedelta(minutes=15)  # what has only just come due is not yet scolded


def lines_of_steps(
    steps: StepSet, viewer: Viewer, *, of_partner: bool = False, page: int = 50
) -> list[dict[str, Any]]:
    """Lines for a query of open steps; on the page of one partner its name is left out."""
    return [line_of(item, viewer, of_partner=of_partner) for item in open_items(steps, page)]


def line_of(item: Item, viewer: Viewer, *, of_partner: bool = False) -> dict[str, Any]:
    step = item.step
    is_done = step.state == StepState.DONE
    may_do = may_do_step(viewer.person, step)
    is_theirs = step.side == "partner"
    return {
        "id": f"step-{step.pk}",
        "what": item.title,
        "url": _address(item),
        "who": _who(item, viewer) if not of_partner else ("theirs" if is_theirs else ""),
        "who_url": reverse("partner", args=[item.partner.key]) if item.partner and not of_partner else "",
        "why": why_words(item, viewer),
        "late": "" if is_done else late_words(item, viewer),
        "machine": machine_words(item, viewer),
        "minutes": 0 if is_theirs else item.minutes,
        "goal": item.goals[0] if item.goals else "",
        "done": is_done,
        "done_url": reverse("completion", args=[step.pk]) if may_do else "",
        "done_label": "Received" if is_theirs else "Held" if step.kind == "meeting" else "Done",
        "undo_url": reverse("completion", args=[step.pk])
        if is_done and step.done_by_id == viewer.person.pk
        else "",
        "postpone_url": reverse("postponement", args=[step.pk])
        if may_do and not is_theirs and not step.meeting_id
        else "",
        "waive_url": reverse("asks", args=[item.promise.pk])
        if item.keeps and not item.standing.outcome
        else "",
        "open_label": "Open meeting" if step.meeting_id else "Open",
    }


def line_to_come(step: ComingStep, viewer: Viewer) -> dict[str, Any]:
    """A line that nobody can do yet: it says when it comes on the list."""
    due = times.moment_words(step.due_at, viewer.zone, viewer.today)
    theirs = times.theirs_words(step.due_at, viewer.zone, step.partner.tz if step.partner else None)
    opens = times.short_day(step.opens_at.astimezone(viewer.zone).date(), viewer.today)
    told = [step.promise.rstrip("."), ", ".join(part for part in (f"due {due}", theirs) if part)]
    return {
        "what": step.title,
        "url": reverse("routine", args=[step.routine_key]),
        "who": step.partner.name if step.partner else step.routine,
        "who_url": reverse("partner", args=[step.partner.key]) if step.partner else "",
        "why": " · ".join([*told, f"comes on the list {opens}"]),
        "minutes": step.minutes,
        "goal": step.goals[0] if step.goals else "",
    }


def _address(item: Item) -> str:
    if item.step.meeting_id:
        return reverse("meeting", args=[item.step.meeting_id])
    return reverse("occurrence", args=[item.step.occurrence_id])


def _who(item: Item, viewer: Viewer) -> str:
    """The partner, and on its side whose turn it is; the colleague; on one's own routines, the routine."""
    step, person = item.step, item.step.occurrence.subscription.person
    if item.partner is None:
        return person.name if person and person != viewer.person else item.playbook.title
    if step.side == "partner" and step.role:
        return f"{item.partner.name}, their {step.role.replace('_', ' ')}"
    return item.partner.name


def why_words(item: Item, viewer: Viewer) -> str:
    """The promise behind the step, then when the step is due, with the partner's clock where it differs."""
    promise = (item.promise.text or item.playbook.promise.text).rstrip(".")
    return " · ".join(
        part for part in (promise, _due_words(item, viewer), _moved_words(item.step, viewer)) if part
    )


def _due_words(item: Item, viewer: Viewer) -> str:
    step = item.step
    moment = step.meeting.starts_at if step.meeting else step.due_at
    words = times.moment_words(moment, viewer.zone, viewer.today)
    theirs = times.theirs_words(moment, viewer.zone, item.partner.tz if item.partner else None)
    return ", ".join(part for part in (words if step.meeting else f"due {words}", theirs) if part)


def _moved_words(step: Step, viewer: Viewer) -> str:
    if step.postponed_from is None:
        return ""
    return f"postponed from {times.moment_words(step.postponed_from, viewer.zone, viewer.today)}"


def late_words(item: Item, viewer: Viewer) -> str:
    """Red is what breaks a promise, or is past its own day."""
    if item.keeps and item.standing.outcome is None and item.standing.deadline_at <= viewer.at:
        return f"promise {times.distance_words(viewer.at - item.standing.due_at)} late"
    if item.step.due_at <= viewer.at - JUST_NOW:
        return f"{times.distance_words(viewer.at - item.step.due_at)} over"
    return ""


def machine_words(item: Item, viewer: Viewer) -> str:
    """The last thing that the machine did for the same occurrence."""
    if not item.machine:
        return ""
    deed = item.machine[-1]
    name = deed.playbook_step.title
    if deed.state == StepState.FAILED:
        return f"the machine could not do “{name}”"
    done = "sent" if deed.kind == "mail" else "built"
    day = times.short_day(deed.done_at.astimezone(viewer.zone).date(), viewer.today) if deed.done_at else ""
    return f"“{name}” {done} {day}".rstrip()
