"""Calendars to subscribe to: what their owner may see and no more, sent again only when it changed, shut when closed."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from drumbeat.apps.meetings.actions import (
    Arrangement,
    add_point,
    arrange_meeting,
    arrange_series,
    cancel_meeting,
    move_meeting,
)
from drumbeat.apps.meetings.models import Meeting
from drumbeat.apps.partners.models import Assignment
from drumbeat.apps.people.models import Account
from drumbeat.core.icalreading import read_calendar
from drumbeat.core.refusal import Refused
from drumbeat.workflows.feeding import close_feed, feeds_of, open_feed
from tests.independent.parsers import ALL, understood
from tests.world import AT, World, build_world

pytestmark = pytest.mark.django_db
STARTS_AT = AT + timedelta(days=4)
DAY = timedelta(days=1)


@pytest.fixture
def world(settings) -> World:
    settings.CLOCK_OFFSET = (AT - datetime.now(UTC)).total_seconds()
    world = build_world()
    arrange(world, "ours", world.bergmann, world.alice)
    arrange(world, "theirs", world.kestrel, world.bob)
    return world


def arrange(world: World, key: str, partner, organiser, guests=()) -> Meeting:
    return arrange_meeting(
        Arrangement(
            key,
            title=f"Review {partner.name}",
            organiser=organiser,
            guests=[organiser, *guests],
            starts_at=STARTS_AT,
            minutes=60,
            zone=partner.zone,
            partner=partner,
        ),
        at=AT,
    )


def path_of(kind: str, by: Account, **more) -> str:
    return open_feed(kind, by=by, at=AT, **more).address.removeprefix("http://127.0.0.1:8000")


def titles(path: str) -> list[str]:
    page = Client().get(path)
    assert page.status_code == 200 and page["Content-Type"] == "text/calendar; charset=utf-8"
    return sorted(event.summary for event in read_calendar(page.content).events)


def test_each_shows_what_its_owner_may_see(world: World) -> None:
    arrange(world, "asked", world.kestrel, world.bob, [world.alice])
    ours, theirs = "Review Bergmann Systemhaus", "Review Kestrel Cloud"
    assert titles(path_of("own", world.alice)) == [ours, theirs]
    assert titles(path_of("own", world.dora)) == []
    assert titles(path_of("team", world.dora)) == [ours, theirs, theirs]
    assert titles(path_of("partner", world.alice, partner=world.bergmann)) == [ours]
    for by, kind, more in ((world.alice, "team", {}), (world.alice, "partner", {"partner": world.kestrel})):
        with pytest.raises(Refused):
            open_feed(kind, by=by, at=AT, **more)


def test_a_partner_handed_over_leaves_the_calendar(world: World) -> None:
    arrange(world, "of-dora", world.fjord, world.dora)
    path = path_of("partner", world.alice, partner=world.fjord)
    assert titles(path) == ["Review Fjord Data"]
    Assignment.objects.filter(partner=world.fjord).update(until_on=AT.date())
    assert titles(path) == []


def test_asked_again_it_is_sent_when_it_changed_and_only_then(world: World) -> None:
    path, client = path_of("own", world.alice), Client()
    first = client.get(path)
    known = {"If-None-Match": first["ETag"], "If-Modified-Since": first["Last-Modified"]}
    assert client.get(path, headers=known).status_code == 304
    assert client.get(path, headers={"If-Modified-Since": first["Last-Modified"]}).status_code == 304
    meeting, later = Meeting.objects.get(organiser=world.alice), AT + timedelta(hours=1)
    for change in (
        lambda at: move_meeting(meeting, STARTS_AT + DAY, by=world.alice, at=at),
        lambda at: add_point(meeting, "The price list", by=world.alice, at=at),
        lambda at: cancel_meeting(meeting, by=world.alice, at=at),
    ):
        before = client.get(path)
        later += timedelta(minutes=1)
        change(later)
        for sent in ({"If-None-Match": before["ETag"]}, {"If-Modified-Since": before["Last-Modified"]}):
            assert client.get(path, headers=sent).status_code == 200
    [event] = read_calendar(client.get(path).content).events
    assert (event.status, event.sequence) == ("CANCELLED", 2)
    assert client.head(path).status_code == 200 and not client.cookies


def test_closed_or_altered_it_opens_nothing(world: World) -> None:
    path = path_of("own", world.alice)
    [feed] = feeds_of(world.alice)
    with pytest.raises(Refused, match="somebody else's"):
        close_feed(feed.link.pk, by=world.dora, at=AT)
    assert Client().get(path.replace("/own/", "/team/")).status_code == 404
    assert Client().get(path[:-6] + "x.ics").status_code == 404
    assert Client().post(path).status_code == 405
    close_feed(feed.link.pk, by=world.alice, at=AT)
    assert Client().get(path).status_code == 410 and feeds_of(world.alice) == []
    again = open_feed("own", by=world.alice, at=AT + DAY).address.removeprefix("http://127.0.0.1:8000")
    assert Client().get(again).status_code == 200 and Client().get(path).status_code == 404


def test_who_left_reads_no_more(world: World) -> None:
    path = path_of("team", world.dora)
    Account.objects.filter(pk=world.dora.pk).update(is_active=False)
    assert Client().get(path).status_code == 410


def test_it_asks_the_database_as_often_for_many_as_for_few(world: World) -> None:
    path = path_of("own", world.alice)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            Client().get(path)
        return len(asked)

    few = queries()
    arrange_series(
        "many", rhythm="week", times=20, title="Call", organiser=world.alice, guests=[world.petra],
        starts_at=STARTS_AT, minutes=30, zone="Europe/Berlin", at=AT,
    )  # fmt: skip
    assert len(titles(path)) == 21 and queries() == few


@pytest.mark.django_db(transaction=True)
@pytest.mark.xdist_group("parsers")
@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl as a client")
def test_a_client_of_its_own_fetches_it(world: World, live_server, tmp_path: Path, request) -> None:
    """curl keeps the ETag and compares it by its own rules; what it got, two other parsers read."""
    url, body, etag = live_server.url + path_of("own", world.alice), tmp_path / "own.ics", tmp_path / "etag"

    def fetch() -> str:
        command = ["curl", "-s", "-o", str(body), "-w", "%{http_code}", "--etag-save", str(etag), url]
        compared = ["--etag-compare", str(etag)] if etag.exists() else []
        return subprocess.run([*command, *compared], capture_output=True, text=True, check=True).stdout

    assert fetch() == "200"
    text = body.read_bytes()
    assert fetch() == "304"
    for parser in ALL:
        told = understood(parser, text, request.config.cache)
        assert [one["summary"] for one in told["events"]] == ["Review Bergmann Systemhaus"]
        assert told["complaints"] == []
