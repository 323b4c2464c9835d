"""The search: words in every kind of thing, folded and begun; names by their letters; only what the person sees."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drumbeat.apps.messages.actions import keep_received
from drumbeat.apps.people.models import Account
from drumbeat.apps.stories.queries import Found, find, finding
from drumbeat.core.searching import fold
from tests.interfaces.desk.scene import AT, Scene, build_scene


@pytest.fixture
def scene(db: None) -> Scene:
    return build_scene()


def search(text: str, by: Account, **more: str) -> dict[str, list[Found]]:
    return find(text, by=by, at=AT + timedelta(days=1), limit=10, **more)


def titles(text: str, by: Account, kind: str) -> list[str]:
    return [row.title for row in search(text, by).get(kind, [])]


def test_each_kind_is_found_by_its_words(scene: Scene) -> None:
    world, point = scene.world, scene.meeting.points.first()
    point.decision, point.notes = "We keep the Preisliste.", "Überraschend einig"
    point.save()
    keep_received(
        "d1", mailbox="in", validity=1, uid=1, kind="human reply", from_address="petra@bergmann.example",
        subject="Re: Review", text="Gladly, on the terrace", at=AT, message=scene.letter, partner=world.bergmann,
    )  # fmt: skip
    assert titles("bergm", world.alice, "partner") == ["Bergmann Systemhaus"]
    assert titles("PETRA berg", world.alice, "contact") == ["Petra Bergmann"]
    assert titles("send lis", world.alice, "commitment") == ["Send the list"]
    assert (
        titles("preisliste", world.alice, "decision") == titles("uberraschend", world.alice, "decision") != []
    )
    assert titles("quarterly", world.alice, "meeting") == ["Quarterly review"]
    assert titles("terrace", world.alice, "received") == ["Re: Review"]
    assert scene.letter.subject in titles("quarterly review", world.alice, "message")
    assert titles("weekly", world.alice, "routine")[0] == "Weekly word"


def test_nobody_finds_what_he_does_not_see(scene: Scene) -> None:
    world = scene.world
    for text in ("kestrel", "kate", "list", "quarterly", "review"):
        for rows in search(text, world.alice).values():
            assert not any("Kestrel" in f"{row.title} {row.who}" or "Kate" in row.who for row in rows), text
    assert search("kestrel", world.dora)["partner"]
    assert search("bergmann", world.adam).keys() <= {"message", "routine"}


def test_a_misspelt_name_is_found_by_its_letters(scene: Scene) -> None:
    assert titles("bergman sistemhaus", scene.world.alice, "partner") == ["Bergmann Systemhaus"]
    assert titles("systmhaus", scene.world.alice, "partner") == ["Bergmann Systemhaus"]
    assert titles("zzzz", scene.world.alice, "partner") == []


def test_titles_weigh_more_than_texts(scene: Scene) -> None:
    for uid, (subject, text) in enumerate((("Harvest", "x"), ("Other", "the harvest"), ("Other", "nothing"))):
        keep_received(
            f"d{uid}", mailbox="in", validity=1, uid=uid, kind="human reply", from_address="a@b.example", subject=subject,
            text=text, at=AT, partner=scene.world.bergmann,
        )  # fmt: skip
    assert titles("harvest", scene.world.alice, "received") == ["Harvest", "Other"]


def test_a_common_word_is_looked_for_among_the_newest_and_a_rare_one_everywhere(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    for uid in range(12):
        keep_received(
            f"d{uid}", mailbox="in", validity=1, uid=uid, kind="other", from_address="a@b.example", at=AT,
            subject="Rare harvest" if uid == 0 else f"Harvest {uid}", text="", partner=scene.world.bergmann,
        )  # fmt: skip
    monkeypatch.setattr(finding, "WINDOW", 5)
    monkeypatch.setattr(finding, "NEWEST", 3)
    with CaptureQueriesContext(connection) as queries:
        assert titles("harvest", scene.world.alice, "received")[:3] == [
            "Harvest 11",
            "Harvest 10",
            "Harvest 9",
        ]
    asked = [
        query["sql"]
        for query in queries
        if "outbox_received" in query["sql"] and "story_words" in query["sql"]
    ]
    assert sum("DESC" in sql for sql in asked) == 1, "the older ones aren't visited"
    assert titles("rare", scene.world.alice, "received") == ["Rare harvest"]


@pytest.mark.parametrize("text", ["", "   ", "':* | !", "\\", "a" * 5000, "<script>", "& | ! ( )", "\ud800"])
def test_nothing_that_is_typed_breaks_it(scene: Scene, text: str) -> None:
    assert isinstance(search(text, scene.world.dora), dict)


def test_a_text_of_any_length_is_kept_and_found(scene: Scene) -> None:
    long = " ".join(f"wort{number}" for number in range(400_000))
    keep_received(
        "d", mailbox="in", validity=1, uid=1, kind="other", from_address="a@b.example", subject="Long", text=long, at=AT
    )  # fmt: skip
    assert titles("wort17", scene.world.dora, "received") == ["Long"]


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(
        st.characters(max_codepoint=0x24F, exclude_characters="\x00", exclude_categories=["Cs"]), max_size=60
    )
)
def test_the_database_folds_as_the_core_does(db: None, text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT story_fold(%s)", [text])
        assert cursor.fetchone()[0] == fold(text)
