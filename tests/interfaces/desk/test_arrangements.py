"""Meetings by hand on their pages: what is asked, what is shown while one writes, what is arranged, moved and called off."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from drumbeat.apps.meetings.models import Meeting, Series
from drumbeat.apps.messages.models import Message

from .scene import Scene

LIVE = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "live"}


@pytest.fixture
def alice(scene: Scene, browser) -> Client:
    return browser(scene.world.alice)


def asked(scene: Scene, **more: object) -> dict[str, object]:
    return {
        "title": "Price list", "partner": scene.world.bergmann.key, "theirs": ["sales_lead"], "minutes": "45",
        "rhythm": "once", "times": "3", "stamp": "now", **more,
    }  # fmt: skip


def arrange(client: Client, values: dict[str, object]) -> Meeting:
    response = client.post(reverse("arrangement"), values | {"act": "invite"})
    assert response.status_code == 302, re.findall(r'class="errorlist.*?</ul>', response.content.decode())
    return Meeting.objects.get(pk=int(response["Location"].strip("/").rpartition("/")[2]))


def series_of(client: Client, scene: Scene) -> Series:
    meeting = arrange(client, asked(scene, rhythm="week", starts_at="2026-06-16T10:00"))
    assert meeting.series
    return meeting.series


def starts(series: Series) -> list[str]:
    return [f"{one.starts_at:%d %H:%M} {one.state}" for one in series.meetings.order_by("original_at")]


def test_the_lists_and_the_partner_lead_to_it(scene: Scene, alice: Client) -> None:
    url = reverse("arrangement")
    assert f'href="{url}"' in alice.get(reverse("meetings")).content.decode()
    key = scene.world.bergmann.key
    assert f'href="{url}?partner={key}"' in alice.get(reverse("partner", args=[key])).content.decode()
    opened = alice.get(f"{url}?partner={key}").content.decode()
    assert f'<option value="{key}" selected>' in opened and "Sven Sommer" in opened
    assert "Kestrel" not in opened, "another manager's partner"


def test_who_comes_and_when_follow_what_is_written(scene: Scene, alice: Client) -> None:
    """Petra, who has the role, and Alice; the weekly review of both at 10:30 on Thursday is in the way."""
    shown = alice.post(reverse("arrangement"), asked(scene, theirs=["principal"]), **LIVE).content.decode()
    assert "<html" not in shown
    assert "Petra Bergmann" in shown and "Sven" not in shown
    values = re.findall(r'name="offer" value="([^"]+)"', shown)
    assert len(values) == 5 and values[0] == "2026-06-10T10:00"
    chosen = alice.post(
        reverse("arrangement"), asked(scene, theirs=["principal"], starts_at="2026-06-11T10:00"), **LIVE
    ).content.decode()
    assert "At the same time: Quarterly review" in chosen
    alone = alice.post(reverse("arrangement"), asked(scene, partner=""), **LIVE).content.decode()
    assert "Offered when somebody else comes" in alone


def test_dates_of_a_series_name_their_holidays(scene: Scene, alice: Client) -> None:
    values = asked(scene, rhythm="week", times="20", starts_at="2026-06-16T10:00")
    shown = alice.post(reverse("arrangement"), values, **LIVE).content.decode()
    assert "20 dates" in shown and "Alice Ahrens is on leave" not in shown, "her leave is not approved yet"
    values = asked(scene, rhythm="week", times="26", starts_at="2026-07-03T10:00")
    assert "No working day for" in alice.post(reverse("arrangement"), values, **LIVE).content.decode()


def test_a_meeting_is_arranged_once(scene: Scene, alice: Client) -> None:
    before = Message.objects.count()
    values = asked(
        scene, offer="2026-06-15T10:00", points="The new list\n\nDiscounts", is_agenda_filled="on",
        ours=["director"], video_url="meet.example/x",
    )  # fmt: skip
    meeting = arrange(alice, values)
    assert meeting.starts_at == datetime(2026, 6, 15, 8, tzinfo=UTC) and meeting.minutes == 45
    assert [one.who for one in meeting.attendees.order_by("pk")] == [
        scene.world.alice,
        scene.world.dora,
        scene.world.sven,
    ]
    assert meeting.video_url == "https://meet.example/x"
    assert [point.text for point in meeting.points.all()][-2:] == ["The new list", "Discounts"]
    assert Message.objects.count() == before + 3
    assert arrange(alice, values) == meeting and Message.objects.count() == before + 3


def test_who_is_left_out_gets_nothing(scene: Scene, alice: Client) -> None:
    out = f"contact:{scene.world.sven.pk}"
    values = asked(scene, theirs=["sales_lead", "principal"], left_out=[out], offer="2026-06-15T10:00")
    people = {one.who for one in arrange(alice, values).attendees.all()}
    assert people == {scene.world.alice, scene.world.petra}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"title": ""}, "This field is required"),
        ({"offer": ""}, "Choose one of the times"),
        ({"offer": "", "starts_at": "soon"}, "is no moment"),
        ({"offer": "2026-06-01T10:00"}, "This time is past"),
        ({"partner": "kestrel-cloud"}, "Select a valid choice"),
        ({"theirs": []}, "Nobody else comes"),
        ({"rhythm": "week", "times": "40"}, "less than or equal to 26"),
    ],
)
def test_what_is_missing_or_wrong_is_said(scene: Scene, alice: Client, wrong: dict, said: str) -> None:
    values = asked(scene, offer="2026-06-15T10:00") | wrong | {"act": "invite"}
    response = alice.post(reverse("arrangement"), values)
    assert response.status_code == 200 and said in response.content.decode()
    assert not Meeting.objects.filter(title="Price list").exists()


def test_without_scripts_a_button_shows_the_same(scene: Scene, alice: Client) -> None:
    shown = alice.post(reverse("arrangement"), asked(scene, act="look")).content.decode()
    assert "<html" in shown and 'value="Price list"' in shown and "Sven Sommer" in shown


def test_one_date_or_all_that_follow_move(scene: Scene, alice: Client) -> None:
    series = series_of(alice, scene)
    second = series.meetings.order_by("original_at")[1]
    url = reverse("meeting_time", args=[second.pk])
    assert "This one and all that follow" in alice.get(url).content.decode()
    values = {"act": "move", "minutes": "45", "starts_at": "2026-06-24T11:00", "scope": "one"}
    alice.post(url, values)
    assert starts(series) == ["16 08:00 arranged", "24 09:00 arranged", "30 08:00 arranged"]
    look = {"minutes": "45", "starts_at": "2026-06-24T12:00", "scope": "following"}
    assert "2 dates" in alice.post(url, look, **LIVE).content.decode()
    alice.post(url, look | {"act": "move", "room": "Room 5"})
    assert starts(series) == ["16 08:00 arranged", "24 10:00 arranged", "30 09:00 arranged"]
    assert {one.room for one in series.meetings.all()} == {"", "Room 5"}
    page = alice.get(reverse("meeting", args=[second.pk])).content.decode()
    assert "Every week" in page and f"?series={series.pk}" in page


def test_only_the_place_may_change(scene: Scene, alice: Client) -> None:
    url = reverse("meeting_time", args=[scene.meeting.pk])
    alice.post(url, {"act": "move", "minutes": "90", "room": "Room 7"})
    moved = Meeting.objects.get(pk=scene.meeting.pk)
    assert (moved.room, moved.starts_at, moved.sequence) == ("Room 7", scene.meeting.starts_at, 1)


def test_one_date_or_all_that_follow_are_called_off(scene: Scene, alice: Client) -> None:
    series = series_of(alice, scene)
    first, second, _ = series.meetings.order_by("original_at")
    alice.post(reverse("cancellation", args=[first.pk]))
    assert [one.rpartition(" ")[2] for one in starts(series)] == ["cancelled", "arranged", "arranged"]
    alice.post(reverse("cancellation", args=[second.pk]), {"scope": "following"})
    assert [one.rpartition(" ")[2] for one in starts(series)] == ["cancelled"] * 3


def test_it_is_noted_that_it_was_held(scene: Scene, alice: Client, at_moment) -> None:
    meeting = arrange(alice, asked(scene, offer="2026-06-15T10:00"))
    at_moment(meeting.starts_at + timedelta(hours=1))
    assert "Was it held?" in alice.get(reverse("meeting", args=[meeting.pk])).content.decode()
    alice.post(reverse("meeting_presence", args=[meeting.pk]), {"absent": "partner"})
    meeting.refresh_from_db()
    assert meeting.state == "held"
    assert meeting.attendees.get(contact=scene.world.sven).attended is False


def test_the_agenda_is_filled_anew_by_a_button(scene: Scene, alice: Client) -> None:
    meeting = arrange(alice, asked(scene, offer="2026-06-15T10:00", points="Mine"))
    assert meeting.points.count() == 1
    alice.post(reverse("meeting_open_points", args=[meeting.pk]))
    assert meeting.points.count() > 1 and meeting.points.filter(person=scene.world.alice).exists()


def test_it_asks_the_database_as_often_for_many_dates_as_for_one(scene: Scene, alice: Client) -> None:
    def queries(**more: object) -> int:
        with CaptureQueriesContext(connection) as found:
            alice.post(reverse("arrangement"), asked(scene, starts_at="2026-06-16T10:00", **more), **LIVE)
        return len(found)

    queries()
    one = queries()
    for number in range(6):
        arrange(alice, asked(scene, stamp=str(number), offer=f"2026-07-0{number + 1}T10:00"))
    assert queries(rhythm="week", times="26") == one
