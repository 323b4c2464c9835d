"""Judges whether the parts of a routine fit together. Single values were read before; cadence and steps are judged next door."""

from drumbeat.core.playbook.enclosures import check_enclosures
from drumbeat.core.playbook.lateness import warn_of_late_machine
from drumbeat.core.playbook.model import EVENT_PEOPLE, PARTNER_ROLES, Offset, Routine, Step, rough_minutes
from drumbeat.core.playbook.problems import Findings, nearest
from drumbeat.core.playbook.sequence import check_steps
from drumbeat.core.playbook.timing import check_cadence


def check_routine(routine: Routine, findings: Findings) -> None:
    """Adds to the findings whatever contradicts itself. A check keeps still about parts that are wrong already."""
    _check_promise(routine, findings)
    _check_subject(routine, findings)
    _check_lengths(routine, findings)
    if not routine.trigger:
        check_cadence(routine.cadence, findings)
    _check_people(routine, findings)
    if not routine.goals and findings.is_sound("goals"):
        findings.warn("goals", "serves no goal", "name one, or ask whether the routine is needed")
    if findings.is_sound("steps"):
        check_steps(routine.steps, findings)
        check_enclosures(routine, findings)
    if findings.is_sound("steps", "grace", "due", "cadence.at"):
        warn_of_late_machine(routine, findings)


def step_that_keeps(steps: tuple[Step, ...], findings: Findings) -> str:
    """The key of the one step due at 0, which keeps the promise when the text names none."""
    due_now = [step.key for step in steps if step.due == Offset("due", 0, "bd")]
    if len(due_now) != 1 and findings.is_sound("steps"):
        found = f"{len(due_now)} steps are due at 0" if due_now else "no step is due at 0"
        findings.refuse("promise.kept_by", f"is missing, and {found}", "name the step that keeps the promise")
    return due_now[0] if len(due_now) == 1 else ""


def _check_promise(routine: Routine, findings: Findings) -> None:
    promise = routine.promise
    if promise.by == promise.to and promise.by in ("vendor", "partner"):
        findings.refuse(
            "promise.to", f"{promise.to} owes itself", "name the other side, or team inside the vendor"
        )
    if (promise.by == "team") != (promise.to == "team"):
        findings.refuse(
            "promise.to", "a promise inside the team has no other side", "write by: team and to: team"
        )
    if not findings.is_sound("promise.kept_by", "steps"):
        return
    kept_by = next((step for step in routine.steps if step.key == promise.kept_by), None)
    if kept_by is None:
        findings.refuse(
            "promise.kept_by",
            f"there is no step {promise.kept_by!r}",
            nearest(promise.kept_by, [step.key for step in routine.steps]),
        )
    elif kept_by.kind in ("branch", "subroutine"):
        reason = f"a {kept_by.kind} keeps no promise"
        findings.refuse("promise.kept_by", reason, "name the step that does the promised thing")


def _check_subject(routine: Routine, findings: Findings) -> None:
    if not routine.is_of_person:
        return
    if routine.cadence.zone == "partner" and not routine.trigger:
        findings.refuse(
            "cadence.zone", "a manager's routine has no partner's zone", "write manager or vendor"
        )
    if routine.calendar in ("partner", "both"):
        findings.refuse(
            "calendar", "a manager's routine has no partner's calendar", "write manager or vendor"
        )
    for step in routine.steps:
        second = step.second.approvers if step.second else ()
        for word, words in (
            ("by", (step.by,)),
            ("to", step.to),
            ("attendees", step.attendees),
            ("second", second),
        ):
            if set(words) & set(PARTNER_ROLES):
                key, mend = f"steps.{step.key}.{word}", "use a staff role, or partner_contacts in to"
                findings.refuse(key, "a manager's routine has no single partner", mend)


def _check_lengths(routine: Routine, findings: Findings) -> None:
    if routine.miss_after and rough_minutes(routine.grace) > rough_minutes(routine.miss_after):
        reason = f"late becomes missed after {routine.miss_after}, before the grace of {routine.grace} ends"
        findings.refuse("miss_after", reason, "make it longer than the grace")


def _check_people(routine: Routine, findings: Findings) -> None:
    for step in routine.steps if not routine.trigger else ():
        for word, words in (("to", step.to), ("by", (step.by,))):
            if named := sorted(set(words) & set(EVENT_PEOPLE)):
                reason = f"only an event names a {named[0]}"
                findings.refuse(
                    f"steps.{step.key}.{word}", reason, "name roles, or give the routine a trigger"
                )
    has_meeting = any(step.kind == "meeting" for step in routine.steps)
    for step in routine.steps:
        if "attendees" in step.to and not has_meeting:
            findings.refuse(
                f"steps.{step.key}.to", "there is no meeting with attendees", "name roles, or add a meeting"
            )
        sides = {"partner" if role in PARTNER_ROLES else "vendor" for role in step.attendees}
        if not routine.is_of_person and len(sides) == 1:
            findings.refuse(
                f"steps.{step.key}.attendees", "only one side attends", "add a role of the other side"
            )
