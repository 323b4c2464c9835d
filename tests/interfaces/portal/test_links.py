"""The portal: who holds a link fills in, signs or decides, once; looking changes nothing, and what is wrong is said."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from drumbeat.apps.forms.actions import Wanted, issue_links
from drumbeat.apps.forms.models import Answer, File, Link
from drumbeat.apps.ledger.models import Side
from drumbeat.apps.ledger.queries import on_time_record
from drumbeat.apps.messages.models import Message
from drumbeat.apps.routines.models import Decision, Occurrence
from drumbeat.interfaces.portal import door
from drumbeat.workflows.performers import perform_due
from tests.shared import shared
from tests.workflows.channel import DAY, DUE, HOUR, outcome, run, step_of, text_of
from tests.workflows.test_asking import SIGNED, WISH
from tests.world import World, build_world

pytestmark = pytest.mark.django_db
AT = DUE - 2 * HOUR
PROOF = "{step: word, kind: form, title: Proof, by: sales_lead, form: claim-missing, due: 0}"


@pytest.fixture
def world() -> World:
    return build_world(at=datetime(2026, 6, 1, 3, tzinfo=UTC))


@pytest.fixture(autouse=True)
def turn(settings, tmp_path) -> Iterator[Callable[[datetime], None]]:
    settings.FILES_FOLDER = tmp_path
    door.forget_calls()

    def to(at: datetime) -> None:
        settings.CLOCK_OFFSET = (at - datetime.now(UTC)).total_seconds()

    to(AT)
    yield to


def asked(world: World, steps: str = WISH) -> Occurrence:
    [occurrence] = run(text_of(steps), [world.bergmann], AT)
    perform_due(at=AT)
    return occurrence


def path_to(message: Message) -> str:
    found = re.search(r"http://[^/]+(/(?:forms|approvals)/[^/]+/)", message.text)
    assert found
    return found[1]


def test_looking_changes_nothing_and_sending_keeps_the_promise(world: World) -> None:
    occurrence = asked(world)
    path, client = path_to(Message.objects.get()), Client(enforce_csrf_checks=True)
    for _ in range(3):  # as mail scanners do
        page = client.get(path)
        assert page.status_code == 200 and "Your wish" in page.text
    assert client.head(path).status_code == 200
    assert not Answer.objects.exists() and Link.objects.get().used_at is None
    assert (page["Cache-Control"], page["Referrer-Policy"], page["X-Robots-Tag"]) == (
        "private, no-store", "no-referrer", "noindex, nofollow",
    )  # fmt: skip
    assert not page.cookies and not client.cookies, "neither session nor cookie"
    sent = client.post(path, {"wish": "Faster leads", "about": "leads", "act": "send"})
    assert sent.status_code == 302 and sent["Location"] == path
    assert outcome(occurrence) == "kept"
    after = client.get(path).text
    assert "You answered on Tue 2 Jun 2026, 08:00" in after and "Faster leads" in after
    again = client.post(path, {"wish": "Other", "act": "send"})
    assert "Faster leads" in again.text and Answer.objects.get().values["wish"] == "Faster leads"


def test_what_is_wrong_is_said_beside_it_and_nothing_is_lost(world: World) -> None:
    asked(world)
    path, client = path_to(Message.objects.get()), Client()
    page = client.post(path, {"wish": "x" * 1001, "about": "leads", "act": "send"})
    assert page.status_code == 422
    assert "one answer needs a look" in page.text and "Use 1000 at most" in page.text
    assert "x" * 1001 in page.text and 'value="leads" checked' in page.text
    kept = client.post(path, {"wish": "half", "act": "keep"}, follow=True)
    assert "Kept. Open the link again" in kept.text and ">half</textarea>" in kept.text


def test_another_contact_s_link_shows_who_answered(world: World) -> None:
    asked(world, WISH.replace("by: sales_lead", "by: principal"))
    own = Message.objects.get()
    assert own.to_address == world.petra.email
    world.sven.roles = ["principal"]
    Client().post(path_to(own), {"wish": "Mine", "act": "send"})
    from drumbeat.workflows.links import link_for
    from drumbeat.workflows.scene import Scene

    step = step_of(Occurrence.objects.get(), "word")
    other = link_for(step, world.sven, Scene([step], AT)).removeprefix("http://127.0.0.1:8000")
    page = Client().get(other).text
    assert "Petra Bergmann answered on" in page and "Nothing is needed from you" in page


@pytest.mark.parametrize(
    ("spoil", "status", "words"),
    [
        (lambda path: path[:-2] + "x/", 404, "not complete"),
        (lambda path: "/forms/1-abc/", 404, "not complete"),
        (lambda path: path.replace("/forms/", "/approvals/"), 404, "for something else"),
    ],
)
def test_a_spoilt_link_says_what_to_do(
    world: World, spoil: Callable[[str], str], status: int, words: str
) -> None:
    asked(world)
    page = Client().get(spoil(path_to(Message.objects.get())))
    assert page.status_code == status and words in page.text and "mail" in page.text


def test_a_link_that_ended_or_was_called_back_says_so(world: World, turn: Callable[[datetime], None]) -> None:
    asked(world)
    path = path_to(Message.objects.get())
    Link.objects.update(revoked_at=AT)
    assert Client().get(path).status_code == 410
    Link.objects.update(revoked_at=None)
    turn(AT + timedelta(days=90))
    assert "no longer good" in Client().post(path, {"wish": "late", "act": "send"}).text
    assert not Answer.objects.exists()


def test_too_many_calls_are_asked_to_wait(world: World) -> None:
    asked(world)
    path, client = path_to(Message.objects.get()), Client()
    codes = [client.get(path).status_code for _ in range(door.MOST_CALLS + 1)]
    assert codes[-2:] == [200, 429]
    assert client.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 429, (
        "a word opens no other page"
    )


def test_a_signature_needs_a_click_and_says_both_sides(world: World) -> None:
    occurrence = asked(world, SIGNED)
    from drumbeat.apps.routines.actions import Opinion
    from drumbeat.workflows.approving import decide

    decide(step_of(occurrence, "word"), Opinion("approved"), by=world.alice, at=AT)
    perform_due(at=AT)
    path, client = path_to(Message.objects.get()), Client()
    page = client.get(path).text
    assert "I agree" in page and "Alice Ahrens: approved" in page and Decision.objects.count() == 1
    refused = client.post(path, {"outcome": "declined"})
    assert refused.status_code == 422 and "A word is missing" in refused.text
    assert client.post(path, {"outcome": "approved"}).status_code == 302
    assert outcome(occurrence) == "kept"
    assert "This is settled: approved" in client.post(path, {"outcome": "declined", "note": "x"}).text


def test_a_file_is_taken_by_its_bytes_and_kept_over_a_second_try(world: World) -> None:
    asked(world, PROOF)
    path, client = path_to(Message.objects.get()), Client()
    bad = SimpleUploadedFile("proof.pdf", b"<html><script>alert(1)</script>", "application/pdf")
    page = client.post(path, {"proof": bad, "note": "here", "act": "send"})
    assert page.status_code == 422 and "PDF, a picture" in page.text and ">here</textarea>" in page.text
    good = SimpleUploadedFile("../../in\u202evoice.pdf", b"%PDF-1.7 proof", "text/html")
    assert client.post(path, {"proof": good, "act": "send"}).status_code == 302
    file = File.objects.get()
    assert (file.name, file.media_type) == ("invoice.pdf", "application/pdf")


def test_hostile_words_are_shown_not_obeyed(world: World, browser: Callable[..., Client]) -> None:
    strings = json.loads(shared("data/hostile/xss_strings_dev.json").read_text())
    strings += json.loads(shared("data/hostile/blns.json").read_text())
    asked(world)
    step, client = step_of(Occurrence.objects.get(), "word"), Client()
    path = path_to(Message.objects.get())
    everything = "\n".join(strings)
    page = client.post(path, {"wish": everything, "act": "send"}).text
    body = page.partition("<textarea")[2].partition("</textarea>")[0]
    assert "<" not in body.partition(">")[2], "what was written has left its field"
    wish = next(one for one in strings if "<script" in one.lower())
    assert client.post(path, {"wish": wish, "act": "send"}).status_code == 302
    alice = browser(world.alice)
    pages = [
        client.get(path),
        alice.get(f"/steps/{step.pk}/answer/"),
        alice.get(f"/occurrences/{step.occurrence_id}/"),
    ]
    for shown in pages:
        assert (
            shown.status_code == 200 and wish not in shown.text and "<script>alert" not in shown.text.lower()
        )


@pytest.fixture
def browser() -> Callable[..., Client]:
    def sign_in(person) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return sign_in


def test_the_partner_s_promise_by_form_counts_in_the_partner_s_record(
    world: World, turn: Callable[[datetime], None]
) -> None:
    text = text_of(WISH).replace("by: vendor, to: partner", "by: partner, to: vendor")
    [occurrence] = run(text, [world.bergmann], AT)
    perform_due(at=AT)
    turn(DUE + 3 * DAY)
    Client().post(path_to(Message.objects.get()), {"wish": "Late wish", "act": "send"})
    assert outcome(occurrence) == "late"
    record = on_time_record(
        side=Side.PARTNER,
        at=DUE + 4 * DAY,
        from_on=DUE.date().replace(day=1),
        until_on=(DUE + 30 * DAY).date(),
        partner=world.bergmann,
    )
    assert (record.people.late, record.people.kept) == (1, 0)


def test_a_later_link_of_another_purpose_lengthens_no_other(world: World) -> None:
    def ends(purpose: str, expires_at: datetime) -> None:
        issue_links([Wanted(purpose, 5, world.petra)], expires_at=expires_at, at=AT)

    ends("form", AT + DAY)
    ends("approval", AT + 9 * DAY)
    assert Link.objects.get(purpose="form").expires_at == AT + DAY
    ends("form", AT + 2 * DAY)
    assert Link.objects.get(purpose="form").expires_at == AT + 2 * DAY
