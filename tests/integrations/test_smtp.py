"""What a post does with a letter: the same tests for the real one and the fake; then SMTP's own answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from drumbeat.core.refusal import Refused
from drumbeat.integrations.fakes import OutboxPost
from drumbeat.integrations.smtp import (
    Accepted,
    Address,
    Deferred,
    File,
    Letter,
    LostContact,
    Post,
    Rejected,
    Server,
    SmtpPost,
    Verdict,
)
from drumbeat.integrations.wire import wire_form

from .servers import Sink, free_port, listening

LETTER = Letter(
    message_id="<abc@polaris.example>",
    sender=Address("Polaris Software", "partners@polaris.example"),
    recipient=Address("Zoë Müller", "zoe@bergmann.example"),
    subject="Ihr März, auf einer Seite",
    text="Hello Zoë,\n\n.a line with a dot\n..two\n\nBye",
    html=lambda: "<p>Hello Zoë</p>",
    at=datetime(2026, 3, 2, 8, 0, tzinfo=UTC),
    reply_to="alice@polaris.example",
    list_id="<monthly-partner-report.polaris.example>",
)
ICS = b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"


def send(post: Post, letter: Letter) -> Verdict:
    return post.deliver(post.seal(letter))


def to(address: str) -> Letter:
    return replace(LETTER, recipient=Address("Somebody", address))


@dataclass
class Case:
    post: Post
    arrived: Callable[[], list[str]]
    break_down: Callable[[], None]


@pytest.fixture(params=["smtp", "outbox"])
def case(request: pytest.FixtureRequest) -> Iterator[Case]:
    if request.param == "outbox":
        fake = OutboxPost()
        yield Case(
            fake,
            lambda: [letter.recipient.email for letter in fake.letters],
            lambda: setattr(fake, "is_down", True),
        )
        return
    sink = Sink()
    with listening(sink) as url:
        post = SmtpPost(url, timeout=5)
        down = f"smtp://127.0.0.1:{free_port()}?tls=none"

        def break_down() -> None:
            post.close()
            post.server = Server.of(down)

        yield Case(post, lambda: [address for kept in sink.accepted for address in kept.rcpt_tos], break_down)
        post.close()


def test_delivers_each_letter_once(case: Case) -> None:
    assert send(case.post, LETTER) == Accepted()
    assert send(case.post, to("sven@bergmann.example")) == Accepted()
    assert case.arrived() == ["zoe@bergmann.example", "sven@bergmann.example"]


def test_goes_on_after_closing(case: Case) -> None:
    case.post.close()
    assert send(case.post, LETTER) == Accepted()
    case.post.close()
    assert send(case.post, LETTER) == Accepted()


def test_defers_while_down_and_says_that_all_are_concerned(case: Case) -> None:
    case.break_down()
    verdict = send(case.post, LETTER)
    assert isinstance(verdict, Deferred) and verdict.concerns_all and verdict.reason
    assert case.arrived() == []


def test_refuses_an_address_that_cannot_travel(case: Case) -> None:
    with pytest.raises(ValueError, match="before the @"):
        case.post.seal(to("zoë@bergmann.example"))


@pytest.fixture
def sink() -> Sink:
    return Sink()


@pytest.fixture
def post(sink: Sink) -> Iterator[SmtpPost]:
    with listening(sink) as url:
        post = SmtpPost(url, timeout=5)
        yield post
        post.close()


def received(sink: Sink) -> EmailMessage:
    parsed = message_from_bytes(sink.accepted[-1].original_content or b"", policy=policy.SMTP)
    assert isinstance(parsed, EmailMessage)
    return parsed


def test_says_who_writes_to_whom_and_that_a_machine_does(post: SmtpPost, sink: Sink) -> None:
    send(post, LETTER)
    message = received(sink)
    assert message["Message-ID"] == "<abc@polaris.example>"
    assert message["Date"] == "Mon, 02 Mar 2026 08:00:00 +0000"
    assert message["From"] == "Polaris Software <partners@polaris.example>"
    assert message["To"] == "Zoë Müller <zoe@bergmann.example>"
    assert message["Subject"] == "Ihr März, auf einer Seite"
    assert message["Reply-To"] == "alice@polaris.example"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Id"] == "<monthly-partner-report.polaris.example>"
    assert (sink.accepted[-1].original_content or b"").isascii()


def test_carries_text_and_html_unharmed(post: SmtpPost, sink: Sink) -> None:
    send(post, LETTER)
    message = received(sink)
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain and plain.get_content().replace("\r\n", "\n") == LETTER.text + "\n"
    assert html and "Hello Zoë" in html.get_content()


def test_shows_an_invitation_and_encloses_it(post: SmtpPost, sink: Sink) -> None:
    files = (
        File("invitation.ics", "text/calendar; method=REQUEST", lambda: ICS),
        File("report.pdf", "application/pdf", lambda: b"%PDF"),
    )
    send(post, replace(LETTER, files=files))
    message = received(sink)
    kinds = [part.get_content_type() for part in message.walk()]
    assert kinds == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "application/ics",
        "application/pdf",
    ]
    calendar = next(part for part in message.walk() if part.get_content_type() == "text/calendar")
    assert calendar.get_param("method") == "REQUEST"
    names = [part.get_filename() for part in message.iter_attachments()]
    assert names == ["invitation.ics", "report.pdf"]


def test_a_name_cannot_add_a_header() -> None:
    with pytest.raises(ValueError):
        wire_form(replace(LETTER, recipient=Address("Eve\r\nBcc: all@x.example", "eve@x.example")))
    with pytest.raises(ValueError):
        wire_form(replace(LETTER, subject="Hello\r\nBcc: all@x.example"))


def test_writes_a_foreign_domain_in_ascii(post: SmtpPost, sink: Sink) -> None:
    assert send(post, to("info@müller.example")) == Accepted()
    assert sink.accepted[-1].rcpt_tos == ["info@xn--mller-kva.example"]


@pytest.mark.parametrize(
    ("answer", "kind"),
    [("451 4.7.1 try later", Deferred), ("552 5.2.2 mailbox full", Rejected), ("550 no such user", Rejected)],
)
def test_takes_the_servers_word_for_an_address(post: SmtpPost, sink: Sink, answer: str, kind: type) -> None:
    sink.answers["gone@bergmann.example"] = answer
    verdict = send(post, to("gone@bergmann.example"))
    assert isinstance(verdict, kind) and answer in verdict.reason
    assert send(post, LETTER) == Accepted(), "the next letter is not harmed"
    assert len(sink.connections) == 1


@pytest.mark.parametrize(("answer", "kind"), [("452 disk full", Deferred), ("554 spam", Rejected)])
def test_takes_the_servers_word_for_a_text(post: SmtpPost, sink: Sink, answer: str, kind: type) -> None:
    sink.text_answers.append(answer)
    assert isinstance(send(post, LETTER), kind)
    assert send(post, LETTER) == Accepted()


def test_does_not_know_what_became_of_a_letter_when_the_line_breaks_on_the_way(
    post: SmtpPost, sink: Sink
) -> None:
    sink.hangs_up_on.add("zoe@bergmann.example")
    assert isinstance(send(post, LETTER), LostContact)
    assert send(post, to("sven@bergmann.example")) == Accepted()


def test_opens_another_connection_when_the_server_has_had_enough_of_one(post: SmtpPost, sink: Sink) -> None:
    sink.letters_a_connection = 2
    assert [send(post, LETTER) for _ in range(5)] == [Accepted()] * 5
    assert len(sink.connections) == 3


def test_wants_tls_where_it_was_told_to(sink: Sink) -> None:
    with listening(sink) as url:
        verdict = send(SmtpPost(url.replace("none", "starttls"), timeout=5), LETTER)
    assert isinstance(verdict, Deferred) and verdict.concerns_all
    assert "STARTTLS" in verdict.reason and not sink.accepted


def test_a_missing_sign_in_concerns_all_letters(post: SmtpPost, sink: Sink) -> None:
    sink.sender_answer = "530 5.7.0 authentication required"
    verdict = send(post, LETTER)
    assert isinstance(verdict, Deferred) and verdict.concerns_all and "530" in verdict.reason


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example", Server("mail.example", 587, "starttls")),
        ("smtp://mail.example?tls=implicit", Server("mail.example", 465, "implicit")),
        (
            "smtp://us%40er:p%3Aw@mail.example:2525?tls=none",
            Server("mail.example", 2525, "none", "us@er", "p:w"),
        ),
    ],
)
def test_reads_the_address_of_a_server(url: str, server: Server) -> None:
    assert Server.of(url) == server


@pytest.mark.parametrize(
    "url",
    ["mail.example", "http://mail.example", "smtp://mail.example?tls=maybe", "smtp://:25", "smtp://m:x"],
)
def test_says_how_an_address_is_written(url: str) -> None:
    with pytest.raises(Refused, match=r"Write smtp://"):
        Server.of(url)


def test_never_shows_the_password() -> None:
    with pytest.raises(Refused) as refused:
        Server.of("smtps://user:secret@mail.example")
    assert "secret" not in str(refused.value)
