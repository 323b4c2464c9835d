"""The demo's time: which morning it opens on, that it never runs backwards, and that it never takes a real database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from drumbeat import demo as channel
from drumbeat.apps.events.actions import record_event
from drumbeat.apps.people.actions import set_up_vendor
from drumbeat.core.refusal import Refused
from drumbeat.interfaces.cli.demo import live_until, lived_until, make_room, unfinished

LIVED = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def set_up(*, is_demo: bool) -> None:
    set_up_vendor(
        name="Polaris",
        country="DE",
        zone="Europe/Berlin",
        mail_from="a@polaris.example",
        is_demo=is_demo,
        at=LIVED - timedelta(days=300),
    )


@pytest.mark.django_db
def test_a_real_database_is_never_taken(tmp_path) -> None:
    set_up(is_demo=False)
    with pytest.raises(Refused, match="This database is that of Polaris, no demo"):
        live_until(None, tmp_path)


@pytest.mark.django_db
class TestALivedDemo:
    @pytest.fixture(autouse=True)
    def lived(self, monkeypatch) -> list[datetime]:
        set_up(is_demo=True)
        record_event("partner.joined", ("partner", 1), by_id=None, at=LIVED)
        caught_up: list[datetime] = []
        monkeypatch.setattr(channel, "catch_up_demo", lambda at, progress: caught_up.append(at))
        return caught_up

    def test_it_knows_its_last_moment(self) -> None:
        assert lived_until() == LIVED

    def test_a_later_start_lives_the_days_between(self, tmp_path, lived) -> None:
        start = live_until(datetime(2026, 11, 26, 8, 30), tmp_path)
        assert start == datetime(2026, 11, 26, 7, 30, tzinfo=UTC)
        assert lived == [start]

    def test_an_earlier_one_is_refused(self, tmp_path) -> None:
        with pytest.raises(Refused, match=r"lived until 2026-11-24T10:00 already\. .*FRESH=1"):
            live_until(datetime(2026, 11, 24, 8, 30), tmp_path)


class TestRoom:
    @pytest.fixture
    def home(self, tmp_path) -> Path:
        (tmp_path / "postgresql").mkdir()
        return tmp_path

    @pytest.fixture(autouse=True)
    def embedded(self, monkeypatch) -> None:
        monkeypatch.delenv("DRUMBEAT_DATABASE_URL", raising=False)

    def test_a_finished_demo_stays(self, home) -> None:
        make_room(home, fresh=False)
        assert (home / "postgresql").exists()

    def test_one_that_was_cut_short_goes(self, home) -> None:
        unfinished(home).touch()
        make_room(home, fresh=False)
        assert not (home / "postgresql").exists() and not unfinished(home).exists()

    def test_a_fresh_one_is_asked_for(self, home) -> None:
        make_room(home, fresh=True)
        assert not (home / "postgresql").exists()

    def test_a_named_database_is_never_removed(self, home, monkeypatch) -> None:
        monkeypatch.setenv("DRUMBEAT_DATABASE_URL", "postgresql://db.example/demo")
        with pytest.raises(Refused, match=r"is not removed\. Name an empty one"):
            make_room(home, fresh=True)
        assert (home / "postgresql").exists()
