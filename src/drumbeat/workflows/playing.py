"""Steps as a simulation counts them: minutes of the manager, who reads a mail, who comes to a meeting, and who was agreed to
instead. When they fall due is not its business."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from drumbeat.apps.routines.models import Override
from drumbeat.core.arrays import day_number
from drumbeat.core.playbook import Routine as Playbook
from drumbeat.core.playbook import Step
from drumbeat.core.simulation import Apart, Part, Window
from drumbeat.workflows.castlist import Cast


def parts_of(playbook: Playbook, cast: Cast) -> tuple[Part, ...]:
    """Steps behind a condition count in full: what may come."""
    return tuple(_part(step, playbook, cast) for step in playbook.steps)


def _part(step: Step, playbook: Playbook, cast: Cast) -> Part:
    people = cast.readers(_words(step, playbook), of_person=playbook.is_of_person)
    return Part(
        title=step.title,
        minutes=step.minutes if step.by == "channel_manager" and not step.is_by_machine else 0,
        readers=people if step.kind == "mail" else None,
        meets=step.minutes if step.kind == "meeting" else 0,
        guests=people if step.kind == "meeting" else None,
    )


def other_people(subscriptions: Iterable[int], window: Window) -> dict[int, list[Override]]:
    """Other attendees or recipients that were agreed for the window, by subscription."""
    found: dict[int, list[Override]] = defaultdict(list)
    agreed = Override.objects.not_over(window.from_on).filter(kind=Override.Kind.PEOPLE)
    for row in agreed.filter(subscription__in=list(subscriptions), from_on__lt=window.until_on):
        found[row.subscription_id].append(row)
    return found


def apart_of(agreed: Override, playbook: Playbook, subject: int, window: Window, cast: Cast) -> Apart:
    """What was agreed for a subject (its number) holds for all mails of the routine and all its meetings."""
    return Apart(
        first=day_number(agreed.from_on),
        last=day_number(agreed.until_on or window.until_on),
        contacts=tuple(
            cast.meant(_words(step, playbook, agreed), subject, of_person=playbook.is_of_person)
            for step in playbook.steps
        ),
    )


def _words(step: Step, playbook: Playbook, agreed: Override | None = None) -> Sequence[str]:
    """Whom a step means; who came to the meeting are those it was meant for."""
    guests = (agreed and agreed.attendees) or [word for one in playbook.steps for word in one.attendees]
    if step.kind == "meeting":
        return (agreed and agreed.attendees) or step.attendees
    to = ((agreed and agreed.recipients) or step.to) if step.kind == "mail" else ()
    return [each for word in to for each in (guests if word == "attendees" else [word])]
