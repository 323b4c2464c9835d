"""The machine's steps: each kind does its work, once, for the right people, and no failure holds up others."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from drumbeat.apps.ledger.models import Standing
from drumbeat.apps.meetings.actions import note_answer, write_minutes
from drumbeat.apps.meetings.models import Meeting
from drumbeat.apps.messages.models import Message
from drumbeat.apps.partners.models import Contact
from drumbeat.apps.reports.models import Edition
from drumbeat.apps.routines.actions import complete_step, miss_promises_due, open_due
from drumbeat.apps.routines.models import Occurrence, Step, StepState
from drumbeat.apps.sales.actions import record_sell_through
from drumbeat.core.refusal import Refused
from drumbeat.integrations.fakes import OutboxPost
from drumbeat.workflows import performers
from drumbeat.workflows.gathering import note_meeting, take_back
from drumbeat.workflows.performers import perform_due
from drumbeat.workflows.posting import send_queued
from tests.workflows.channel import library, run, step_of, text_of
from tests.world import World, build_world

pytestmark = pytest.mark.django_db

START = datetime(2026, 6, 1, 3, tzinfo=UTC)
DUE = datetime(2026, 6, 2, 8, tzinfo=UTC)  # Tuesday 10:00 in Berlin
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def world() -> World:
    return build_world(at=START)


def addresses() -> list[str]:
    return sorted(message.to_address for message in Message.objects.all())


def outcome(occurrence: Occurrence) -> str | None:
    return Standing.objects.get(promise=occurrence.promise_id).outcome


MAIL = "{step: word, kind: mail, title: A word, to: [sales_lead], template: pos-reminder, due: 0}"


def test_a_mail_goes_to_the_role_once_and_is_done_when_accepted(world: World) -> None:
    [occurrence] = run(text_of(MAIL), [world.bergmann], DUE)
    assert perform_due(at=DUE)["mail"] == 1
    assert step_of(occurrence, "word").state == StepState.HANDED
    assert perform_due(at=DUE)["mail"] == 0
    message = Message.objects.get()
    assert message.to_address == world.sven.email
    assert message.subject == "Your sales file for May 2026, please, by 2 June 2026"
    assert "Hello Sven," in message.text and "10:00 your time" in message.text
    assert message.reply_to == world.alice.email and message.promise_id == occurrence.promise_id
    send_queued(OutboxPost(), at=DUE + HOUR)
    assert step_of(occurrence, "word").state == StepState.DONE
    assert outcome(occurrence) == "kept"


def test_a_mail_rolled_back_and_performed_again_is_written_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(text_of(MAIL), [world.bergmann], DUE)

    def die(*args: object, **kwargs: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("drumbeat.workflows.mailing.hand_step", die)
        with pytest.raises(KeyboardInterrupt):
            perform_due(at=DUE)
    assert not Message.objects.exists()
    assert perform_due(at=DUE)["mail"] == 0, "leased still"
    assert perform_due(at=DUE + HOUR)["mail"] == 1
    assert Message.objects.count() == 1


def test_without_the_role_somebody_else_at_the_partner_gets_it(world: World) -> None:
    Contact.objects.filter(pk=world.sven.pk).update(left_on=START.date())
    run(text_of(MAIL), [world.bergmann], DUE)
    perform_due(at=DUE)
    assert addresses() == [world.petra.email]


def test_with_nobody_there_the_step_says_how_to_mend_it_and_others_go_on(world: World) -> None:
    Contact.objects.filter(partner=world.bergmann).update(email="")
    lost, fine = sorted(
        run(text_of(MAIL), [world.bergmann, world.fjord], DUE),
        key=lambda occurrence: occurrence.subscription.partner_id != world.bergmann.pk,
    )
    assert perform_due(at=DUE)["mail"] == 2
    step = step_of(lost, "word")
    assert "Nobody at Bergmann Systemhaus can be written to" in step.error and "Add a contact" in step.error
    assert (step.state, step.next_attempt_at) == (StepState.OPEN, DUE + timedelta(minutes=1))
    assert step_of(fine, "word").state == StepState.HANDED
    Contact.objects.filter(pk=world.sven.pk).update(email="sven@new.example")
    perform_due(at=DUE + HOUR)
    assert step_of(lost, "word").state == StepState.HANDED
    assert "sven@new.example" in addresses()


def test_a_step_that_keeps_failing_is_tried_with_growing_pauses_and_ends_on_a_list(world: World) -> None:
    Contact.objects.filter(partner=world.bergmann).update(email="")
    [occurrence] = run(text_of(MAIL), [world.bergmann], DUE)
    at, pauses = DUE, []
    while (step := step_of(occurrence, "word")).state == StepState.OPEN:
        at = step.next_attempt_at or at
        perform_due(at=at)
        after = step_of(occurrence, "word").next_attempt_at
        pauses.append((after - at) // timedelta(minutes=1) if after else 0)
    assert pauses[:-1] == [1, 5, 15, 60, 240, 720]
    assert step.state == StepState.FAILED


def test_an_unforeseen_fault_stands_on_its_step_and_holds_up_nobody(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    occurrences = run(text_of(MAIL), [world.bergmann, world.fjord], DUE)
    write = performers.PERFORMERS["mail"]

    def stumble(step: Step, scene: performers.Scene) -> None:
        write(step, scene)
        if step.occurrence_id == occurrences[0].pk:
            raise ZeroDivisionError("by zero")

    monkeypatch.setattr(performers, "PERFORMERS", {**performers.PERFORMERS, "mail": stumble})
    perform_due(at=DUE)
    assert step_of(occurrences[0], "word").error == "ZeroDivisionError: by zero"
    assert step_of(occurrences[1], "word").state == StepState.HANDED
    assert Message.objects.count() == 1, "what the faulty step wrote was rolled back"


def test_a_letter_of_a_manager_goes_to_everybody_at_his_partners(world: World) -> None:
    text = text_of(
        "{step: word, kind: mail, title: Letter, to: [partner_contacts], template: newsletter, due: 0}",
        subject="manager",
    )
    run(text, [world.alice], DUE)
    perform_due(at=DUE)
    assert addresses() == sorted([world.petra.email, world.sven.email, world.nils.email])
    to_nils = Message.objects.get(contact=world.nils)
    assert to_nils.partner == world.fjord and "concerns Fjord Data" in to_nils.text
    assert "Alice Ahrens" in to_nils.text and "June 2026" in to_nils.subject


REPORTED = """
{step: build, kind: report, title: Scorecard, report: partner-scorecard, due: 0}
{step: word, kind: mail, title: Your month, to: [sales_lead, principal], template: monthly-partner-report, attach: [build], due: 0}
"""


def test_a_report_is_built_once_and_goes_along(world: World) -> None:
    for month in (4, 5):
        record_sell_through(
            world.bergmann, datetime(2026, month, 1).date(), Decimal(1000), "EUR", received_at=START, by=None
        )
    [occurrence] = run(text_of(REPORTED), [world.bergmann], DUE)
    counts = perform_due(at=DUE)
    assert (counts["report"], counts["mail"]) == (1, 1)
    edition = Edition.objects.get()
    assert (edition.step_id, edition.partner) == (step_of(occurrence, "build").pk, world.bergmann)
    assert step_of(occurrence, "build").state == StepState.DONE
    messages = list(Message.objects.order_by("pk"))
    assert [message.to_address for message in messages] == [world.sven.email, world.petra.email]
    for message in messages:
        attachment = message.attachments.get()
        assert attachment.source == f"edition:{edition.pk}"
        assert attachment.name == "partner-scorecard 2026-05.pdf"
        assert edition.data["summary"] in message.text and "your May 2026" in message.subject


def test_a_mail_waits_for_the_report_that_it_encloses(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    [occurrence] = run(text_of(REPORTED), [world.bergmann], DUE)

    def fail(*args: object, **kwargs: object) -> None:
        raise ValueError("no figures")

    with monkeypatch.context() as patch:
        patch.setattr(performers, "build_edition", fail)
        assert perform_due(at=DUE)["mail"] == 0
    assert "no figures" in step_of(occurrence, "build").error
    perform_due(at=DUE + HOUR)
    assert step_of(occurrence, "word").state == StepState.HANDED


MEETING = """
{step: ahead, kind: mail, title: Agenda, to: [channel_manager, sales_lead], template: call-agenda, due: -1h}
{step: word, kind: meeting, title: Weekly call, attendees: [channel_manager, sales_lead], minutes: 30, agenda: weekly-call, due: 0}
{step: notes, kind: task, title: Write minutes, minutes: 5, needs: [word], due: +1h}
{step: share, kind: mail, title: Minutes, to: [attendees], template: minutes, needs: [notes], due: +2h}
"""


def test_a_meeting_is_arranged_and_then_on_a_persons_list(world: World) -> None:
    [occurrence] = run(text_of(MEETING), [world.bergmann], DUE - 2 * HOUR)
    perform_due(at=DUE - 2 * HOUR)
    perform_due(at=DUE - 2 * HOUR)
    meeting = Meeting.objects.get()
    assert (meeting.starts_at, meeting.minutes, meeting.zone) == (DUE, 30, "Europe/Berlin")
    assert (meeting.organiser, meeting.partner) == (world.alice, world.bergmann)
    assert meeting.title == "Weekly call: Bergmann Systemhaus and Polaris Software"
    step = step_of(occurrence, "word")
    assert (step.state, step.is_machine, step.meeting, step.assignee) == (
        StepState.OPEN,
        False,
        meeting,
        world.alice,
    )
    invitations = Message.objects.filter(key__startswith=f"meeting:{meeting.pk}:")
    assert {message.to_address for message in invitations} == {world.alice.email, world.sven.email}


def test_the_agenda_begins_with_what_is_overdue_on_both_sides(world: World) -> None:
    early, late = DUE - 2 * HOUR, DUE + 7 * DAY - 2 * HOUR
    run(text_of(MEETING), [world.bergmann], early)
    open_due(at=late)
    perform_due(at=late)
    [meeting] = Meeting.objects.all()
    first, second, *_ = [point.text for point in meeting.points.all()]
    assert first == "Overdue: Weekly word, due 2 June (we owe you)"
    assert second == "promises of last week, both sides"


def test_mails_around_a_meeting_tell_its_time_agenda_and_minutes(world: World) -> None:
    [occurrence] = run(text_of(MEETING), [world.bergmann], DUE - HOUR)
    perform_due(at=DUE - HOUR)
    ahead = Message.objects.get(key__startswith="step:", contact=world.sven)
    assert ahead.subject == "Our call, Tuesday 2 June 2026, 10:00 (Europe/Berlin): the agenda"
    assert "- deals that moved" in ahead.text
    note_meeting(step_of(occurrence, "word"), by=world.alice, at=DUE + HOUR)
    write_minutes(Meeting.objects.get(), "Sven sends the list.", by=world.alice, at=DUE + HOUR)
    complete_step(step_of(occurrence, "notes"), by=world.alice, at=DUE + HOUR)
    perform_due(at=DUE + 2 * HOUR)
    minutes = Message.objects.filter(subject__startswith="Minutes:")
    assert {message.to_address for message in minutes} == {world.alice.email, world.sven.email}
    assert "Sven sends the list." in minutes[0].text
    assert (outcome(occurrence), Meeting.objects.get().state) == ("kept", "held")


def test_who_stays_away_breaks_the_promise_until_it_is_taken_back(world: World) -> None:
    [occurrence] = run(text_of(MEETING), [world.bergmann], DUE - HOUR)
    perform_due(at=DUE - HOUR)
    step = step_of(occurrence, "word")
    with pytest.raises(Refused, match="no side 'dog'"):
        note_meeting(step, by=world.alice, at=DUE + HOUR, absent="dog")
    note_meeting(step, by=world.alice, at=DUE + HOUR, absent="partner")
    standing = Standing.objects.get(promise=occurrence.promise_id)
    assert (standing.outcome, standing.cause) == ("missed", "partner")
    take_back(step, by=world.alice, at=DUE + HOUR)
    assert (outcome(occurrence), Meeting.objects.get().state) == (None, "arranged")


def test_a_meeting_whose_time_is_past_is_not_arranged(world: World) -> None:
    [occurrence] = run(text_of(MEETING), [world.bergmann], DUE + HOUR)
    perform_due(at=DUE + HOUR)
    assert not Meeting.objects.exists()
    step = step_of(occurrence, "word")
    assert (step.state, step.is_machine) == (StepState.OPEN, False)


BRANCH = """
{step: ask, kind: branch, title: Is it large, when: "partner.tier == 'gold'", otherwise: [check], due: 0}
{step: word, kind: task, title: Word, minutes: 5, due: 0}
{step: check, kind: task, title: Check, minutes: 5, due: +1h}
"""


def test_a_branch_leaves_its_steps_out_or_lets_them_run(world: World) -> None:
    occurrences = run(text_of(BRANCH), [world.bergmann, world.fjord], DUE)
    perform_due(at=DUE)
    states = {
        occurrence.subscription.partner: step_of(occurrence, "check").state for occurrence in occurrences
    }
    assert states == {world.bergmann: StepState.SKIPPED, world.fjord: StepState.OPEN}
    answers = {step_of(occurrence, "ask").answer for occurrence in occurrences}
    assert answers == {"yes", "no"}


def test_a_branch_that_nobody_can_judge_sends_a_person_to_look(world: World) -> None:
    [occurrence] = run(
        text_of(BRANCH.replace("partner.tier == 'gold'", "partner.revenue_12m > 5.0")), [world.bergmann], DUE
    )
    perform_due(at=DUE)
    assert step_of(occurrence, "check").state == StepState.OPEN


CONDITIONS = """
{step: word, kind: task, title: Word, minutes: 5, due: -1h}
{step: call, kind: task, title: Call, minutes: 5, when: "!answer.word", due: 0}
{step: remind, kind: mail, title: Remind, to: [sales_lead], template: pos-reminder, when: "!answer.word", due: 0}
"""


def test_conditions_are_judged_when_their_step_begins(world: World) -> None:
    done, undone = run(text_of(CONDITIONS), [world.bergmann, world.fjord], DUE - HOUR)
    perform_due(at=DUE - HOUR)
    assert step_of(done, "call").state == StepState.HELD
    complete_step(step_of(done, "word"), by=world.alice, at=DUE - HOUR)
    assert perform_due(at=DUE)["condition"] == 2
    assert [step_of(done, key).state for key in ("call", "remind")] == [StepState.SKIPPED] * 2
    assert [step_of(undone, key).state for key in ("call", "remind")] == [StepState.OPEN, StepState.HANDED]
    assert addresses() == [world.nils.email]


def test_a_condition_over_an_unknown_fact_sends_nothing_and_says_why(world: World) -> None:
    text = text_of(MAIL[:-1] + ', when: "partner.revenue_12m > 5.0"}')
    [occurrence] = run(text, [world.bergmann], DUE)
    perform_due(at=DUE)
    step = step_of(occurrence, "word")
    assert step.state == StepState.OPEN and "partner.revenue_12m unknown" in step.error


def wait_for(until: str) -> str:
    return text_of(
        f"""
        {{step: word, kind: task, title: Word, minutes: 5, due: 0}}
        {{step: answer, kind: wait, title: Answer, by: sales_lead, until: {until}, timeout: 3bd, due: +1bd}}
        """
    )


def test_a_wait_ends_when_its_rule_holds(world: World) -> None:
    [occurrence] = run(wait_for("\"partner.tier == 'platinum'\""), [world.bergmann], DUE)
    perform_due(at=DUE)
    assert step_of(occurrence, "answer").next_attempt_at == DUE + HOUR
    type(world.bergmann).objects.filter(pk=world.bergmann.pk).update(tier="platinum")
    perform_due(at=DUE + HOUR)
    assert step_of(occurrence, "answer").answer == "came"


def test_a_wait_ends_with_its_time(world: World) -> None:
    [occurrence] = run(wait_for("mail.answered"), [world.bergmann], DUE)
    perform_due(at=DUE)
    # Opened Tuesday 10:00 in Berlin; Thursday 4 June is a holiday in Bade-Wuerttemberg: three working days later it is Monday.
    ends_at = datetime(2026, 6, 8, 8, tzinfo=UTC)
    assert step_of(occurrence, "answer").next_attempt_at == ends_at
    assert perform_due(at=ends_at - HOUR)["wait"] == 0
    perform_due(at=ends_at)
    step = step_of(occurrence, "answer")
    assert (step.state, step.answer) == (StepState.DONE, "timed_out")


def test_a_wait_that_a_person_has_answered_is_left_alone(world: World) -> None:
    [occurrence] = run(wait_for("mail.answered"), [world.bergmann], DUE)
    perform_due(at=DUE)
    complete_step(step_of(occurrence, "answer"), by=world.alice, at=DUE + HOUR, answer="yes")
    perform_due(at=DUE + 30 * DAY)
    assert step_of(occurrence, "answer").answer == "yes"


def test_a_wait_sees_an_accepted_invitation(world: World) -> None:
    steps = MEETING.replace("due: -1h", "due: -1bd") + (
        "{step: agreed, kind: wait, title: Agreed, by: sales_lead, until: meeting.accepted, timeout: 1bd, due: -1h}"
    )
    [occurrence] = run(text_of(steps), [world.bergmann], DUE - DAY)
    perform_due(at=DUE - DAY)
    assert step_of(occurrence, "agreed").state == StepState.OPEN
    note_answer(
        Meeting.objects.get().attendees.get(contact=world.sven), "accepted", by=world.alice, at=DUE - DAY
    )
    perform_due(at=DUE - DAY + HOUR)
    assert step_of(occurrence, "agreed").answer == "came"


def test_a_sales_file_keeps_its_promise_at_the_moment_it_came(world: World) -> None:
    due = datetime(2026, 6, 3, 15, tzinfo=UTC)
    [occurrence] = run(library("pos-chase"), [world.bergmann], due - DAY)
    perform_due(at=due - DAY)
    assert addresses() == [world.sven.email]
    record_sell_through(
        world.bergmann, datetime(2026, 5, 1).date(), Decimal(1000), "EUR", received_at=due - HOUR, by=None
    )
    perform_due(at=due + 3 * DAY)
    file = step_of(occurrence, "file")
    assert (file.state, file.done_at, outcome(occurrence)) == (StepState.DONE, due - HOUR, "kept")
    assert step_of(occurrence, "chase").state == StepState.SKIPPED
    assert len(addresses()) == 1


def test_a_sales_file_that_never_comes_is_chased_and_missed_not_kept_by_the_time_out(world: World) -> None:
    due = datetime(2026, 6, 3, 15, tzinfo=UTC)
    [occurrence] = run(library("pos-chase"), [world.bergmann], due - DAY)
    for days in range(40):
        at = due + days * DAY
        perform_due(at=at)
        miss_promises_due(at=at)
    assert outcome(occurrence) == "missed"
    subjects = [message.subject.split(",")[0] for message in Message.objects.order_by("pk")]
    assert subjects[-2:] == ["Bergmann Systemhaus: the sales file for May 2026 is still missing"] * 2
    assert world.dora.email in addresses()
    assert step_of(occurrence, "file").state == StepState.LAPSED


@pytest.mark.parametrize(
    "key",
    [
        "weekly-partner-call",
        "monthly-checkin",
        "monthly-partner-report",
        "quarter-review",
        "quarter-digest",
        "pos-chase",
    ],
)
def test_the_library_for_partners_is_performed_without_a_fault(world: World, key: str) -> None:
    run(library(key), [world.bergmann, world.fjord], START + 40 * DAY)
    for days in range(40):
        perform_due(at=START + days * DAY)
    assert_no_fault(key)


@pytest.mark.parametrize(
    "key",
    [
        "daily-triage",
        "forecast-call",
        "newsletter",
        "data-sweep",
        "manager-coaching",
        "monthly-business-review",
    ],
)
def test_the_library_for_managers_is_performed_without_a_fault(world: World, key: str) -> None:
    run(library(key), [world.alice, world.bob], START + 40 * DAY)
    for days in range(40):
        perform_due(at=START + days * DAY)
    assert_no_fault(key)


def assert_no_fault(key: str) -> None:
    steps = Step.objects.filter(occurrence__subscription__routine__key=key)
    assert steps.exclude(state=StepState.HELD).exists()
    assert not {step.error for step in steps.exclude(error="")}
    due = steps.filter(
        is_machine=True, state=StepState.OPEN, playbook_step__needs=[], starts_at__lte=START + 38 * DAY
    )
    assert not due.exists()
