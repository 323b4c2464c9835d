"""Judges whether the parts of a routine fit together. Single values were read before; texts and lines are not its business."""

from itertools import combinations

from drumbeat.core.playbook.model import PARTNER_ROLES, Cadence, Duration, Offset, Pause, Routine, Step
from drumbeat.core.playbook.problems import Findings, nearest

# Only to compare lengths of different units with each other: a working day stands for a day, 8 business hours for it.
_ROUGH_MINUTES = {"min": 1, "h": 60, "bh": 180, "d": 1440, "bd": 1440, "w": 10080}


def check_routine(routine: Routine, findings: Findings) -> None:
    """Adds to the findings whatever contradicts itself. A check keeps still about parts that are wrong already."""
    _check_promise(routine, findings)
    _check_subject(routine, findings)
    _check_lengths(routine, findings)
    _check_cadence(routine.cadence, findings)
    _check_people(routine, findings)
    if not routine.goals and findings.is_sound("goals"):
        findings.warn("goals", "serves no goal", "name one, or ask whether the routine is needed")
    if findings.is_sound("steps"):
        _check_steps(routine.steps, findings)


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
            nearest(promise.kept_by, _keys(routine.steps)),
        )
    elif kept_by.kind == "branch":
        findings.refuse(
            "promise.kept_by", "a branch keeps no promise", "name the step that does the promised thing"
        )


def _check_subject(routine: Routine, findings: Findings) -> None:
    if routine.subject != "manager":
        return
    if routine.cadence.zone == "partner":
        findings.refuse(
            "cadence.zone", "a manager's routine has no partner's zone", "write manager or vendor"
        )
    if routine.calendar in ("partner", "both"):
        findings.refuse(
            "calendar", "a manager's routine has no partner's calendar", "write manager or vendor"
        )
    for step in routine.steps:
        for word, words in (("by", (step.by,)), ("to", step.to), ("attendees", step.attendees)):
            if set(words) & set(PARTNER_ROLES):
                key, mend = f"steps.{step.key}.{word}", "use a staff role, or partner_contacts in to"
                findings.refuse(key, "a manager's routine has no single partner", mend)


def _check_lengths(routine: Routine, findings: Findings) -> None:
    if routine.miss_after and _rough(routine.grace) > _rough(routine.miss_after):
        reason = f"late becomes missed after {routine.miss_after}, before the grace of {routine.grace} ends"
        findings.refuse("miss_after", reason, "make it longer than the grace")


def _check_cadence(cadence: Cadence, findings: Findings) -> None:
    if cadence.starts_on and cadence.ends_on and cadence.ends_on < cadence.starts_on:
        findings.refuse("cadence.ends_on", "ends before it starts", "put the later day here")
    if any(_overlap(one, other) for one, other in combinations(cadence.pause, 2)):
        findings.refuse("cadence.pause", "two pauses overlap", "join them into one")
    if sum(_days(pause) for pause in cadence.pause if pause.yearly) >= 366:
        findings.refuse("cadence.pause", "the whole year is paused", "leave days on which the routine runs")


def _overlap(one: Pause, other: Pause) -> bool:
    if one.yearly != other.yearly:
        return False
    return any(one.covers(day) for day in (other.first, other.last)) or other.covers(one.first)


def _days(pause: Pause) -> int:
    return (pause.last - pause.first).days % 366 + 1


def _check_people(routine: Routine, findings: Findings) -> None:
    has_meeting = any(step.kind == "meeting" for step in routine.steps)
    for step in routine.steps:
        if "attendees" in step.to and not has_meeting:
            findings.refuse(
                f"steps.{step.key}.to", "there is no meeting with attendees", "name roles, or add a meeting"
            )
        sides = {"partner" if role in PARTNER_ROLES else "vendor" for role in step.attendees}
        if routine.subject == "partner" and len(sides) == 1:
            findings.refuse(
                f"steps.{step.key}.attendees", "only one side attends", "add a role of the other side"
            )


def _check_steps(steps: tuple[Step, ...], findings: Findings) -> None:
    by_key = {step.key: step for step in steps}
    _check_keys(steps, findings)
    for step in steps:
        _check_references(step, by_key, findings)
        _check_order(step, by_key, findings)
    if findings.is_sound("steps"):
        _check_cycles(by_key, findings)
        _warn_of_machine_promises(by_key, findings)


def _check_keys(steps: tuple[Step, ...], findings: Findings) -> None:
    keys = _keys(steps)
    for key in {key for key in keys if keys.count(key) > 1}:
        findings.refuse(f"steps.{key}", "two steps have this key", "give each its own")


def _check_references(step: Step, by_key: dict[str, Step], findings: Findings) -> None:
    path = f"steps.{step.key}"
    for word, keys in (("needs", step.needs), ("otherwise", step.otherwise), ("attach", step.attach)):
        for key in keys:
            others = [other for other in by_key if other != step.key]
            if key not in others:
                reason = "names itself" if key == step.key else f"there is no step {key!r}"
                findings.refuse(f"{path}.{word}", reason, nearest(key, others))
    for key in step.attach:
        if key in by_key and by_key[key].kind != "report":
            findings.refuse(f"{path}.attach", f"{key} is no report", "attach steps of kind report")
    anchor = step.due.anchor.removeprefix("step.")
    if anchor not in ("due", "opened", *by_key):
        findings.refuse(f"{path}.due", f"there is no step {anchor!r}", nearest(anchor, by_key))
    if step.due.anchor == "opened" and step.due.amount < 0:
        findings.refuse(f"{path}.due", "lies before the occurrence opens", "write opened or opened+1bd")


def _check_order(step: Step, by_key: dict[str, Step], findings: Findings) -> None:
    for key in step.needs + step.attach:
        other = by_key.get(key)
        if other and other.due.anchor == step.due.anchor and _rough(other.due) > _rough(step.due):
            findings.warn(
                f"steps.{step.key}.needs",
                f"{key} is due later than this",
                "make one earlier or the other later",
            )


def _check_cycles(by_key: dict[str, Step], findings: Findings) -> None:
    """A step that waits for itself through others, by what it needs or by the step it is due from."""
    for step in by_key.values():
        if step.key in _before(step.key, by_key):
            findings.refuse(
                f"steps.{step.key}.needs",
                "waits for itself through other steps",
                "take one of the needs away",
            )
            return


def _before(key: str, by_key: dict[str, Step]) -> set[str]:
    """The steps that have to come before this one, near and far."""
    seen: set[str] = set()
    todo = _directly_before(by_key[key])
    while todo:
        other = todo.pop()
        if other not in seen:
            seen.add(other)
            todo |= _directly_before(by_key[other])
    return seen


def _directly_before(step: Step) -> set[str]:
    anchors = {step.due.anchor.removeprefix("step.")} if step.due.anchor.startswith("step.") else set()
    return {*step.needs, *step.attach, *anchors}


def _warn_of_machine_promises(by_key: dict[str, Step], findings: Findings) -> None:
    for step in by_key.values():
        chain = [step, *(by_key[key] for key in _before(step.key, by_key))]
        if step.promised and all(link.is_by_machine for link in chain):
            reason = "a machine alone keeps this promise"
            findings.warn(
                f"steps.{step.key}.promised",
                reason,
                "promise what a person does, or let it need a person's step",
            )


def _keys(steps: tuple[Step, ...]) -> list[str]:
    return [step.key for step in steps]


def _rough(length: Duration | Offset) -> int:
    return length.amount * _ROUGH_MINUTES[length.unit]
