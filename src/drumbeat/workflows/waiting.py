"""Wait steps: the machine looks whether what is waited for has come, else it looks again, until the time is over.

An answer by mail wakes its step when it is read. What only people hear of (commitments said yes to) is marked by them;
here only its time ends.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from drumbeat.apps.events.queries import told_by
from drumbeat.apps.routines.models import Step
from drumbeat.apps.sales.queries import month_before
from drumbeat.core.planning import moment_after
from drumbeat.core.rules import WAIT_WORDS, compile_rule

from .said import TIMED_OUT
from .scene import Scene

MAIL_ANSWERED = "mail.answered"
LOOK_EVERY = timedelta(hours=1)
Look = Callable[[Step, Scene], datetime | None]


def look_after(step: Step, scene: Scene) -> None:
    """Done when it has come, at the moment it came; timed out when the time is over, unless a promise hangs on it: then
    nothing is done, and the ledger misses it in time."""
    at, ends_at = scene.at, _ends_at(step, scene)
    came_at = _came_at(step, scene)
    if came_at is not None:
        scene.effects.finish(step, done_at=came_at, answer="came")
    elif at < ends_at:
        scene.effects.look_again(step, _next_look(step, scene, ends_at))
    elif step.playbook_step.keeps or step.promise_id:
        scene.effects.look_again(step, at + LOOK_EVERY)
    else:
        scene.effects.finish(step, answer=TIMED_OUT)


def _ends_at(step: Step, scene: Scene) -> datetime:
    timeout, setting = scene.text(step).timeout, scene.setting(step)
    if timeout is None:
        return step.due_at
    return max(step.due_at, moment_after(step.occurrence.opened_at, timeout, setting))


def _next_look(step: Step, scene: Scene, ends_at: datetime) -> datetime:
    """What nobody but a person hears of needs no look before the end."""
    until = scene.text(step).until
    is_watched = until not in WAIT_WORDS or (until in LOOKS and until != MAIL_ANSWERED)
    return min(scene.at + LOOK_EVERY, ends_at) if is_watched else ends_at


def _came_at(step: Step, scene: Scene) -> datetime | None:
    until = scene.text(step).until or ""
    if until in WAIT_WORDS:
        look = LOOKS.get(until)
        return look(step, scene) if look else None
    if not scene.judge(until, step).is_met:
        return None
    return _told_at(until, step, scene) or scene.at


def _told_at(until: str, step: Step, scene: Scene) -> datetime | None:
    """The moment of the event by which the rule came true, where events alone tell."""
    rule, history = compile_rule(until), scene.history(step)
    for count, event in enumerate(history, 1):
        if rule.judge(told_by(history[:count])).is_met:
            return max(event.at, step.occurrence.opened_at)
    return None


def _accepted(step: Step, scene: Scene) -> datetime | None:
    return scene.at if scene.arrivals.is_accepted(scene.meeting(step)) else None


def _file_received(step: Step, scene: Scene) -> datetime | None:
    """The sales file of the month before the one that the occurrence is about."""
    partner = scene.partner(step)
    if partner is None:
        return None
    return scene.arrivals.file_received(partner, month_before(step.occurrence.nominal_on.replace(day=1)))


def _answered(step: Step, scene: Scene) -> datetime | None:
    """A person's answer to a mail that the occurrence sent before."""
    mails = (one for one in scene.siblings(step).values() if one.kind == "mail" and one.due_at <= step.due_at)
    return min((moment for mail in mails if (moment := scene.arrivals.answered_at(mail))), default=None)


LOOKS: Mapping[str, Look] = {
    MAIL_ANSWERED: _answered,
    "meeting.accepted": _accepted,
    "file.received": _file_received,
}
