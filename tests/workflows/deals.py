"""A routine that events about deals open, and such events."""

from __future__ import annotations

from datetime import datetime

from drumbeat.apps.events.actions import event_of
from drumbeat.apps.events.models import Event
from drumbeat.apps.partners.models import Partner
from drumbeat.apps.routines.actions import publish_version, start_routine
from drumbeat.apps.routines.models import Occurrence, Reaction
from tests.workflows.channel import HOUR, START

AT = START + 6 * HOUR  # Monday, 11:00 in Berlin


def text_of(trigger: str, *, due: str = "opened+16bh", subject: str = "deal", steps: str = "", key: str = "deal-word",
            audience: str = 'partner.status == "active"', calendar: str = "vendor") -> str:  # fmt: skip
    lines = "\n".join(f"  - {line.strip()}" for line in steps.strip().splitlines())
    return f"""
routine: {key}
title: Deal word
purpose: An answer comes.
subject: {subject}
promise: {{by: vendor, to: partner, text: We answer., kept_by: word}}
owner: channel_manager
goals: [trust]
audience: {audience}
trigger: {{{trigger}}}
due: {due}
calendar: {calendar}
miss_after: 40bh
steps:
  - {{step: word, kind: task, title: Decide, minutes: 8, due: 0}}
{lines}
"""


def live(trigger: str, **more: str) -> None:
    routine = publish_version(text_of(trigger, **more), by=None, at=START).routine
    start_routine(routine, by=None, at=START)


def happen(
    kind: str, key: str = "D-1", *, partner: Partner, at: datetime = AT, noun: str = "", **payload: object
) -> Event:
    noun = noun or kind.partition(".")[0]
    event = event_of(kind, (noun, 0), by_id=None, at=at, partner=partner.pk, **payload)
    event.subject_key = key
    event.save()
    return event


def verdicts(routine: str = "deal-word") -> list[str]:
    return list(
        Reaction.objects.filter(routine__key=routine)
        .order_by("event_id", "pk")
        .values_list("verdict", flat=True)
    )


def occurrences() -> list[Occurrence]:
    return list(Occurrence.objects.order_by("event_id"))
