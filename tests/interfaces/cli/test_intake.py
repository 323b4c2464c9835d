"""`drumbeat intake partners`: shows, loads, refuses; the body of the command, on the tests' own database."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click
import pytest

from drumbeat.apps.intake.models import Load
from drumbeat.apps.partners.models import Partner
from drumbeat.interfaces.cli.intake import partners

pytestmark = pytest.mark.django_db
GOOD = "external_id,name,type,country,address\nA1,A[c]me,var,DE,Kurf\x81rstenstr 9\n"
BAD = GOOD + "A2,=Bolt,dealer,DE,\n"


@pytest.fixture
def listed(tmp_path):
    def write(text: str) -> Path:
        path = tmp_path / "list.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def run(file: Path, **options: object) -> None:
    usual = {"mapping": None, "places": None, "dry_run": False, "preview": 3, "errors": None, "at": None}
    partners.callback.__wrapped__(file, **(usual | options))


def test_a_dry_run_shows_and_writes_nothing(listed, capsys):
    run(listed(GOOD), dry_run=True)
    out = capsys.readouterr().out
    assert "1 new, 0 changed, 0 unchanged, 0 refused, 1 warned." in out
    assert "A[c]me" in out and "\x81" not in out
    assert not Partner.objects.exists()


def test_a_load_is_told_and_a_second_one_changes_nothing(listed, capsys):
    file = listed(GOOD)
    run(file, at=datetime(2026, 3, 2, 8, 0))
    assert "Loaded: 1 partners added, 0 changed." in capsys.readouterr().out
    assert Load.objects.get().loaded_at == datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
    run(file)
    assert "was loaded on 2026-03-02 08:00 UTC already" in capsys.readouterr().out


def test_a_wrong_row_fails_the_command_and_the_findings_can_be_kept(listed, capsys, tmp_path):
    with pytest.raises(click.ClickException, match="1 rows are refused; nothing was written"):
        run(listed(BAD), errors=tmp_path / "errors.csv")
    assert "error: list.csv, row 3, type: 'dealer' is not known. Use one of var" in capsys.readouterr().out
    assert "list.csv,3,type,dealer,error" in (tmp_path / "errors.csv").read_text("utf-8-sig")
    assert not Partner.objects.exists()


def test_an_unknown_mapping_is_refused_with_the_shipped_ones(listed):
    with pytest.raises(click.ClickException, match="adventureworks-resellers"):
        run(listed(GOOD), mapping="nowhere")


def test_the_places_of_a_mapping_are_found_beside_the_list(listed, tmp_path):
    (tmp_path / "m.yaml").write_text(
        "fields: {name: name, type: type, country: places.C}\nplaces: {file: p.csv, key: K, by: external_id}\n"
    )
    (tmp_path / "p.csv").write_text("K,C\nA1,FR\n")
    run(listed(GOOD), mapping=str(tmp_path / "m.yaml"))
    assert Partner.objects.get().zone == "Europe/Paris"
