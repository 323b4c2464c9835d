"""Judges whether steps fit together: the steps they name, order and circles. What the steps do is not its business."""

from drumbeat.core.playbook.model import ANCHORS, Step, rough_minutes
from drumbeat.core.playbook.problems import Findings, nearest
from drumbeat.core.subjects import DATE_FIELDS


def check_steps(steps: tuple[Step, ...], findings: Findings) -> None:
    """Adds to the findings what keeps the steps from being carried out one after the other."""
    by_key = {step.key: step for step in steps}
    for step in steps:
        _check_references(step, by_key, findings)
        _check_anchor(step, by_key, findings)
        _check_order(step, by_key, findings)
    if findings.is_sound("steps"):
        _check_cycles(by_key, findings)
        _warn_of_machine_promises(by_key, findings)


def _check_references(step: Step, by_key: dict[str, Step], findings: Findings) -> None:
    others = [key for key in by_key if key != step.key]
    for word, keys in (("needs", step.needs), ("otherwise", step.otherwise), ("attach", step.attach)):
        for key in set(keys).difference(others):
            reason = "names itself" if key == step.key else f"there is no step {key!r}"
            findings.refuse(f"steps.{step.key}.{word}", reason, nearest(key, others))
    for key in step.attach:
        if key in by_key and by_key[key].kind != "report":
            findings.refuse(f"steps.{step.key}.attach", f"{key} is no report", "attach steps of kind report")


def _check_anchor(step: Step, by_key: dict[str, Step], findings: Findings) -> None:
    path, anchor = f"steps.{step.key}.due", step.due.anchor.removeprefix("step.")
    if anchor not in (*ANCHORS, *DATE_FIELDS, *by_key):
        findings.refuse(path, f"there is no step {anchor!r}", nearest(anchor, by_key))
    if step.due.anchor == "opened" and step.due.amount < 0:
        findings.refuse(path, "lies before the occurrence opens", "write opened or opened+1bd")


def _check_order(step: Step, by_key: dict[str, Step], findings: Findings) -> None:
    for key in (*step.needs, *step.attach):
        if key in by_key and _is_later(by_key[key], step):
            reason, mend = f"{key} is due later than this", "make one earlier or the other later"
            findings.warn(f"steps.{step.key}.needs", reason, mend)
    for key in step.otherwise:
        if key in by_key and _is_later(step, by_key[key]):
            reason, mend = f"{key} is due before this is decided", "decide earlier, or make it later"
            findings.warn(f"steps.{step.key}.otherwise", reason, mend)


def _is_later(step: Step, other: Step) -> bool:
    """Whether the step is due after the other, told only where both count from one anchor."""
    return step.due.anchor == other.due.anchor and rough_minutes(step.due) > rough_minutes(other.due)


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
