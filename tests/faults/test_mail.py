"""Mail servers that are slow, break off, greylist, refuse or are gone; clocks that are set back: each letter leaves once, or its row
says what nobody knows. The servers are real, on this machine."""

from __future__ import annotations

import tempfile
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword

from drumbeat.apps.messages.actions import write_message
from drumbeat.apps.messages.actions.sending import LEASE, claim_messages
from drumbeat.apps.messages.models import Message, ReadingPlace, Received
from drumbeat.integrations.imap import ImapMailbox
from drumbeat.integrations.letters import Envelope, Verdict
from drumbeat.integrations.smtp import SmtpPost
from drumbeat.workflows.posting import Sent, expire_leases, send_queued
from drumbeat.workflows.reading_mail import read_mailbox
from tests.integrations.faulty import POINTS, Faulty, failing
from tests.integrations.mailboxes import DOVECOT, running
from tests.integrations.servers import free_port
from tests.workflows.posts import Killed
from tests.world import World, build_world

pytestmark = pytest.mark.django_db
AT = datetime(2026, 6, 2, 9, tzinfo=UTC)
MINUTE, PATIENCE = timedelta(minutes=1), 0.4
DURING_THE_TEXT = ("halfway", "before_keeping", "after_keeping")


@pytest.fixture
def world() -> World:
    return build_world(at=AT)


@pytest.fixture
def letters(world: World) -> None:
    """Two, to Sven and to Petra, in this order."""
    for contact in (world.sven, world.petra):
        write_message(
            f"test:{contact.pk}", to=contact, partner=world.bergmann, subject="x", text="Hello", at=AT
        )


def states() -> list[str]:
    return list(Message.objects.order_by("pk").values_list("state", flat=True))


def arrived(sink: Faulty) -> list[str]:
    return [address for kept in sink.accepted for address in kept.rcpt_tos]


def send(url: str, at: datetime = AT) -> Sent:
    return send_queued(SmtpPost(url, timeout=PATIENCE), at=at)


@pytest.mark.parametrize("fault", ["hang up", "silence"])
@pytest.mark.parametrize("point", POINTS)
def test_a_line_that_breaks_or_falls_silent_loses_and_doubles_nothing(
    world: World, letters: None, point: str, fault: str
) -> None:
    sink = Faulty(point=point, fault=fault)
    with failing(sink) as url:
        first = send(url)
        if point in DURING_THE_TEXT:
            assert first == Sent(accepted=1, uncertain=1)
            assert states() == ["uncertain", "sent"]
        else:
            assert first == Sent(deferred=1), "nothing was handed in: all wait, and nobody asks"
            assert states() == ["queued", "queued"]
        for minutes in (1, 6, 60, 6000):
            send(url, AT + minutes * MINUTE)
    expected = [world.sven.email] * (point == "after_keeping" or point not in DURING_THE_TEXT)
    assert sorted(arrived(sink)) == sorted([*expected, world.petra.email])


@pytest.mark.parametrize("point", ["recipient", "go_ahead", "before_keeping"])
def test_greylisted_letters_come_again_after_a_pause_and_arrive_once(
    world: World, letters: None, point: str
) -> None:
    sink = Faulty(point=point, fault="451 4.7.1 greylisted, come back", times=2)
    with failing(sink) as url:
        assert send(url) == Sent(deferred=2)
        assert send(url, AT + MINUTE - timedelta(seconds=1)) == Sent(), "not before the pause is over"
        assert send(url, AT + MINUTE) == Sent(accepted=2)
        assert send(url, AT + 60 * MINUTE) == Sent()
    assert arrived(sink) == [world.sven.email, world.petra.email]
    assert {message.attempts for message in Message.objects.all()} == {2}


def test_one_of_several_is_refused_and_the_others_arrive(world: World, letters: None) -> None:
    sink = Faulty(answers={world.sven.email: "550 5.1.1 no such user"})
    with failing(sink) as url:
        assert send(url) == Sent(accepted=1, rejected=1)
        assert send(url, AT + 600 * MINUTE) == Sent()
    refused = Message.objects.get(contact=world.sven)
    assert refused.state == "failed" and refused.error.endswith("550 5.1.1 no such user")
    assert arrived(sink) == [world.petra.email]


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_refused_sign_in_holds_all_back_until_it_is_mended(world: World, letters: None) -> None:
    sink = Faulty()

    def judge(server: object, session: object, envelope: object, mechanism: str, given: object) -> AuthResult:
        return AuthResult(success=given == LoginPassword(b"us", b"right"), handled=False)

    with failing(sink, authenticator=judge, auth_required=True, auth_require_tls=False) as url:
        assert send(url.replace("smtp://", "smtp://us:wrong@")) == Sent(deferred=1)
        waiting = list(Message.objects.order_by("pk"))
        assert [message.attempts for message in waiting] == [1, 0], "one attempt tells of all"
        assert all("sign-in was refused (535" in message.error for message in waiting)
        assert not any("wrong" in message.error for message in waiting), "no password in the row"
        assert send(url.replace("smtp://", "smtp://us:right@"), AT + MINUTE) == Sent(accepted=2)
    assert arrived(sink) == [world.sven.email, world.petra.email]


@pytest.mark.parametrize("has_left", [False, True])
def test_a_worker_that_dies_before_or_after_the_servers_word_doubles_nothing(
    world: World, letters: None, has_left: bool
) -> None:
    class Dying(SmtpPost):
        def deliver(self, envelope: Envelope) -> Verdict:
            if has_left:
                super().deliver(envelope)
            raise Killed

    sink = Faulty()
    with failing(sink) as url:
        with pytest.raises(Killed):
            send_queued(Dying(url, timeout=PATIENCE), at=AT)
        assert states() == ["sending", "queued"]
        assert expire_leases(at=AT + LEASE) == 1
        assert send(url, AT + LEASE) == Sent(accepted=1)
    assert states() == ["uncertain", "sent"]
    assert arrived(sink) == [world.sven.email] * has_left + [world.petra.email]


def test_a_clock_set_back_doubles_nothing_and_keeps_no_letter_for_days(world: World, letters: None) -> None:
    sink = Faulty(point="sender", fault="451 4.3.0 later", times=2)
    ahead = AT + timedelta(days=10)
    with failing(sink) as url:
        claim_messages(at=ahead, limit=1)  # by a worker whose clock ran ahead, and which died
        assert send(url) == Sent(deferred=2), "what it had reserved is free"
        assert send(url, AT - timedelta(hours=3)) == Sent(), "the pause of an attempt is waited for"
        assert send(url, AT + MINUTE) == Sent(accepted=2)
        assert send(url, AT - timedelta(days=1)) == Sent()
    assert arrived(sink) == [world.sven.email, world.petra.email]


def test_what_a_worker_of_a_clock_ahead_left_on_the_wire_is_soon_uncertain(
    world: World, letters: None
) -> None:
    sink = Faulty(point="sender", fault="silence")

    class Dying(SmtpPost):
        def deliver(self, envelope: Envelope) -> Verdict:
            raise Killed

    with failing(sink) as url, pytest.raises(Killed):
        send_queued(Dying(url), at=AT + timedelta(days=10))
    assert expire_leases(at=AT) == 1
    assert states() == ["uncertain", "queued"]


def reply(number: int) -> bytes:
    return (
        f"From: zoe@p.example\r\nMessage-ID: <r{number}@p.example>\r\nSubject: Hello\r\n\r\nHi\r\n".encode()
    )


@pytest.mark.skipif(DOVECOT is None, reason="Dovecot is absent")
def test_a_mailbox_that_goes_down_and_comes_back_is_read_on_from_its_place(world: World) -> None:
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="imap", dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with running(folder / "d", port) as server, closing(ImapMailbox(server.url, timeout=5)) as box:
            server.put(reply(1))
            assert read_mailbox(box, at=AT) == {"other": 1}
            server.put(reply(2))
        assert read_mailbox(box, at=AT + MINUTE) == {}
        assert "refused" in ReadingPlace.objects.get().error
        with running(folder / "d", port), closing(box):
            assert read_mailbox(box, at=AT + 2 * MINUTE) == {"other": 1}
            assert read_mailbox(box, at=AT + 3 * MINUTE) == {}
    assert (ReadingPlace.objects.get().error, Received.objects.count()) == ("", 2)
