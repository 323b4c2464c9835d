"""Forms and approvals: asked in time, by link, answered and decided; what follows is kept, shown and readable by rules."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from drumbeat.apps.forms.models import Answer, Link
from drumbeat.apps.messages.models import Message
from drumbeat.apps.partners.models import Contact
from drumbeat.apps.people.models import Account
from drumbeat.apps.routines.actions import Opinion, complete_step
from drumbeat.apps.routines.models import Decision, Occurrence, Step, StepState
from drumbeat.core.refusal import Refused
from drumbeat.integrations.fakes import HeldStorage
from drumbeat.workflows.approving import decide
from drumbeat.workflows.filling import ask_form_again, fill_in, keep_half
from drumbeat.workflows.links import LinkRefused, read_link
from drumbeat.workflows.performers import perform_due
from tests.workflows.channel import DAY, DUE, HOUR, START, outcome, run, step_of, text_of
from tests.world import World

pytestmark = pytest.mark.django_db
AT = DUE - 2 * HOUR
WISH = "{step: word, kind: form, title: One wish, by: sales_lead, form: one-wish, due: 0}"
FOLLOWED = f"""
{WISH}
{{step: tell, kind: mail, title: Thanks, to: [sales_lead], template: pos-reminder, when: answer.word && answer.word.about == "leads", needs: [word], due: +1h}}
{{step: reply, kind: task, title: Answer, when: "!answer.word", due: +1h}}
"""
APPROVED = """
{step: write, kind: task, title: Write it, by: partner_operations, minutes: 5, due: -3h}
{step: word, kind: approval, title: The text, approvers: [director], reasons: text-reasons, needs: [write], due: 0}
{step: tell, kind: mail, title: Out, to: [sales_lead], template: pos-reminder, when: answer.word, needs: [word], due: +1h}
"""
SIGNED = """
{step: word, kind: approval, title: The plan, approvers: [channel_manager], second: {approvers: [principal]}, due: 0}
"""


def do(step: Step, given: dict[str, object], by: Contact | Account, at=AT, uploads=None):
    return fill_in(step, given, uploads or {}, by=by, storage=HeldStorage(), at=at)


def asked(world: World, steps: str, *, kept_by: str = "word") -> Occurrence:
    [occurrence] = run(text_of(steps, kept_by=kept_by), [world.bergmann], AT)
    perform_due(at=AT)
    return occurrence


def token_in(message: Message) -> str:
    found = re.search(r"/(?:forms|approvals)/([^/]+)/", message.text)
    assert found
    return found[1]


def test_the_contact_of_the_role_is_asked_once_by_a_link_and_the_step_waits_on_a_list(world: World) -> None:
    occurrence = asked(world, WISH)
    step = step_of(occurrence, "word")
    assert (step.state, step.is_machine, step.assignee, step.side) == ("open", False, world.alice, "partner")
    message = Message.objects.get()
    assert (message.to_address, message.subject) == (
        world.sven.email,
        "One wish, by Tuesday 2 June 2026, 10:00 (Europe/Berlin)",
    )
    perform_due(at=AT + HOUR)
    assert Message.objects.count() == 1
    link = read_link(token_in(message), "form", AT)
    assert (link.subject_id, link.who) == (step.pk, world.sven)


def test_it_is_asked_three_working_days_before_unless_said_otherwise(world: World) -> None:
    later = WISH.replace("due: 0", "due: +4bd")
    [occurrence] = run(
        text_of(later + "\n{step: t, kind: task, title: T, due: 0}", kept_by="t"), [world.bergmann], AT
    )
    perform_due(at=AT)
    step = step_of(occurrence, "word")
    assert step.is_machine and step.next_attempt_at == DUE + DAY
    assert not Message.objects.exists()
    perform_due(at=DUE + DAY)
    assert Message.objects.count() == 1


def test_an_answer_keeps_the_promise_and_what_follows_reads_it(world: World) -> None:
    occurrence = asked(world, FOLLOWED)
    step = step_of(occurrence, "word")
    assert do(step, {"wish": ""}, world.sven).problems == {"wish": "Please fill this in."}
    filled = do(step, {"wish": "Faster leads", "about": "leads"}, world.sven)
    assert filled.is_first and filled.answer.contact == world.sven
    again = do(step, {"wish": "Another"}, world.petra)
    assert not again.is_first and again.answer.values["wish"] == "Faster leads"
    assert outcome(occurrence) == "kept"
    perform_due(at=DUE + HOUR)
    assert step_of(occurrence, "tell").state == StepState.HANDED
    assert step_of(occurrence, "reply").state == StepState.SKIPPED
    assert Link.objects.get().used_at == AT


def test_a_half_filled_form_is_kept_and_a_refused_one_loses_nothing(world: World) -> None:
    step = step_of(asked(world, WISH), "word")
    keep_half(step, {"about": "leads", "strange": "x"}, by=world.sven, at=AT)
    assert Answer.objects.get().draft == {"about": "leads"}
    do(step, {"wish": "x" * 1001, "about": "nothing"}, world.sven)
    answer = Answer.objects.get()
    assert answer.draft == {"wish": "x" * 1001, "about": "nothing"} and answer.values is None


def test_a_colleague_fills_it_in_for_the_partner_and_says_so(world: World) -> None:
    step = step_of(asked(world, WISH), "word")
    with pytest.raises(Refused, match="somebody else's list"):
        do(step, {"wish": "x"}, world.bob)
    answer = do(step, {"wish": "Said on the phone"}, world.alice).answer
    assert (answer.person, answer.contact) == (world.alice, None)
    step.refresh_from_db()
    assert step.done_by == world.alice


def test_it_is_asked_again_with_what_was_written(world: World) -> None:
    occurrence = asked(world, WISH + "\n{step: t, kind: task, title: T, due: +1h}")
    step = step_of(occurrence, "word")
    do(step, {"wish": "Faster"}, world.sven)
    with pytest.raises(Refused, match="somebody else's"):
        ask_form_again(step, by=world.bob, at=AT + HOUR)
    assert ask_form_again(step, by=world.alice, at=AT + HOUR)
    assert not ask_form_again(step, by=world.alice, at=AT + HOUR)
    perform_due(at=AT + HOUR)
    assert [message.subject for message in Message.objects.order_by("pk")][1:] == [
        "Once more, please: One wish"
    ]
    assert Answer.objects.get().draft["wish"] == "Faster"
    assert do(step, {"wish": "Faster leads"}, world.sven, AT + 2 * HOUR).is_first


def test_forms_are_not_ticked_off_and_approvals_not_done(world: World) -> None:
    step = step_of(asked(world, WISH), "word")
    with pytest.raises(Refused, match="filled in, not ticked"):
        complete_step(step, by=world.alice, at=AT)


def test_a_form_for_nobody_stands_with_words(world: World) -> None:
    Contact.objects.filter(partner=world.bergmann).update(email="")
    step = step_of(asked(world, WISH), "word")
    assert "Nobody at Bergmann Systemhaus can be written to" in step.error and step.is_machine


def test_an_approval_comes_on_the_list_when_its_work_is_done_and_the_director_gets_a_link(
    world: World,
) -> None:
    occurrence = asked(world, APPROVED)
    step = step_of(occurrence, "word")
    assert step.is_machine and not Message.objects.exists()
    with pytest.raises(Refused, match="“Write it” is not done yet"):
        decide(step, Opinion("approved"), by=world.dora, at=AT)
    complete_step(step_of(occurrence, "write"), by=world.olga, at=AT)
    perform_due(at=AT)
    step.refresh_from_db()
    assert not step.is_machine and step.role == "director"
    assert Message.objects.get().to_address == world.dora.email
    decide(step, Opinion("approved"), by=world.dora, at=AT)
    assert outcome(occurrence) == "kept"
    decision = Decision.objects.get()
    assert (decision.person, decision.decided_at, decision.inputs["answer.write"]) == (world.dora, AT, True)
    perform_due(at=DUE + HOUR)
    assert step_of(occurrence, "tell").state == StepState.HANDED


def test_who_prepared_it_and_who_is_not_meant_do_not_decide(world: World) -> None:
    occurrence = asked(world, APPROVED)
    complete_step(step_of(occurrence, "write"), by=world.dora, at=AT)
    perform_due(at=AT)
    step = step_of(occurrence, "word")
    for person, words in (
        (world.dora, "You prepared"),
        (world.alice, "somebody else's"),
        (world.olga, "somebody else's"),
    ):
        with pytest.raises(Refused, match=words):
            decide(step, Opinion("approved"), by=person, at=AT)
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    ("opinion", "words"),
    [
        (Opinion("declined"), "A reason is missing"),
        (Opinion("declined", "whim"), "not on the list"),
        (Opinion("perhaps"), "Say what you decide"),
    ],
)
def test_a_decision_without_its_reason_is_refused(world: World, opinion: Opinion, words: str) -> None:
    occurrence = asked(world, APPROVED)
    complete_step(step_of(occurrence, "write"), by=world.olga, at=AT)
    with pytest.raises(Refused, match=words):
        decide(step_of(occurrence, "word"), opinion, by=world.dora, at=AT)


def test_sent_back_its_writer_has_it_again_and_it_is_asked_anew(world: World) -> None:
    occurrence = asked(world, APPROVED)
    complete_step(step_of(occurrence, "write"), by=world.olga, at=AT)
    perform_due(at=AT)
    decide(step_of(occurrence, "word"), Opinion("sent_back", "tone", "Warmer, please"), by=world.dora, at=AT)
    assert step_of(occurrence, "write").state == StepState.OPEN
    assert step_of(occurrence, "word").is_machine
    complete_step(step_of(occurrence, "write"), by=world.olga, at=AT + HOUR)
    perform_due(at=AT + HOUR)
    assert Message.objects.count() == 2, "the director is asked again"
    decide(step_of(occurrence, "word"), Opinion("declined", "timing"), by=world.dora, at=AT + HOUR)
    assert [one.outcome for one in Decision.objects.all()] == ["sent_back", "declined"]
    perform_due(at=DUE + HOUR)
    assert step_of(occurrence, "tell").state == StepState.SKIPPED


def test_both_sides_sign_the_partner_by_link(world: World) -> None:
    occurrence = asked(world, SIGNED)
    step = step_of(occurrence, "word")
    assert step.assignee == world.alice
    with pytest.raises(Refused, match="not yours"):
        decide(step, Opinion("approved"), by=world.petra, at=AT)
    decide(step, Opinion("approved"), by=world.alice, at=AT)
    assert decide(step, Opinion("approved"), by=world.alice, at=AT) == Decision.objects.get(), "twice is once"
    perform_due(at=AT)
    step.refresh_from_db()
    assert (step.side, step.role, step.assignee, outcome(occurrence)) == (
        "partner",
        "principal",
        world.alice,
        None,
    )
    link = read_link(token_in(Message.objects.get()), "approval", AT)
    assert link.who == world.petra
    with pytest.raises(Refused, match="partner's side signs"):
        decide(step, Opinion("declined", note="x"), by=world.dora, at=AT)
    decide(step, Opinion("approved"), by=world.petra, at=AT + HOUR)
    assert outcome(occurrence) == "kept"
    assert step_of(occurrence, "word").answer == "approved"


def test_four_eyes_are_two_people(world: World) -> None:
    steps = "{step: word, kind: approval, title: Big, approvers: [director], second: {when: partner.tier == 'gold', approvers: [director]}, due: 0}"
    occurrence = asked(world, steps)
    step = step_of(occurrence, "word")
    decide(step, Opinion("approved"), by=world.dora, at=AT)
    perform_due(at=AT)
    with pytest.raises(Refused, match="second one is somebody else's"):
        decide(step, Opinion("declined"), by=world.dora, at=AT)
    assert outcome(occurrence) is None


def test_with_nobody_in_the_role_who_stands_in_decides(world: World) -> None:
    Account.objects.filter(pk=world.dora.pk).update(is_active=False)
    occurrence = asked(world, "{step: word, kind: approval, title: Big, approvers: [director], due: 0}")
    step = step_of(occurrence, "word")
    assert (step.role, step.is_machine) == ("partner_operations", False)
    decide(step, Opinion("approved"), by=world.olga, at=AT)


@pytest.mark.parametrize("change", ["x", "-1", "swap"])
def test_an_altered_link_opens_nothing(world: World, change: str) -> None:
    asked(world, WISH)
    token = token_in(Message.objects.get())
    number, _, sign = token.partition("-")
    spoilt = {
        "x": token[:-1] + ("A" if token[-1] != "A" else "B"),
        "-1": f"{int(number) + 1}-{sign}",
        "swap": sign,
    }
    with pytest.raises(LinkRefused) as caught:
        read_link(spoilt[change], "form", AT)
    assert caught.value.why == "altered"


def test_a_link_is_for_one_purpose_ends_and_is_called_back(world: World) -> None:
    asked(world, WISH)
    token = token_in(Message.objects.get())
    for purpose, at, why in (("approval", AT, "purpose"), ("form", AT + timedelta(days=60), "expired")):
        with pytest.raises(LinkRefused) as caught:
            read_link(token, purpose, at)
        assert caught.value.why == why and caught.value.mend
    Link.objects.update(revoked_at=START)
    with pytest.raises(LinkRefused) as caught:
        read_link(token, "form", AT)
    assert caught.value.why == "revoked"
