"""Both sides bring points by the link of the agenda's mail, until the meeting begins; the machine's refresh leaves them alone."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from drumbeat.apps.meetings.actions import MOST_POINTS, Point, fill_agenda
from drumbeat.apps.meetings.models import AgendaPoint, Meeting
from drumbeat.apps.messages.models import Message
from drumbeat.interfaces.portal import door
from drumbeat.workflows.bringing import link_to_bring
from drumbeat.workflows.performers import perform_due
from tests.workflows.channel import DUE, HOUR, MEETING, START, run, text_of
from tests.world import World, build_world

pytestmark = pytest.mark.django_db
AT = DUE - HOUR


@pytest.fixture
def world(settings) -> World:
    door.forget_calls()
    settings.CLOCK_OFFSET = (AT - datetime.now(UTC)).total_seconds()
    world = build_world(at=START)
    run(text_of(MEETING), [world.bergmann], AT)
    perform_due(at=AT)
    return world


def path_of(world: World, who=None) -> str:
    link = link_to_bring(Meeting.objects.get(), who or world.sven, at=AT)
    return link.removeprefix("http://127.0.0.1:8000")


def own() -> list[tuple[str, str]]:
    return list(
        AgendaPoint.objects.exclude(contact=None, person=None).order_by("pk").values_list("text", "side")
    )


def test_from_the_mail_to_the_agenda(world: World) -> None:
    ahead = Message.objects.get(key__startswith="step:", contact=world.sven).text
    found = re.search(r"(/agendas/\S+/)", ahead)
    assert found and found[1] == path_of(world) and "Put it on the agenda here" in ahead
    client = Client(enforce_csrf_checks=True)
    for _ in range(3):
        page = client.get(found[1])
    assert page.status_code == 200 and "deals that moved" in page.text and own() == [], (
        "looking changes nothing"
    )
    said = client.post(found[1], {"text": "The <b>fair</b>\n in autumn"}, follow=True)
    assert "both sides see it" in said.text and "The &lt;b&gt;fair&lt;/b&gt; in autumn" in said.text
    assert own() == [("The <b>fair</b> in autumn", "partner")]
    client.post(path_of(world, world.alice), {"text": "The price list"})
    assert own()[1] == ("The price list", "vendor")


def test_a_refresh_by_the_machine_leaves_them(world: World) -> None:
    Client().post(path_of(world), {"text": "The fair"})
    meeting = Meeting.objects.get()
    fill_agenda(meeting, [Point("New"), Point("The fair")], at=AT)
    assert [point.text for point in meeting.points.all()] == ["New", "The fair"]


def test_only_one_s_own_is_taken_back(world: World) -> None:
    Client().post(path_of(world), {"text": "The fair"})
    point = AgendaPoint.objects.get(text="The fair")
    other = Client().post(path_of(world, world.petra), {"back": point.pk})
    assert "somebody else" in other.text and "Take back" not in other.text
    assert "not on the agenda any more" in Client().post(path_of(world), {"back": "999999"}).text
    Client().post(path_of(world), {"back": point.pk})
    assert own() == []


def test_what_says_nothing_or_too_much_is_refused(world: World) -> None:
    path = path_of(world)
    assert "says nothing" in Client().post(path, {"text": "  \n"}).text
    for number in range(MOST_POINTS):
        Client().post(path, {"text": f"Point {number}"})
    refused = Client().post(path, {"text": "One more"})
    assert (
        refused.status_code == 422
        and "12 points already" in refused.text
        and 'value="One more"' in refused.text
    )
    assert len(own()) == MOST_POINTS


def test_once_it_has_begun_the_agenda_stays(world: World, settings) -> None:
    path = path_of(world)
    settings.CLOCK_OFFSET += timedelta(hours=2).total_seconds()
    assert "has begun" in Client().post(path, {"text": "Late"}).text and own() == []
