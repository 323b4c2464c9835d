"""Reads and judges the trigger of a routine: which events open it, when the next one counts, what ends it early.

Occurrences are opened elsewhere.
"""

import re
from collections.abc import Mapping

from drumbeat.core.events import KINDS
from drumbeat.core.facts import FactType
from drumbeat.core.playbook import grammar
from drumbeat.core.playbook.model import REENTRIES, Duration, Offset, Routine, Trigger
from drumbeat.core.playbook.outline import Section
from drumbeat.core.playbook.problems import Findings, Unreadable, nearest
from drumbeat.core.subjects import BELONGS, DATE_FIELDS, PERSON, dates_of

TRIGGER_KEYS = ("event", "when", "debounce", "reentry", "exit")
_EVENT = re.compile(r"[a-z_]+\.[a-z_]+")
# Routines that run by a calendar run for whom the house keeps rows of.
CADENCE_SUBJECTS = ("partner", "manager")


def read_trigger(routine: Section, names: Mapping[str, FactType]) -> Trigger:
    """The trigger below the routine's section; what is wrong is in the findings."""
    section = Section.of(routine.nodes["trigger"], routine.findings, "trigger", TRIGGER_KEYS)
    exits, exit_when = _exit(section, names)
    return Trigger(
        events=section.read_one_or_more("event", _event, required=True),
        when=section.read_rule("when", names),
        debounce=section.read("debounce", grammar.duration, Duration(0, "bd")),
        reentry=section.read("reentry", grammar.one_of(REENTRIES), "ignore"),
        exits=exits,
        exit_when=exit_when,
    )


def _event(value: str) -> str:
    if value not in KINDS:
        raise Unreadable(f"there is no event {value!r}", nearest(value, KINDS))
    return value


def _exit(section: Section, names: Mapping[str, FactType]) -> tuple[tuple[str, ...], str | None]:
    """Words of the vocabulary are events; anything else of one value is a rule."""
    node = section.nodes.get("exit")
    if node is None:
        return (), None
    text = str(node.value).strip() if node.id == "scalar" else ""
    if node.id != "scalar" or text in KINDS or (_EVENT.fullmatch(text) and text not in names):
        return section.read_one_or_more("exit", _event), None
    return (), section.read_rule("exit", names)


def check_trigger(routine: Routine, findings: Findings, *, has_cadence: bool) -> None:
    """Adds to the findings what doesn't fit between trigger, cadence, subject and the dates that dues count from."""
    if routine.trigger is None:
        _check_without(routine, findings)
        return
    if has_cadence:
        findings.refuse("trigger", "stands beside a cadence", "keep one of the two")
    if routine.catch_up == "merge":
        findings.refuse("catch_up", "each event is about its own subject", "write late or skip")
    if routine.overlap != "beside":
        findings.refuse("overlap", "a trigger says it by reentry", "write reentry: ignore, restart or beside")
    _check_subject(routine, routine.trigger, findings)
    if routine.due:
        _check_anchor("due", routine.due, routine, findings)
        if routine.due.anchor == "due" or routine.due.anchor.startswith("step."):
            mend = f"count it from opened{_or_dates(routine.subject)}"
            findings.refuse("due", f"can't count from {routine.due.anchor}", mend)
    for step in routine.steps:
        _check_anchor(f"steps.{step.key}.due", step.due, routine, findings)


def _check_without(routine: Routine, findings: Findings) -> None:
    if routine.due is not None:
        findings.refuse("due", "belongs to a trigger, and this routine has a cadence", "leave it out")
    if routine.subject not in CADENCE_SUBJECTS:
        reason = f"a cadence runs for partners or managers, not for a {routine.subject}"
        findings.refuse("subject", reason, "write partner or manager, or give the routine a trigger")
    for step in routine.steps:
        if step.due.anchor in DATE_FIELDS:
            reason = f"only an event tells {step.due.anchor}, and this routine has a cadence"
            findings.refuse(f"steps.{step.key}.due", reason, "count from due or opened")


def _check_subject(routine: Routine, trigger: Trigger, findings: Findings) -> None:
    """The subject is the event's own noun, or whom it belongs to."""
    for event in trigger.events:
        noun = KINDS[event].noun
        owner = "manager" if BELONGS[noun] == PERSON else "partner"
        if routine.subject not in (noun, owner):
            mend = f"write subject: {noun}" + (f" or {owner}" if owner != noun else "")
            findings.refuse("subject", f"{event} is about a {noun}, not a {routine.subject}", mend)


def _check_anchor(path: str, due: Offset, routine: Routine, findings: Findings) -> None:
    if due.anchor == "period_end":
        findings.refuse(path, "an event has no period", f"count it from opened{_or_dates(routine.subject)}")
    if due.anchor in DATE_FIELDS and due.anchor not in dates_of(routine.subject):
        reason = f"a {routine.subject} has no {due.anchor}"
        findings.refuse(path, reason, f"count it from opened{_or_dates(routine.subject)}")


def _or_dates(subject: str) -> str:
    return "".join(f" or {name}" for name in dates_of(subject))
