"""Mail and report steps: the right people, each once, and no failure holds up others."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from drumbeat.apps.messages.models import Message
from drumbeat.apps.partners.models import Contact
from drumbeat.apps.reports.access import may_have
from drumbeat.apps.reports.actions import build_edition
from drumbeat.apps.reports.letter import edition_text, figures_text
from drumbeat.apps.reports.models import Edition
from drumbeat.apps.routines.actions import Agreement, agree_override, withdraw_override
from drumbeat.apps.routines.models import Step, StepState
from drumbeat.apps.sales.actions import record_sell_through
from drumbeat.apps.savedreports.actions import Saving, save_report
from drumbeat.core.metrics.blueprint import Blueprint
from drumbeat.integrations.fakes import OutboxPost
from drumbeat.integrations.smtp import SmtpPost
from drumbeat.workflows import performers
from drumbeat.workflows.performers import perform_due
from drumbeat.workflows.posting import send_queued
from tests.integrations.servers import Sink, listening
from tests.workflows.channel import (
    DUE,
    HOUR,
    MAIL,
    START,
    addresses,
    library,
    outcome,
    run,
    step_of,
    text_of,
)
from tests.world import World

pytestmark = pytest.mark.django_db


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
        patch.setattr("drumbeat.workflows.effects.hand_steps", die)
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


def test_the_enclosed_report_arrives_as_a_pdf(world: World) -> None:
    run(text_of(REPORTED), [world.bergmann], DUE)
    perform_due(at=DUE)
    sink = Sink()
    with listening(sink) as url:
        assert send_queued(SmtpPost(url), at=DUE).accepted == 2
    message = message_from_bytes(sink.accepted[0].original_content or b"", policy=policy.SMTP)
    assert isinstance(message, EmailMessage)
    [pdf] = message.iter_attachments()
    assert pdf.get_content_type() == "application/pdf" and pdf.get_content().startswith(b"%PDF")
    assert pdf.get_filename() == "partner-scorecard 2026-05.pdf"


def test_a_mail_waits_for_the_report_that_it_encloses(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    [occurrence] = run(text_of(REPORTED), [world.bergmann], DUE)

    def fail(*args: object, **kwargs: object) -> None:
        raise ValueError("no figures")

    with monkeypatch.context() as patch:
        patch.setattr(performers, "draft_edition", fail)
        assert perform_due(at=DUE)["mail"] == 0
    assert "no figures" in step_of(occurrence, "build").error
    perform_due(at=DUE + HOUR)
    assert step_of(occurrence, "word").state == StepState.HANDED


OUR_OWN = """
{step: build, kind: report, title: Record, report: on-time-record, due: 0}
{step: word, kind: mail, title: His record, to: [channel_manager], template: monthly-partner-report, attach: [build], due: 0}
"""


def test_a_report_of_ours_stays_in_the_house_whoever_was_agreed_as_a_reader(world: World) -> None:
    [occurrence] = run(text_of(OUR_OWN), [world.bergmann], DUE)
    agreed = Agreement("people", START.date(), "partner_asked", recipients=(f"contact:{world.petra.pk}",))
    override = agree_override(occurrence.subscription, agreed, by=world.alice, at=START)
    perform_due(at=DUE)
    step = step_of(occurrence, "word")
    assert not Message.objects.exists() and step.state == StepState.OPEN
    assert "Petra" in step.error and "may not have" in step.error and "people of the staff" in step.error
    withdraw_override(override, by=world.alice, at=DUE)
    perform_due(at=DUE + HOUR)
    assert addresses() == [world.alice.email]


def test_a_report_for_partners_reaches_only_the_partner_that_it_is_about(world: World) -> None:
    of_bergmann = build_edition("partner-scorecard", partner=world.bergmann, at=START)
    of_all = build_edition("fund-utilisation", person=world.alice, at=START)
    assert may_have(world.petra, of_bergmann)
    assert not may_have(world.nils, of_bergmann) and not may_have(world.petra, of_all)


def test_a_saved_report_is_built_sent_and_kept_as_sent(world: World) -> None:
    blueprint = Blueprint(("sell_through",), ("partner_name",), window="last_month")
    saved = save_report(Saving("Our month", "", ["director"], blueprint), by=world.dora, at=START)
    record_sell_through(
        world.bergmann, datetime(2026, 5, 1).date(), Decimal(4321), "EUR", received_at=START, by=None
    )
    run(text_of(OUR_OWN.replace("on-time-record", saved.key), subject="manager"), [world.alice], DUE)
    perform_due(at=DUE)
    edition = Edition.objects.get()
    assert (edition.report, edition.person) == (saved.key, world.alice)
    assert Message.objects.get().attachments.get().source == f"edition:{edition.pk}"
    other = Saving("Our month", "", ["director"], Blueprint(("units",)))
    save_report(other, by=world.dora, at=DUE, into=saved)
    assert "€4,321" in edition_text(Edition.objects.get())


def test_a_letter_shows_the_figures_of_the_report_that_it_encloses(world: World) -> None:
    record_sell_through(
        world.bergmann, datetime(2026, 5, 1).date(), Decimal(4321), "EUR", received_at=START, by=None
    )
    run(library("monthly-partner-report"), [world.bergmann], datetime(2026, 6, 8, 14, tzinfo=UTC))
    perform_due(at=datetime(2026, 6, 8, 14, tzinfo=UTC))
    edition = Edition.objects.get()
    message = Message.objects.filter(contact=world.sven).get()
    assert edition.report == "partner-monthly" and message.attachments.get().source == f"edition:{edition.pk}"
    assert "| Sell-through, May 2026 | €4,321 |" in message.text
    assert figures_text(edition) in message.text
    assert all(block in edition_text(edition) for block in figures_text(edition).split("\n\n"))
