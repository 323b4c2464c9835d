"""The meeting's page, run live: ticks, texts of two people at once, attendance, commitments by one line, minutes sent."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from drumbeat.apps.ledger.actions import acknowledge_commitment, propose_commitment
from drumbeat.apps.ledger.models import Commitment, Promise
from drumbeat.apps.meetings.actions import take_counter
from drumbeat.apps.meetings.models import AgendaPoint, CalendarCopy, Meeting
from drumbeat.apps.messages.models import Message
from drumbeat.integrations.caldav import CalDavShelf
from drumbeat.workflows.pushing import push_due
from tests.integrations.calendars import PASSWORD, USER, calendar_server

from .scene import AT, Scene

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def alice(scene: Scene, browser) -> Client:
    return browser(scene.world.alice)


def queries_of(client: Client, scene: Scene) -> int:
    with CaptureQueriesContext(connection) as queries:
        page(client, scene)
    return len(queries)


def page(client: Client, scene: Scene) -> str:
    return client.get(reverse("meeting", args=[scene.meeting.pk])).content.decode()


def test_points_are_ticked_and_taken_up_again(scene: Scene, alice: Client) -> None:
    point = scene.meeting.points.first()
    url = reverse("point_completion", args=[point.pk])
    alice.post(url)
    assert "1 of 2" in page(alice, scene)
    assert b'aria-pressed="false"' in alice.delete(url, **HTMX).content
    assert not AgendaPoint.objects.filter(is_done=True).exists()


def test_two_people_at_once_lose_nothing(scene: Scene, alice: Client, browser) -> None:
    dora, point = browser(scene.world.dora), scene.meeting.points.first()
    url = reverse("point_notes", args=[point.pk])
    alice.post(url, {"text": "Results\nshown", "base": "", "version": "0"}, **HTMX)
    merged = dora.post(url, {"text": "Dora adds", "base": "", "version": "0"}, **HTMX)
    point.refresh_from_db()
    assert (point.notes, point.notes_version) == ("Results\nshown\nDora adds", 2)
    assert b"put together" in merged.content
    own = alice.post(url, {"text": "Results\nwere good", "base": "Results\nshown", "version": "1"}, **HTMX)
    point.refresh_from_db()
    assert point.notes == "Results\nwere good\nDora adds" and b"put together" in own.content
    clash = dora.post(url, {"text": "Figures", "base": "Results\nshown\nDora adds", "version": "2"}, **HTMX)
    point.refresh_from_db()
    assert point.notes == "Results\nwere good\nDora adds", "nobody's text is overwritten unseen"
    assert b"Figures</textarea>" in clash.content and b"were good" in clash.content
    dora.post(url, {"text": "Figures", "base": point.notes, "version": "3"})
    point.refresh_from_db()
    assert point.notes == "Figures"


def test_a_save_of_ones_own_disturbs_nothing(scene: Scene, alice: Client) -> None:
    url = reverse("point_decision", args=[scene.meeting.points.first().pk])
    response = alice.post(url, {"text": "We go on", "base": "", "version": "0"}, **HTMX)
    assert response["HX-Reselect"] == ".saved"
    assert alice.post(url, {"text": "We go on"}).status_code == 302, "and without scripts one goes back"


def test_a_line_becomes_a_commitment_or_says_why_not(scene: Scene, alice: Client) -> None:
    url = reverse("meeting_commitments", args=[scene.meeting.pk])
    refused = alice.post(url, {"line": "Petra: send the price list"})
    assert "Not a commitment yet: no date." in refused.content.decode()
    assert 'value="Petra: send the price list"' in refused.content.decode()
    alice.post(url, {"line": "Sven: send the price list by Fri"})
    said = Commitment.objects.latest("pk")
    assert (said.contact, said.text, said.origin_id) == (
        scene.world.sven,
        "Send the price list",
        scene.meeting.pk,
    )
    assert "waits for the owner&#x27;s yes" in page(alice, scene)


def test_a_yes_is_noted_and_it_comes_on_today_and_is_kept(scene: Scene, alice: Client, at_moment) -> None:
    one = scene.commitment
    alice.post(reverse("commitment_answer", args=[one.pk]), {"answer": "acknowledged"})
    today = alice.get(reverse("today")).content.decode()
    assert f'id="commitment-{one.pk}"' in today.split('id="head-waiting"')[1]
    partner = alice.get(reverse("partner", args=[scene.world.bergmann.key])).content.decode()
    assert "Send the list" in partner
    at_moment(AT + timedelta(days=4))
    line = alice.post(reverse("commitment_completion", args=[one.pk]), **HTMX).content.decode()
    assert "done" in line
    assert Promise.objects.get(commitment=one).standing.outcome == "late"


def test_a_slip_is_taken_back(scene: Scene, alice: Client) -> None:
    alice.post(reverse("commitment", args=[scene.commitment.pk]), {"_method": "delete"})
    assert not Commitment.objects.filter(pk=scene.commitment.pk).exists()


def test_attendance_is_noted_for_each(scene: Scene, alice: Client, at_moment) -> None:
    at_moment(scene.meeting.starts_at + timedelta(minutes=5))
    first = scene.meeting.attendees.first()
    alice.post(reverse("meeting_attendance", args=[first.pk]), {"attended": "yes"})
    first.refresh_from_db()
    assert first.attended is True and "was there" in page(alice, scene)


def test_the_minutes_go_to_both_sides(scene: Scene, alice: Client) -> None:
    point = scene.meeting.points.first()
    alice.post(reverse("meeting_points", args=[scene.meeting.pk]), {"text": "Next date"})
    alice.post(reverse("point_completion", args=[point.pk]))
    alice.post(reverse("point_decision", args=[point.pk]), {"text": "We go on", "base": "", "version": "0"})
    alice.post(reverse("meeting_dispatch", args=[scene.meeting.pk]))
    letters = Message.objects.filter(subject__startswith="Minutes:")
    assert {letter.to_address for letter in letters} == {scene.world.alice.email, scene.world.petra.email}
    text = letters.get(contact=scene.world.petra).text
    assert "**Decided:** We go on" in text
    assert "Petra Bergmann: Send the list by Friday 12 June 2026" in text
    assert "**Carried over to next time**" in text and "- Next date" in text
    assert "say yes" in text and "say yes" not in letters.get(person=scene.world.alice).text
    assert Meeting.objects.get(pk=scene.meeting.pk).minutes_sent_at


def test_empty_minutes_are_not_sent(scene: Scene, browser) -> None:
    bob, meeting = browser(scene.world.bob), scene.other_meeting
    scene.other_commitment.delete()
    told = bob.post(reverse("meeting_dispatch", args=[meeting.pk]), follow=True).content.decode()
    assert "There are no minutes yet" in told


def test_the_page_asks_the_same_however_much_there_is(scene: Scene, alice: Client) -> None:
    page(alice, scene)
    few = queries_of(alice, scene)
    for number in range(5):
        AgendaPoint.objects.create(meeting=scene.meeting, position=10 + number, text=f"Point {number}")
        one = propose_commitment(
            f"Thing {number}", scene.world.petra, date(2026, 6, 12), origin="meeting",
            origin_id=scene.meeting.pk, by=scene.world.alice, at=AT,
        )  # fmt: skip
        if number % 2:
            acknowledge_commitment(one, by=None, at=AT)
    assert queries_of(alice, scene) == few


def test_another_time_is_decided_on_the_page(scene: Scene, alice: Client) -> None:
    guest = scene.meeting.attendees.get(contact=scene.world.petra)
    take_counter(guest, AT + timedelta(days=3), 45, words="Only <then>", at=AT)
    shown = page(alice, scene)
    assert "asks for" in shown and "45 min" in shown and "Only &lt;then&gt;" in shown
    url = reverse("counter_decision", args=[guest.counters.get().pk])
    assert "The time stays" in alice.post(url, {"accepted": "no"}, follow=True).content.decode()
    assert "asks for" not in page(alice, scene)
    assert "settled already" in alice.post(url, {"accepted": "yes"}, follow=True).content.decode()


def test_calendars_are_opened_and_closed_on_a_page(scene: Scene, alice: Client) -> None:
    url = reverse("calendars")
    assert "Everybody" not in alice.get(url).content.decode(), "that is the director's"
    opened = alice.post(reverse("calendar_feeds"), {"kind": "own"}, follow=True).content.decode()
    address = re.search(r'value="http://[^/]+(/calendars/own/[^"]+)"', opened)
    assert address and Client().get(address[1]).status_code == 200
    partner = {"kind": "partner", "partner": scene.world.bergmann.key}
    assert (
        "Meetings with Bergmann"
        in alice.post(reverse("calendar_feeds"), partner, follow=True).content.decode()
    )
    strange = alice.post(
        reverse("calendar_feeds"), partner | {"partner": scene.world.kestrel.key}, follow=True
    )
    assert "no such partner" in strange.content.decode()
    pk = address[1].rsplit("/", 1)[1].partition("-")[0]
    alice.post(reverse("calendar_feed", args=[pk]), {"_method": "delete"})
    assert Client().get(address[1]).status_code == 410


@pytest.mark.xdist_group("radicale")
def test_an_own_calendar_is_connected_asked_about_and_closed(
    scene: Scene, alice: Client, tmp_path: Path, settings
) -> None:
    url = reverse("calendars")
    settings.WEBHOOK_NETWORKS = ["127.0.0.0/8"]
    with calendar_server(tmp_path / "radicale") as server:
        place = {"url": server.url, "user": USER, "password": PASSWORD}
        refused = alice.post(url, place | {"password": "wrong"}).content.decode()
        assert "does not let this user write there" in refused and "wrong" not in refused
        assert "within minutes" in alice.post(url, place, follow=True).content.decode()
        push_due(partial(CalDavShelf, allowed=settings.WEBHOOK_NETWORKS), at=AT)
        assert "1 meeting there" in alice.get(url).content.decode()
    CalendarCopy.objects.update(state="foreign")
    assert "Write ours again" in alice.get(url).content.decode()
    copy = reverse("calendar_copy", args=[CalendarCopy.objects.get().pk])
    assert "left as it is" in alice.post(copy, {"kept": "theirs"}, follow=True).content.decode()
    assert (
        "forgotten"
        in alice.post(reverse("own_calendar"), {"_method": "delete"}, follow=True).content.decode()
    )
