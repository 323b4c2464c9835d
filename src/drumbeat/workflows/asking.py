"""Forms and approvals: when their time has come somebody is asked, by mail with a signed link, and they stand on a list.

Whom the link reaches is told now, not when the occurrence opened: a role has other people by then.
"""

from __future__ import annotations

from datetime import datetime

from drumbeat.apps.messages.actions import Note
from drumbeat.apps.partners.models import Contact
from drumbeat.apps.people.models import Role
from drumbeat.apps.routines.models import Step
from drumbeat.core.planning import moment_after
from drumbeat.core.playbook import NO_INVITATION, PARTNER_ROLES, Duration

from .keeping import keeper_of
from .recipients import Person, people_for
from .scene import Scene
from .wording import worded

ASKED_BEFORE = Duration(3, "bd")
TEMPLATES = {
    "form": "form-request",
    "approval": "approval-request",
    "again": "form-again",
    "signature": "signature-request",
}


def asks_from(step: Step, scene: Scene) -> datetime:
    """When somebody is asked: so long before it is due, but not before its occurrence opened."""
    ask = scene.text(step).ask
    if step.kind == "approval" and ask is None:
        return step.occurrence.opened_at
    setting, length = scene.setting(step), ask or ASKED_BEFORE
    return max(
        step.occurrence.opened_at, moment_after(step.due_at, Duration(-length.amount, length.unit), setting)
    )


def is_early(step: Step, scene: Scene) -> bool:
    """Only forms and approvals wait to be asked; the machine looks again then."""
    return step.kind in ("form", "approval") and scene.at < asks_from(step, scene)


def ask_form(step: Step, scene: Scene) -> None:
    """A contact gets a mail with the link; a colleague has the form on the list."""
    text = scene.text(step)
    people = people_for([text.by], step, scene) if text.side == "partner" else []
    invitation = text.invitation or TEMPLATES["form"]
    if scene.is_asked_again(step):
        invitation = TEMPLATES["again"]
    notes = [] if invitation == NO_INVITATION else [_note(step, to, invitation, scene) for to in people]
    scene.effects.ask(step, notes)


def ask_approval(step: Step, scene: Scene) -> None:
    """The first approver, or the second pair of eyes. Whoever has no list of steps open all day, and a contact, also gets a
    mail with the link."""
    if step.role in PARTNER_ROLES:
        manager = scene.manager(step)
        step.side, step.assignee = "partner", manager
        people = people_for([step.role], step, scene)
        scene.effects.ask(step, [_note(step, to, TEMPLATES["signature"], scene) for to in people])
        return
    keeper = keeper_of(step.role, step, scene)
    step.role, step.assignee = keeper.role, keeper.person
    asked = keeper.people if keeper.role == Role.DIRECTOR else ()
    scene.effects.ask(step, [_note(step, to, TEMPLATES["approval"], scene) for to in asked])


def _note(step: Step, to: Person, template: str, scene: Scene) -> Note:
    subject, text = worded(template, step, to, scene)
    manager, is_contact = scene.manager(step), isinstance(to, Contact)
    word = "contact" if is_contact else "person"
    return Note(
        key=f"ask:{step.pk}:{scene.ask_round(step)}:{word}:{to.pk}",
        to=to,
        partner=scene.partner(step) or (to.partner if isinstance(to, Contact) else None),
        subject=subject,
        text=text,
        promise=step.promise or (step.occurrence.promise if step.playbook_step.keeps else None),
        purpose=scene.playbook(step).key,
        reply_to=manager.email if manager else "",
    )
