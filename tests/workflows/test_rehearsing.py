"""A routine's mails are rehearsed with a real partner's data: word for word what would go out, and nothing stays written."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection

from drumbeat.apps.events.actions import record_event
from drumbeat.apps.messages.models import Message
from drumbeat.core.playbook import RoutineErrors, read_routine
from drumbeat.library import routine_texts
from drumbeat.workflows.performers import perform_due
from drumbeat.workflows.rehearsing import rehearse
from tests.workflows.channel import DUE, MAIL, MEETING, START, run, text_of
from tests.world import World, build_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build_world()


def rows() -> dict[str, int]:
    return {
        model.__name__: model._default_manager.count() for model in apps.get_models() if model._meta.managed
    }


@pytest.mark.parametrize("key", sorted(routine_texts()))
def test_every_routine_that_ships_is_rehearsed_without_a_trace(world: World, key: str) -> None:
    before, text = rows(), routine_texts()[key]
    letters = rehearse(text, world.bergmann, at=START)
    assert rows() == before
    steps = read_routine(text).routine.steps
    assert [one.key for one in letters] == [step.key for step in steps if step.kind == "mail"]
    assert all(one.refused or (one.subject and "<html" in one.html) for one in letters)


def test_the_letter_is_the_one_that_goes_out(world: World) -> None:
    """Rehearsed before, sent later: the same words."""
    [told] = rehearse(text_of(MAIL), world.bergmann, at=START)
    run(text_of(MAIL), [world.bergmann], DUE)
    perform_due(at=DUE)
    sent = Message.objects.get()
    assert (told.subject, told.to) == (sent.subject, world.sven) and told.text.startswith(sent.text.rstrip())
    assert told.missing == () and told.others == ()


def test_it_speaks_the_language_that_is_asked_for(world: World) -> None:
    subjects = {
        language: rehearse(text_of(MAIL), world.bergmann, language=language, at=START)[0].subject
        for language in ("en", "de", "ja")
    }
    assert len(set(subjects.values())) == 3 and "Verkaufsdatei" in subjects["de"]
    world.sven.refresh_from_db()
    assert world.sven.language == "en"


def test_a_running_routine_is_rehearsed_beside_what_is_open(world: World) -> None:
    run(text_of(MEETING, kept_by="word"), [world.bergmann], DUE - timedelta(hours=2))
    before = rows()
    ahead, share = rehearse(text_of(MEETING, kept_by="word"), world.bergmann, at=DUE)
    assert "9 June 2026" in ahead.subject and "Weekly call" in share.subject
    assert ahead.missing == share.missing == ()
    assert rows() == before


def test_what_is_missing_is_named_and_stands_in_brackets(world: World) -> None:
    steps = MAIL.replace("pos-reminder", "minutes")
    [letter] = rehearse(text_of(steps), world.bergmann, at=START)
    assert "meeting.title" in letter.missing and "[meeting.title]" in letter.subject
    world.sven.delete()
    world.petra.delete()
    [letter] = rehearse(text_of(MAIL), world.bergmann, at=START)
    assert "can be written to" in letter.refused and not letter.subject


def test_a_triggered_routine_tells_of_the_last_event(world: World) -> None:
    text = routine_texts()["deal-decision"]
    kind = read_routine(text).routine.trigger.events[0]
    told = {"customer": "Muster GmbH", "submitter": world.sven.email}
    record_event(kind, ("deal", 7), by_id=None, at=START, partner=world.bergmann.pk, **told)
    letters = rehearse(text, world.bergmann, at=START)
    assert letters[0].to == world.sven and "Muster GmbH" in letters[0].subject


def test_a_wrong_text_is_refused_and_leaves_nothing(world: World) -> None:
    before = rows()
    with pytest.raises(RoutineErrors):
        rehearse("routine: x", world.bergmann, at=START)
    assert rows() == before and not connection.needs_rollback
