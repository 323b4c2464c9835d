"""Judges whether the machine can be in time: what it does at a promise's last moment is done a moment after it, and so late.
People may do a step before it is due, and a wait counts from when what it waits for came; neither is looked at here."""

from drumbeat.core.playbook.model import Offset, Routine, Step, rough_minutes
from drumbeat.core.playbook.problems import Findings

PUNCTUAL = ("mail", "report", "webhook")  # done when they are due, not before


def warn_of_late_machine(routine: Routine, findings: Findings) -> None:
    """Warns of steps that keep a promise and would keep it late each time. The steps must be sound."""
    grace = rough_minutes(routine.grace)
    for step in routine.steps:
        if step.kind not in PUNCTUAL:
            continue
        if step.promised and not grace:
            _warn(step, "give the routine a grace, like 2bh", findings)
        elif step.key == routine.promise.kept_by and _after_due(step.due, routine) >= grace:
            _warn(step, "make it due earlier, like -1bd, or give the routine a grace beyond it", findings)


def _warn(step: Step, mend: str, findings: Findings) -> None:
    reason = (
        f"the promise it keeps ends at that moment or before, so this {step.kind} would be late each time"
    )
    findings.warn(f"steps.{step.key}.due", reason, mend)


def _after_due(due: Offset, routine: Routine) -> float:
    """Minutes, near enough, from the routine's due to that moment; long before where only dates will tell."""
    if due.anchor.startswith("step.") and not due.at:
        return _after_due(routine.step(due.anchor.removeprefix("step.")).due, routine) + rough_minutes(due)
    begin = routine.due or Offset("due", 0, "bd", routine.cadence.at)
    if due.anchor == "due":
        return rough_minutes(due) + _later_on_the_day(due, begin)
    if due.anchor == begin.anchor:
        return rough_minutes(due) - rough_minutes(begin) + _later_on_the_day(due, begin)
    return float("-inf")


def _later_on_the_day(due: Offset, begin: Offset) -> float:
    if not due.at or due.at == begin.at:
        return 0
    if not begin.at:
        return float("-inf")
    return 60 * (due.at.hour - begin.at.hour) + due.at.minute - begin.at.minute
