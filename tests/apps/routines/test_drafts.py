"""Drafts: each verb does it, refuses it, and writes nobody's words over unseen; what retires breaks no promise."""

from __future__ import annotations

import pytest

from drumbeat.apps.ledger.models import Standing
from drumbeat.apps.routines.actions import (
    discard_draft,
    publish_draft,
    publish_version,
    retire_routine,
    save_draft,
    start_draft,
)
from drumbeat.apps.routines.models import Moment, Occurrence, Routine, RoutineDraft
from drumbeat.apps.routines.queries import draft_of, judge_draft
from drumbeat.core.playbook import RoutineErrors
from drumbeat.core.refusal import Refused
from drumbeat.library import routine_texts
from drumbeat.workflows.building import publish_and_plan, who_fits
from tests.interfaces.desk.scene import AT, WEEKLY, Scene, build_scene

pytestmark = pytest.mark.django_db
NEW = WEEKLY.replace("weekly-word", "new-word").replace("Weekly word", "New word")


@pytest.fixture
def scene() -> Scene:
    return build_scene()


def test_the_first_save_begins_a_draft_of_the_version_in_force(scene: Scene) -> None:
    before = draft_of("weekly-word")
    assert before
    assert (before.text, before.stamp, before.is_saved) == (WEEKLY, 0, False)
    draft = save_draft("weekly-word", WEEKLY + "# more\n", seen=0, by=scene.world.olga, at=AT)
    assert (draft.stamp, draft.based_on, draft.saved_by) == (1, scene.weekly.version, scene.world.olga)


def test_what_somebody_saved_meanwhile_is_not_written_over(scene: Scene) -> None:
    save_draft("weekly-word", "one", seen=0, by=scene.world.olga, at=AT)
    with pytest.raises(Refused, match="Olga Olsen has saved this draft") as refused:
        save_draft("weekly-word", "two", seen=0, by=scene.world.dora, at=AT)
    assert refused.value.field == "stamp"
    assert RoutineDraft.objects.get(key="weekly-word").text == "one"
    assert save_draft("weekly-word", "two", seen=1, by=scene.world.dora, at=AT).stamp == 2
    assert save_draft("weekly-word", "two", seen=2, by=scene.world.dora, at=AT).stamp == 2


def test_a_draft_may_be_wrong_but_a_version_may_not(scene: Scene) -> None:
    save_draft("weekly-word", WEEKLY.replace("FREQ=WEEKLY", "FREQ=NEVER"), seen=0, by=scene.world.olga, at=AT)
    with pytest.raises(RoutineErrors):
        publish_draft("weekly-word", seen=1, by=scene.world.olga, at=AT)
    assert Routine.objects.get(key="weekly-word").version == scene.weekly.version


def test_a_draft_keeps_its_key(scene: Scene) -> None:
    verdict = judge_draft("weekly-word", NEW)
    assert [problem.key for problem in verdict.problems] == ["routine"]


def test_publishing_makes_the_next_version_and_plans_by_it(scene: Scene) -> None:
    save_draft("weekly-word", WEEKLY.replace("10:00", "11:00"), seen=0, by=scene.world.olga, at=AT)
    version, is_planned = publish_and_plan("weekly-word", seen=1, starts=False, by=scene.world.olga, at=AT)
    assert (version.number, version.published_by, is_planned) == (2, scene.world.olga, True)
    assert not RoutineDraft.objects.exists()
    coming = Moment.objects.filter(
        subscription__partner=scene.world.bergmann, subscription__routine=scene.weekly
    )
    assert {moment.due_at.astimezone(scene.world.alice.tz).hour for moment in coming} == {11}
    assert {moment.version_id for moment in coming} == {version.pk}
    assert scene.mine.occurrence.version_id != version.pk


def test_a_new_routine_begins_under_a_free_key_and_is_started(scene: Scene) -> None:
    for key, reason in (("weekly-word", "taken"), ("X", "no key")):
        with pytest.raises(Refused, match=reason):
            start_draft(key, NEW, by=scene.world.olga, at=AT)
    draft = start_draft("new-word", NEW, by=scene.world.olga, at=AT)
    assert (draft.routine, draft.stamp) == (None, 1)
    version, _ = publish_and_plan("new-word", seen=1, starts=True, by=scene.world.olga, at=AT)
    routine = version.routine
    assert routine.status == "live"
    assert set(routine.subscriptions.values_list("partner__key", flat=True)) >= {scene.world.bergmann.key}
    assert Moment.objects.filter(subscription__routine=routine).exists()


def test_only_who_shapes_routines_writes_drafts(scene: Scene) -> None:
    for verb in (
        lambda: save_draft("weekly-word", "x", seen=0, by=scene.world.alice, at=AT),
        lambda: start_draft("new-word", NEW, by=scene.world.alice, at=AT),
        lambda: discard_draft("weekly-word", by=scene.world.alice),
        lambda: publish_draft("weekly-word", seen=0, by=scene.world.adam, at=AT),
    ):
        with pytest.raises(Refused, match="may look at drafts only"):
            verb()


def test_a_draft_thrown_away_leaves_the_version(scene: Scene) -> None:
    save_draft("weekly-word", "x", seen=0, by=scene.world.olga, at=AT)
    discard_draft("weekly-word", by=scene.world.olga)
    assert draft_of("weekly-word").text == WEEKLY
    with pytest.raises(Refused, match="published or thrown away"):
        save_draft("weekly-word", "y", seen=1, by=scene.world.olga, at=AT)


def test_retiring_ends_what_is_to_come_and_breaks_no_promise(scene: Scene) -> None:
    opened = Occurrence.objects.open().filter(subscription__routine=scene.weekly).count()
    standings = Standing.objects.open().count()
    assert retire_routine(scene.weekly, by=scene.world.olga, at=AT) == 3
    assert not scene.weekly.subscriptions.running().exists()
    assert not Moment.objects.filter(subscription__routine=scene.weekly).exists()
    assert Occurrence.objects.open().filter(subscription__routine=scene.weekly).count() == opened > 0
    assert Standing.objects.open().count() == standings
    assert retire_routine(scene.weekly, by=scene.world.olga, at=AT) == 0


@pytest.mark.parametrize("key", ["quarter-review", "monthly-partner-report"])
def test_exported_and_imported_a_text_is_the_same_version(db: None, key: str) -> None:
    version = publish_version(routine_texts()[key], by=None, at=AT)
    again = publish_version(version.text, by=None, at=AT)
    assert (again.pk, again.digest) == (version.pk, version.digest)


def test_who_fits_is_told_with_names(scene: Scene) -> None:
    world = scene.world
    partners = [world.bergmann, world.kestrel, world.fjord]
    fitting = who_fits('partner.tier == "gold"', partners, at=AT)
    assert (fitting.count, fitting.unjudged, fitting.names) == (1, 0, ("Bergmann Systemhaus",))
    assert who_fits("partner.employees > 3", partners, at=AT).unjudged == 3
    assert who_fits("partner.nothing", partners, at=AT).count == 0
