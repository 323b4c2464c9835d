"""Owners of commitments answer by signed link: looking changes nothing, and a token opens what it was made for."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from drumbeat.apps.ledger.actions import propose_commitment
from drumbeat.apps.ledger.models import Commitment
from drumbeat.apps.ledger.queries import on_time_record
from drumbeat.apps.meetings.actions import Arrangement, arrange_meeting
from drumbeat.apps.meetings.models import Meeting
from drumbeat.apps.messages.models import Message
from drumbeat.apps.partners.actions import record_departure
from drumbeat.core.refusal import Refused
from drumbeat.interfaces.portal import door
from drumbeat.workflows.beating import tick
from drumbeat.workflows.committing import call_back_answers, link_to_answer
from drumbeat.workflows.minuting import send_minutes
from tests.world import AT, World, build_world

pytestmark = pytest.mark.django_db

YEAR = {"from_on": date(2026, 1, 1), "until_on": date(2027, 1, 1)}


@pytest.fixture
def world(settings) -> World:
    cache.clear()
    door.forget_calls()
    settings.CLOCK_OFFSET = (AT - datetime.now(UTC)).total_seconds()
    return build_world()


@pytest.fixture
def meeting(world: World) -> Meeting:
    guests = [world.alice, world.petra, world.sven]
    return arrange_meeting(
        Arrangement(
            "review",
            title="Review",
            organiser=world.alice,
            guests=guests,
            starts_at=AT + timedelta(hours=1),
            minutes=60,
            zone="Europe/Berlin",
            partner=world.bergmann,
        ),
        at=AT,
    )


@pytest.fixture
def undertaken(world: World, meeting: Meeting) -> Commitment:
    return said(world, meeting)


def said(world: World, meeting: Meeting) -> Commitment:
    return propose_commitment(
        "Send the list",
        world.petra,
        date(2026, 3, 6),
        origin="meeting",
        origin_id=meeting.pk,
        by=world.alice,
        at=AT,
    )


def path_of(meeting: Meeting, world: World) -> str:
    return "/answers/" + link_to_answer(meeting, world.petra, at=AT).split("/answers/")[1]


def post(path: str, one: Commitment, word: str, **more: str) -> str:
    return Client().post(path, {"commitment": one.pk, "word": word, **more}, follow=True).content.decode()


def test_from_the_mail_to_the_record_of_both_sides(
    world: World, meeting: Meeting, undertaken: Commitment
) -> None:
    send_minutes(meeting, by=world.alice, at=AT)
    letter = Message.objects.get(subject="Minutes: Review", contact=world.petra).text
    path = "/answers/" + letter.split("/answers/")[1].split()[0]
    assert "/answers/" not in Message.objects.get(subject="Minutes: Review", contact=world.sven).text
    assert "Send the list" in Client().get(path).content.decode()
    assert Commitment.objects.get().state == "proposed", "looking changes nothing"
    assert "It is a promise now" in post(path, undertaken, "yes")
    assert "You said yes" in post(path, undertaken, "yes"), "twice is once"
    record = {"partner": world.bergmann, "at": undertaken.due_at + timedelta(hours=1), **YEAR}
    assert on_time_record(side="partner", **record).people.overdue == 1
    assert on_time_record(side="vendor", **record).people.judged == 0
    tick(at=undertaken.due_at + timedelta(days=14))
    assert on_time_record(side="partner", **record).people.missed == 1


def test_asks_for_another_day_or_says_no(world: World, meeting: Meeting, undertaken: Commitment) -> None:
    path, second = path_of(meeting, world), said(world, meeting)
    assert "Passed on" in post(path, undertaken, "ask", note="Which one?", wanted_on="2026-03-13")
    undertaken.refresh_from_db()
    assert (undertaken.state, undertaken.note) == ("questioned", "Which one?")
    assert undertaken.wanted_due_at == undertaken.due_at + timedelta(days=7)
    assert "Nothing is asked" in post(path, second, "ask")
    assert "is no day" in post(path, second, "ask", wanted_on="soon")
    assert "You said no" in post(path, second, "no")
    assert "no answer" in post(path, undertaken, "perhaps")


def test_nobody_answers_for_another(world: World, meeting: Meeting, undertaken: Commitment) -> None:
    sven = "/answers/" + link_to_answer(meeting, world.sven, at=AT).split("/answers/")[1]
    assert "Send the list" not in Client().get(sven).content.decode()
    assert "not yours" in post(sven, undertaken, "yes")
    assert Commitment.objects.get().state == "proposed"


def test_a_token_that_does_not_fit_opens_nothing(
    world: World, meeting: Meeting, undertaken: Commitment
) -> None:
    path = path_of(meeting, world)
    for bad in (path[:-3] + "x/", path.replace("/answers/", "/forms/"), "/answers/x/"):
        assert Client().get(bad).status_code == 404
        assert Client().post(bad, {"commitment": undertaken.pk, "word": "yes"}).status_code == 404


def test_a_link_ends(world: World, meeting: Meeting, undertaken: Commitment, settings) -> None:
    path = path_of(meeting, world)
    settings.CLOCK_OFFSET += timedelta(days=31).total_seconds()
    assert "no longer good" in Client().get(path).content.decode()


def test_a_link_called_back_stays_shut_and_new_minutes_bring_a_new_one(
    world: World, meeting: Meeting, undertaken: Commitment
) -> None:
    path = path_of(meeting, world)
    with pytest.raises(Refused, match="somebody else's"):
        call_back_answers(meeting, by=world.bob, at=AT)
    assert call_back_answers(meeting, by=world.alice, at=AT) == 1
    assert Client().post(path, {"commitment": undertaken.pk, "word": "yes"}).status_code == 410
    later = (
        "/answers/" + link_to_answer(meeting, world.petra, at=AT + timedelta(hours=1)).split("/answers/")[1]
    )
    assert Client().get(later).status_code == 200 and Client().get(path).status_code == 404


def test_who_left_answers_no_more(world: World, meeting: Meeting, undertaken: Commitment) -> None:
    path = path_of(meeting, world)
    record_departure(world.petra, AT.date(), by=world.alice, at=AT)
    assert Client().get(path).status_code == 410


def test_the_door_is_that_of_all_links(world: World, meeting: Meeting, undertaken: Commitment) -> None:
    path, client = path_of(meeting, world), Client(enforce_csrf_checks=True)
    told = {"commitment": undertaken.pk, "word": "yes"}
    foreign = client.post(path, told, headers={"Sec-Fetch-Site": "cross-site"})
    assert foreign.status_code == 403 and "another site" in foreign.text
    assert Commitment.objects.get().state == "proposed"
    page = client.get(path)
    assert page["Referrer-Policy"] == "no-referrer" and not client.cookies
    assert client.post(path, told, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 302
    codes = [client.get(path).status_code for _ in range(door.MOST_CALLS)]
    assert (codes[0], codes[-1]) == (200, 429)
