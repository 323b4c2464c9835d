"""The signed call by which other systems post: what it takes, what it refuses, and that a repeat changes nothing."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client

from drumbeat.apps.events.actions import add_source, close_source
from drumbeat.apps.events.models import Event
from drumbeat.apps.partners.models import Fact
from drumbeat.core.refusal import Refused
from drumbeat.core.signing import signature
from drumbeat.interfaces.api.events import LARGEST
from drumbeat.interfaces.kit.clock import moment
from tests.world import World, build_world

pytestmark = pytest.mark.django_db
SECRET = "a-secret-for-tests"
WON = {"kind": "deal.won", "subject": "D-1", "partner": "bergmann-systemhaus"}
FUND = {"fact": "partner.fund_available", "partner": "bergmann-systemhaus", "value": 1200}


@pytest.fixture
def world() -> World:
    world = build_world()
    add_source("crm", SECRET, at=world.at)
    return world


def posted(
    *rows: object,
    source: str = "crm",
    secret: str = SECRET,
    age_s: int = 0,
    body: bytes | None = None,
    client=None,
):
    text = body if body is not None else "\n".join(map(json.dumps, rows)).encode()
    stamp = f"{int((moment() - timedelta(seconds=age_s)).timestamp())}"
    headers = {"Drumbeat-Timestamp": stamp, "Drumbeat-Signature": signature(secret, stamp, text)}
    return (client or Client(enforce_csrf_checks=True)).post(
        f"/api/events/{source}/", text, content_type="application/x-ndjson", headers=headers
    )


def test_a_signed_post_is_taken(world: World) -> None:
    answer = posted(WON | {"facts": {"amount": 9000}}, FUND)
    assert (answer.status_code, answer.json()) == (200, {"events": 1, "facts": 1, "known": 0})
    event = Event.objects.get(kind="deal.won")
    assert (event.subject_key, event.partner_id, event.source) == ("D-1", world.bergmann.pk, "crm")
    assert event.payload == {"amount": 9000}
    assert event.is_waiting
    fact = Fact.objects.get(name="partner.fund_available")
    assert (fact.partner, fact.value, fact.source) == (world.bergmann, 1200, "crm")


def test_the_same_key_is_one_event(world: World) -> None:
    posted(WON | {"key": "won-1"})
    answer = posted(WON | {"key": "won-1"}, WON | {"key": "won-2"})
    assert answer.json() == {"events": 1, "facts": 0, "known": 1}
    assert Event.objects.filter(kind="deal.won").count() == 2


def test_a_replay_of_the_very_call_changes_nothing(world: World) -> None:
    body = json.dumps(WON).encode()
    stamp = f"{int(moment().timestamp())}"
    headers = {"Drumbeat-Timestamp": stamp, "Drumbeat-Signature": signature(SECRET, stamp, body)}
    answers = [
        Client().post("/api/events/crm/", body, content_type="application/json", headers=headers).json()
        for _ in range(2)
    ]
    assert [answer["events"] for answer in answers] == [1, 0]
    assert Event.objects.filter(kind="deal.won").count() == 1


@pytest.mark.parametrize(
    ("how", "status", "said"),
    [
        ({"secret": "wrong"}, 401, "signature"),
        ({"source": "erp"}, 401, "signature"),
        ({"age_s": 301}, 401, "five minutes"),
        ({"age_s": -301}, 401, "five minutes"),
        ({"body": b"x" * (LARGEST + 1)}, 413, "bytes at most"),
        ({"body": b"\xff\xfe"}, 422, "UTF-8"),
    ],
)
def test_what_is_not_taken(world: World, how, status, said) -> None:
    answer = posted(WON, **how)
    assert answer.status_code == status
    assert said in answer.json()["refused"]
    assert not Event.objects.filter(kind="deal.won").exists()


def test_without_headers_nothing_is_taken(world: World) -> None:
    answer = Client().post("/api/events/crm/", json.dumps(WON), content_type="application/json")
    assert answer.status_code == 401
    assert Client().get("/api/events/crm/").status_code == 405


def test_one_bad_line_refuses_all_and_is_told(world: World) -> None:
    answer = posted(WON, WON | {"partner": "bergman-systemhaus"}, WON | {"facts": {"amount": "x"}}, FUND)
    assert answer.status_code == 422
    assert [(one["line"], one["field"], one["mend"]) for one in answer.json()["problems"]] == [
        (2, "partner", "did you mean bergmann-systemhaus?"),
        (3, "facts.amount", "write it like 12000.0"),
    ]
    assert not Event.objects.filter(kind="deal.won").exists()
    assert not Fact.objects.filter(name="partner.fund_available").exists()


def test_whom_keys_name_must_be_there(world: World) -> None:
    bounced = {"kind": "contact.bounced", "partner": "bergmann-systemhaus", "facts": {"is_hard": True}}
    leave = {"kind": "leave.approved", "subject": "L-1", "facts": {"starts_on": "2030-01-02"}}
    good = posted(bounced | {"subject": world.sven.email.upper()}, leave | {"person": world.bob.email})
    assert good.json()["events"] == 2
    assert Event.objects.get(kind="contact.bounced").subject_id == world.sven.pk
    assert Event.objects.get(kind="leave.approved").person_id == world.bob.pk
    bad = posted(bounced | {"subject": world.kate.email}, leave | {"person": "nobody@polaris.example"})
    assert [one["field"] for one in bad.json()["problems"]] == ["subject", "person"]


def test_a_closed_source_posts_no_longer_and_may_open_again(world: World) -> None:
    close_source("crm", at=world.at)
    assert posted(WON).status_code == 401
    with pytest.raises(Refused, match="no open source crm"):
        close_source("crm", at=world.at)
    add_source("crm", "another", at=world.at)
    assert posted(WON).status_code == 401
    assert posted(WON, secret="another").status_code == 200
    with pytest.raises(Refused, match="There is a source crm"):
        add_source("crm", "third", at=world.at)
    with pytest.raises(Refused, match="no name of a source"):
        add_source("My CRM", "x", at=world.at)
