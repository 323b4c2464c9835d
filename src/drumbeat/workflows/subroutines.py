"""Subroutine steps: another routine is opened for the same subject; done when it is, or with `wait` when it closes."""

from __future__ import annotations

from datetime import timedelta

from drumbeat.apps.events.models import Event
from drumbeat.apps.events.queries import dates_in
from drumbeat.apps.routines.actions.triggered import Owner, Planned, plan_triggered
from drumbeat.apps.routines.models import Moment, Occurrence, Routine, Step
from drumbeat.core.planning import DateMissing, Opening, triggered_moment
from drumbeat.core.refusal import Refused

from .listeners import Listener, listener_of
from .scene import Scene

LOOK_EVERY = timedelta(hours=1)


def open_subroutine(step: Step, scene: Scene) -> None:
    """Opens it once, whatever is tried again. Raises Refused when the routine is not live or a day is missing."""
    text = scene.text(step)
    child = Occurrence.objects.filter(opened_by=step).first()
    if child is None and not Moment.objects.filter(opened_by_id=step.pk).exists():
        listener = _listener(text.routine or "")
        if _is_open_already(listener, step, scene):
            scene.effects.finish(step, answer="open already")
            return
        plan_triggered([_planned(listener, step, scene)], on=scene.on)
    if not text.waits:
        scene.effects.finish(step, answer="opened")
    elif child and child.closed_at:
        scene.effects.finish(step, done_at=child.closed_at, answer="closed")
    else:
        scene.effects.look_again(step, scene.at + LOOK_EVERY)


def _listener(key: str) -> Listener:
    live = Routine.objects.filter(key=key, status=Routine.Status.LIVE).select_related("version").first()
    listener = listener_of(live) if live else None
    if listener is None:
        raise Refused(f"The routine {key!r} is not live", f"Start it: drumbeat routines start {key}.")
    return listener


def _owner(step: Step) -> Owner:
    subscription = step.occurrence.subscription
    if subscription.partner_id:
        return "partner", subscription.partner_id
    return "person", subscription.person_id or 0


def _is_open_already(listener: Listener, step: Step, scene: Scene) -> bool:
    """Of a routine that ignores a second opening: is one open in the same matter, whatever opened it?"""
    if listener.trigger.reentry != "ignore":
        return False
    word, pk = _owner(step)
    found = Occurrence.objects.open().filter(
        **{f"subscription__{word}": pk}, subscription__routine=listener.routine
    )
    event = scene.event(step)
    if event is None:
        return found.exists()
    events = Event.objects.in_bulk(list(found.exclude(event_id=0).values_list("event_id", flat=True)))
    matter = listener.matter(event, _owner(step))
    return any(listener.matter(other, _owner(step)) == matter for other in events.values())


def _planned(listener: Listener, step: Step, scene: Scene) -> Planned:
    playbook, at = listener.playbook, scene.at
    opening = Opening(step.occurrence.version.routine.key, at, dates_in(scene.told(step)))
    try:
        wanted = triggered_moment(playbook, scene.setting_of(playbook, step), opening)
    except DateMissing as missing:
        raise Refused(
            f"{playbook.title} can't be opened: {missing}", "Post an event that tells it."
        ) from None
    return Planned(
        listener.routine, listener.version, _owner(step), step.occurrence.event_id, wanted, opened_by=step
    )
