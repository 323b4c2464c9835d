"""The routines and mail texts that ship with the product are what their own rules ask for."""

from pathlib import Path

import pytest

import drumbeat
from drumbeat.core.placeholders import MESSAGE_NAMES, fill, names_in, odd_braces
from drumbeat.core.playbook import REPORTS, kept_by, read_routine
from drumbeat.library import shelves

LIBRARY = Path(drumbeat.__file__).parent / "library"
ROUTINES = sorted((LIBRARY / "routines").glob("*.yaml"))
MESSAGES = sorted((LIBRARY / "messages").glob("*.en.md"))
TEMPLATES = {path.name.removesuffix(".en.md") for path in MESSAGES}

# key: owner, step that keeps the promise, its offset, grace, review in months, minutes of people's steps
SHIPPED = {
    "daily-triage": ("channel_manager", "answer", "+1h", "4bh", 6, 25),
    "weekly-partner-call": ("channel_manager", "call", "0", "1bd", 6, 40),
    "monthly-checkin": ("channel_manager", "checkin", "0", "2bd", 6, 40),
    "monthly-partner-report": ("partner_operations", "send", "0", "1bd", 6, 3),
    "monthly-business-review": ("channel_manager", "review", "0", "1bd", 12, 85),
    "quarter-review": ("channel_manager", "review", "0", "5bd", 6, 165),
    "quarter-digest": ("partner_operations", "send", "0", "2bd", 6, 5),
    "forecast-call": ("channel_manager", "freeze", "+2bh", "4bh", 6, 55),
    "newsletter": ("partner_operations", "send", "0", "1bd", 6, 100),
    "pos-chase": ("partner_operations", "file", "0", "1bd", 12, 5),
    "data-sweep": ("partner_operations", "mend", "0", "2bd", 12, 65),
    "manager-coaching": ("director", "talk", "0", "2bd", 12, 50),
    # opened by events
    "agreement-renewal": ("channel_manager", "sign", "0", "5bd", 12, 50),
    "certification-expiry": ("channel_manager", "warn", "-90d", "5bd", 12, 10),
    "claim-decision": ("partner_operations", "tell", "opened+3bd", "0bd", 6, 15),
    "contact-left": ("channel_manager", "reassign", "opened+2bd", "2bd", 12, 20),
    "contact-welcome": ("channel_manager", "hello", "0", "1bd", 12, 5),
    "deal-decision": ("channel_manager", "decide", "opened+1h", "0bh", 6, 8),
    "deal-watch": ("channel_manager", "warn", "-7d", "0bd", 12, 5),
    "dormant-reactivation": ("channel_manager", "last", "opened+20bd", "5bd", 6, 25),
    "joint-plan": ("channel_manager", "sign", "0", "5bd", 12, 250),
    "lead-followup": ("channel_manager", "answered", "0", "2bh", 6, 5),
    "leave-cover": ("channel_manager", "tell", "-1bd", "0bd", 12, 30),
    "mail-complaint": ("channel_manager", "ask", "opened+2bd", "2bd", 12, 10),
    "partner-at-risk": ("channel_manager", "plan", "0", "1bd", 6, 105),
    "partner-onboarding": ("channel_manager", "third", "@10:00", "5bd", 6, 195),
    "product-briefing": ("partner_operations", "brief", "-1bd", "0bd", 12, 10),
    "territory-handover": ("channel_manager", "call", "opened+5bd@10:00", "2bd", 12, 50),
    "win-loss-note": ("channel_manager", "both", "0", "5bd", 12, 8),
}


def test_all_routines_that_ship_are_listed():
    assert {path.stem for path in ROUTINES} == set(SHIPPED)


@pytest.mark.parametrize("path", ROUTINES, ids=lambda path: path.stem)
def test_each_routine_reads_without_problem_or_warning(path):
    reading = read_routine(path.read_text(encoding="utf-8"), path.name, shelves=shelves())
    routine = reading.routine
    assert reading.warnings == ()
    assert routine.key == path.stem
    vendor_minutes = sum(step.minutes for step in routine.steps if step.side == "vendor")
    keeper = kept_by(routine)
    assert (
        routine.owner,
        keeper.key,
        str(keeper.due),
        str(routine.grace),
        routine.review_every,
        vendor_minutes,
    ) == SHIPPED[path.stem]


# Written by the house itself, by no routine's step.
CORRECTING = {"edition-corrected"}
MEETINGS = {
    "invitation",
    "invitation-moved",
    "invitation-cancelled",
    "invitation-stays",
    "series",
    "series-cancelled",
    "series-moved",
    "minutes-sent",
}
ASKING = CORRECTING | MEETINGS | {"form-request", "form-again", "approval-request", "signature-request"}
REMINDERS = {template for template in TEMPLATES if template.startswith("reminder-")}


def test_every_mail_text_and_report_is_used_and_every_one_used_is_there():
    steps = [
        step for path in ROUTINES for step in read_routine(path.read_text(encoding="utf-8")).routine.steps
    ]
    assert {step.template for step in steps if step.template} | REMINDERS | ASKING == TEMPLATES
    assert {step.report for step in steps if step.report} <= set(REPORTS)


@pytest.mark.parametrize("path", MESSAGES, ids=lambda path: path.name)
def test_each_mail_text_has_a_subject_and_asks_only_for_what_is_known(path):
    text = path.read_text(encoding="utf-8")
    subject, blank, body = text.split("\n", 2)
    assert subject.startswith("Subject: ")
    assert blank == ""
    assert body.startswith("Hello {{ contact.first_name }},")
    assert set(names_in(text)) <= set(MESSAGE_NAMES)
    assert odd_braces(text) == ()
    assert "{{" not in fill(text, dict.fromkeys(MESSAGE_NAMES, "x"))


@pytest.mark.parametrize("path", ROUTINES, ids=lambda path: path.stem)
def test_a_mail_speaks_of_a_meeting_or_report_only_where_there_is_one(path):
    routine = read_routine(path.read_text(encoding="utf-8")).routine
    has_meeting = any(step.kind == "meeting" for step in routine.steps)
    for step in routine.steps:
        if step.template:
            roots = {name.partition(".")[0] for name in names_in(_text_of(step.template))}
            assert has_meeting or "meeting" not in roots
            assert step.attach or "report" not in roots
            assert routine.key == "pos-chase" or "file" not in roots


def _text_of(template: str) -> str:
    return (LIBRARY / "messages" / f"{template}.en.md").read_text(encoding="utf-8")
