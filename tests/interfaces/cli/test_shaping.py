"""`drumbeat routines export`, `import`, `compare`, `duplicate` and `retire`: the bodies of the commands on the tests' database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import pytest

from drumbeat.apps.routines.models import Routine, RoutineDraft
from drumbeat.core.playbook import RoutineErrors, read_routine
from drumbeat.core.refusal import Refused
from drumbeat.interfaces.cli.shaping import compare, duplicate, export_routine, import_routines, retire
from drumbeat.library import routine_texts

pytestmark = pytest.mark.django_db
TEXT = routine_texts()["quarter-review"]


def run(command: click.Command, *arguments: Any, **options: Any) -> None:
    assert command.callback
    command.callback.__wrapped__(*arguments, **options)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    place = tmp_path / "review.yaml"
    place.write_text(TEXT, encoding="utf-8")
    run(import_routines, (place,), publishes=True)
    return place


def exported(place: Path, **options: Any) -> str:
    run(export_routine, "quarter-review", **({"number": None, "output": place, "tidy": False} | options))
    return place.read_bytes().decode()


def test_exported_and_imported_it_is_the_same_version(file: Path, tmp_path: Path) -> None:
    before = Routine.objects.get().version
    copy = tmp_path / "copy.yaml"
    assert exported(copy) == TEXT
    run(import_routines, (copy,), publishes=True)
    assert Routine.objects.get().version == before
    tidy = exported(copy, tidy=True)
    assert "#" not in tidy
    assert read_routine(tidy).routine.steps == read_routine(TEXT).routine.steps


def test_files_are_kept_as_drafts_and_compared(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(TEXT.replace("at: 10:00", "at: 11:00"), encoding="utf-8")
    run(import_routines, (file,), publishes=False)
    assert RoutineDraft.objects.get().key == "quarter-review"
    with pytest.raises(Refused, match="a draft of quarter-review already"):
        run(import_routines, (file,), publishes=False)
    run(compare, "quarter-review", "1", "draft")
    told = capsys.readouterr().out
    assert "When, at: 10:00 → 11:00" in told
    assert "-   at: 10:00\n+   at: 11:00" in told
    with pytest.raises(Refused, match="no version 7"):
        run(compare, "quarter-review", "1", "7")


def test_a_wrong_file_publishes_none(file: Path, tmp_path: Path) -> None:
    wrong, good = tmp_path / "wrong.yaml", tmp_path / "good.yaml"
    good.write_text(routine_texts()["newsletter"])
    wrong.write_text("routine: x\n")
    with pytest.raises(RoutineErrors):
        run(import_routines, (good, wrong), publishes=True)
    assert Routine.objects.count() == 1


def test_a_copy_is_a_draft_under_its_own_key(file: Path) -> None:
    run(duplicate, "quarter-review", "half-year-review", "Half-year review")
    copy = read_routine(RoutineDraft.objects.get(key="half-year-review").text).routine
    assert (copy.key, copy.title) == ("half-year-review", "Half-year review")


def test_retiring_says_first_and_does_it_when_told(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(retire, "quarter-review", yes=False)
    assert "nothing was written" in capsys.readouterr().out
    assert Routine.objects.get().status == "draft"
    run(retire, "quarter-review", yes=True)
    assert Routine.objects.get().status == "retired"
