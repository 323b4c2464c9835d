"""Judges whether the reports that a mail encloses may reach its readers. What the reports show is told elsewhere."""

from drumbeat.core.playbook.contents import FOR_PARTNERS
from drumbeat.core.playbook.model import EVENT_PEOPLE, PARTNER_ROLES, Routine, Step
from drumbeat.core.playbook.problems import Findings

AT_PARTNERS = {*PARTNER_ROLES, *EVENT_PEOPLE, "partner_contacts"}


def check_enclosures(routine: Routine, findings: Findings) -> None:
    """Refuses what a partner's people would learn of others: our own reports, and reports about several partners."""
    reports = {step.key: step.report for step in routine.steps if step.report}
    for step in routine.steps:
        reader = _reader_at_partner(step, routine)
        for key in step.attach if reader else ():
            if key in reports and (reason := _secrecy(reports[key] or "", routine)):
                findings.refuse(
                    f"steps.{step.key}.attach",
                    f"{key} {reason}, and the mail goes to {reader}",
                    f"send it to roles of the staff, or enclose one of {', '.join(sorted(FOR_PARTNERS))}",
                )


def _reader_at_partner(step: Step, routine: Routine) -> str:
    """The first word of the mail's readers that names people of a partner, or nothing."""
    is_met = any(set(other.attendees) & set(PARTNER_ROLES) for other in routine.steps)
    return next((word for word in step.to if word in AT_PARTNERS or (word == "attendees" and is_met)), "")


def _secrecy(report: str, routine: Routine) -> str:
    if report not in FOR_PARTNERS:
        return f"is a {report}, which partners may not have"
    return "is about all partners of a manager" if routine.is_of_person else ""
