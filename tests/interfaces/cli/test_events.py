"""`drumbeat events`: the vocabulary, posting, what routines made of it, and the systems that may post."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from drumbeat.apps.events.models import Event, Source
from drumbeat.core.refusal import Refused
from drumbeat.interfaces.cli.events import add, close, kinds, list_events, list_sources, post
from tests.world import build_world

pytestmark = pytest.mark.django_db


def test_events_are_posted_listed_and_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    world = build_world()
    row = {
        "kind": "deal.won",
        "subject": "D-1",
        "partner": world.bergmann.key,
        "facts": {"customer": "Nordwind"},
    }
    file = tmp_path / "events.jsonl"
    file.write_text(json.dumps(row | {"key": "k-1"}))
    for dry, expected in ((True, 0), (False, 1), (False, 1)):
        post.callback.__wrapped__(file, "crm", dry)
        assert Event.objects.filter(kind="deal.won").count() == expected
    said = capsys.readouterr().out.splitlines()
    assert said == [
        "1 events and 0 facts; nothing was written",
        "1 events and 0 facts",
        "0 events and 0 facts, 1 known already",
    ]
    list_events.callback.__wrapped__("deal.won", world.bergmann.key, 5)
    assert "Nordwind, Bergmann Systemhaus" in capsys.readouterr().out
    file.write_text(json.dumps(row | {"kind": "deal.wan"}))
    with pytest.raises(Refused, match=r"line 1, kind: there is no event 'deal.wan'; did you mean deal.won\?"):
        post.callback.__wrapped__(file, "crm", False)


def test_a_source_is_added_shown_and_closed(capsys: pytest.CaptureFixture[str]) -> None:
    build_world()
    add.callback.__wrapped__("crm")
    said = capsys.readouterr().out
    assert "/api/events/crm/" in said
    assert Source.objects.get().secret in said
    close.callback.__wrapped__("crm")
    list_sources.callback.__wrapped__()
    assert "closed" in capsys.readouterr().out


def test_the_vocabulary_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    kinds.callback("deal")
    said = capsys.readouterr().out
    assert "deal.submitted" in said
    assert "protected_until" in said
    assert "lead.assigned" not in said
