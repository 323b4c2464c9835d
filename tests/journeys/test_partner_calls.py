"""A routine's call from its opening to the record of both sides: the agenda's mail and the partner's own point, a yes from the
partner's calendar by way of a real mailbox, minutes that keep the promise, a commitment acknowledged by link and then overdue."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from drumbeat.apps.ledger.models import Commitment, Standing
from drumbeat.apps.ledger.queries import on_time_record
from drumbeat.apps.meetings.models import Meeting
from drumbeat.apps.messages.models import Message
from drumbeat.apps.people.actions import set_password
from drumbeat.core.icalreading import read_calendar
from drumbeat.integrations.fakes import OutboxPost
from drumbeat.integrations.imap import ImapMailbox
from drumbeat.interfaces.portal import door
from drumbeat.workflows.beating import beat
from drumbeat.workflows.reading_mail import read_mailbox
from tests.integrations.mailboxes import DOVECOT, Server, running
from tests.workflows.channel import DUE, HOUR, MEETING, START, run, step_of, text_of
from tests.world import World, build_world

from .conftest import PASSWORD
from .test_forms import keep_picture

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(DOVECOT is None, reason="needs Dovecot (Debian's package dovecot-imapd)"),
]
DAY = timedelta(days=1)
OPENS = DUE - HOUR
ROUTINE = text_of(MEETING.replace("due: +2h}", "promised: true, due: +2h}"))


@pytest.fixture
def turn(settings) -> Callable[[datetime], None]:
    def to(at: datetime) -> None:
        settings.CLOCK_OFFSET = (at - datetime.now(UTC)).total_seconds()

    return to


@pytest.fixture
def world(transactional_db: None, turn: Callable[[datetime], None]) -> World:
    door.forget_calls()
    turn(OPENS)
    world = build_world(at=START)
    set_password(world.alice, PASSWORD, by=None, at=START)
    return world


def reply_to(invitation: Message, guest: str) -> bytes:
    """As the guest's calendar program writes it from the invitation that it got."""
    [event] = read_calendar(bytes(invitation.attachments.get().content or b"")).events
    assert event.organizer
    return (
        f"From: {guest}\r\nTo: {event.organizer.email}\r\nSubject: Accepted\r\nMessage-ID: <yes@guest>\r\n"
        "MIME-Version: 1.0\r\nContent-Type: text/calendar; method=REPLY; charset=utf-8\r\n\r\n"
        "BEGIN:VCALENDAR\r\nPRODID:-//Guest//EN\r\nVERSION:2.0\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\n"
        f"UID:{event.uid}\r\nSEQUENCE:{event.sequence}\r\nDTSTAMP:20260602T071500Z\r\nDTSTART:20260602T080000Z\r\n"
        f"ORGANIZER:mailto:{event.organizer.email}\r\nATTENDEE;PARTSTAT=ACCEPTED:mailto:{guest}\r\n"
        "END:VEVENT\r\nEND:VCALENDAR\r\n"
    ).encode()


@contextmanager
def mailbox_server() -> Iterator[Server]:
    """In a folder that Dovecot's own user may enter."""
    with tempfile.TemporaryDirectory(prefix="imap", dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        with running(Path(folder) / "d") as server:
            yield server


def by_link(browser: Browser, server: str, letter: Message, noun: str) -> Page:
    """The partner's own browser, on a phone, without an account."""
    found = re.search(rf"(/{noun}/\S+/)", letter.text)
    assert found, letter.text
    page = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    page.goto(server + found[1])
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    return page


def test_a_call_from_its_opening_to_the_record(
    world: World, page: Page, chromium: Browser, sign_in, live_server, turn
) -> None:
    sven, post = world.sven, OutboxPost()
    [occurrence] = run(ROUTINE, [world.bergmann], OPENS)
    beat(at=OPENS, post=post)
    meeting = Meeting.objects.get()
    ahead = Message.objects.get(key__startswith="step:", contact=sven)
    theirs = by_link(chromium, live_server.url, ahead, "agendas")
    theirs.get_by_label("What do you want to talk about").fill("The fair in autumn")
    theirs.get_by_role("button", name="Put it on the agenda").click()
    expect(theirs.get_by_role("status")).to_contain_text("both sides see it")
    keep_picture(theirs, "portal-agenda-390")

    with mailbox_server() as mailbox:
        mailbox.put(reply_to(Message.objects.get(key__startswith="meeting:", contact=sven), sven.email))
        with closing(ImapMailbox(mailbox.url)) as box:
            assert read_mailbox(box, at=OPENS) == {"calendar reply": 1}
    sign_in(world.alice.email)
    page.goto(f"{live_server.url}/meetings/{meeting.pk}/")
    expect(page.locator(".facts")).to_contain_text("1 of 1 accepted")
    expect(page.locator("main")).to_contain_text("The fair in autumn")
    expect(page.locator("main")).to_contain_text("brought by Sven Sommer")

    turn(DUE + HOUR)
    page.reload()
    page.locator("#line").fill("Sven: send the price list by 12 June")
    page.get_by_role("button", name="Note", exact=True).click()
    page.get_by_role("button", name="Note it").click()
    page.goto(f"{live_server.url}/meetings/{meeting.pk}/")
    page.get_by_role("button", name="Send the minutes to both sides").click()
    expect(page.locator("#flash")).to_contain_text("go to both sides")
    keep_picture(page, "meeting-1440")
    beat(at=DUE + HOUR + timedelta(minutes=20), post=post)
    share = step_of(occurrence, "share")
    assert (share.state, Standing.objects.get(promise=share.promise_id).outcome) == ("done", "kept")

    minutes = Message.objects.get(subject__startswith="Minutes:", contact=sven)
    theirs = by_link(chromium, live_server.url, minutes, "answers")
    keep_picture(theirs, "portal-answers-390")
    theirs.get_by_role("button", name="Yes, I will").click()
    expect(theirs.get_by_role("status")).to_contain_text("It is a promise now")
    said = Commitment.objects.get(text="Send the price list")
    assert said.promise

    later = said.due_at + 2 * HOUR
    turn(later)
    page.goto(f"{live_server.url}/partners/{world.bergmann.key}/")
    expect(page.locator(f"#commitment-{said.pk}")).to_contain_text("2 h late")
    june = {"from_on": date(2026, 6, 1), "until_on": date(2026, 7, 1), "partner": world.bergmann, "at": later}
    ours, partners = (on_time_record(side=side, **june).people for side in ("vendor", "partner"))
    assert (partners.overdue, partners.kept) == (1, 0), "theirs is late"
    assert (ours.kept, ours.overdue) == (1, 0), "and ours, the call itself, was kept"
