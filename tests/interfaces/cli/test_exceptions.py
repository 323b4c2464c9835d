"""Exceptions from the command line: told before, done, listed, refused in one line."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from drumbeat.apps.partners.models import Partner
from drumbeat.apps.people.models import Leave
from drumbeat.apps.routines.actions import open_due, publish_version
from drumbeat.apps.routines.models import Override
from drumbeat.core.refusal import Refused
from drumbeat.interfaces.cli.account import hand_over_everything
from drumbeat.interfaces.cli.exceptions import agree, close, end, leave, list_overrides, merge, split
from drumbeat.interfaces.cli.routines import upgrade
from tests.apps.routines.calls import CALL, START, started
from tests.world import World, build_world

pytestmark = pytest.mark.django_db
DORA = "dora@polaris.example"
NOTHING = {
    "review_after": 6, "weekday": None, "clock": None, "phase": None, "attendees": (), "recipients": (),
    "owner_email": None, "note": "", "from_on": None, "until_on": None,
}  # fmt: skip


@pytest.fixture
def world(settings) -> World:
    settings.CLOCK_OFFSET = (START - datetime.now(UTC)).total_seconds()
    world = build_world(at=START)
    started(world)
    open_due(at=START)
    return world


def test_an_override_is_agreed_listed_and_ended(world: World, capsys) -> None:
    asked = {
        "routine": "weekly-word",
        "partner": "fjord-data",
        "kind": "timing",
        "reason": "trial",
        "by_email": DORA,
    }
    agree.callback.__wrapped__(**(NOTHING | asked | {"weekday": "thu"}))
    list_overrides.callback.__wrapped__(routine="weekly-word")
    said = capsys.readouterr().out
    assert "weekly-word for Fjord Data: Other day or time from 2026-06-01 until told otherwise" in said
    number = Override.objects.get().pk
    end.callback.__wrapped__(number=number, on=None, by_email=DORA)
    assert Override.objects.get().withdrawn_at
    with pytest.raises(Refused, match="is not on weekly-word"):
        agree.callback.__wrapped__(**(NOTHING | asked | {"partner": "outsider-ltd"}))


def test_a_leave_is_told_and_entered(world: World, capsys) -> None:
    days = {"from_on": datetime(2026, 6, 8), "until_on": datetime(2026, 6, 12), "kind": "illness"}
    leave.callback.__wrapped__(email="alice@polaris.example", dry_run=True, **days)
    assert "Bob Baker covers Bergmann Systemhaus, Fjord Data" in capsys.readouterr().out
    assert not Leave.objects.exists()
    leave.callback.__wrapped__(email="alice@polaris.example", dry_run=False, **days)
    assert Leave.objects.get().covers.count() == 2


def test_partners_merge_split_and_close(world: World, capsys) -> None:
    merge.callback.__wrapped__(lost="fjord-data", kept="bergmann-systemhaus", by_email=DORA)
    assert "1 people went over" in capsys.readouterr().out
    split.callback.__wrapped__(lost="fjord-data", by_email=DORA)
    close.callback.__wrapped__(key="fjord-data", finish=False, by_email=DORA)
    assert Partner.objects.get(key="fjord-data").status == "closed"
    with pytest.raises(Refused, match="Nothing is to be split"):
        split.callback.__wrapped__(lost="fjord-data", by_email=DORA)


def test_an_upgrade_is_told_before_and_done(world: World, capsys) -> None:
    publish_version(
        CALL.replace("minutes: 20", "minutes: 40").replace("step: note", "step: tell"),
        by=None,
        at=START,
    )
    upgrade.callback.__wrapped__(key="weekly-word", dry_run=True)
    said = capsys.readouterr().out
    assert "nothing was written" in said
    upgrade.callback.__wrapped__(key="weekly-word", dry_run=False)
    assert "finished on theirs" in capsys.readouterr().out


def test_everything_is_handed_over(world: World, capsys) -> None:
    hand_over_everything.callback.__wrapped__(email="alice@polaris.example", dry_run=True)
    hand_over_everything.callback.__wrapped__(email="alice@polaris.example", dry_run=False)
    assert "2 partners handed over" in capsys.readouterr().out
