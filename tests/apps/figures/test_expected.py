"""The guide's questions answered over public channels: exactly what was reckoned elsewhere, to the last decimal."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from drumbeat.interfaces.cli.figures import figures
from tests.shared import CHECKOUT, shared

from .channels import load_adventureworks, load_crm

pytestmark = [pytest.mark.shared, pytest.mark.django_db]
GUIDE = (CHECKOUT / "docs/guide/figures.md").read_text(encoding="utf-8")
QUESTIONS = dict(re.findall(r"\n(\d\d) [^`]*?```\ndrumbeat figures ([^\n]+)\n```", GUIDE))
CRM_QUESTIONS = re.findall(r"^drumbeat figures (.+)$", GUIDE.partition("## The CRM sample")[2], re.MULTILINE)


def ask(line: str, capsys: Any) -> dict[str, Any]:
    context = figures.make_context("figures", shlex.split(line))
    figures.callback.__wrapped__(**context.params)
    return json.loads(capsys.readouterr().out)


def expected_file(number: str) -> Path:
    (found,) = shared("data/expected").glob(f"{number}_*.json")
    return found


def test_every_adventureworks_question_of_the_guide_is_answered_exactly(capsys):
    load_adventureworks()
    assert len(QUESTIONS) == 18
    for number, line in QUESTIONS.items():
        expected = json.loads(expected_file(number).read_text(encoding="utf-8"))
        answer = ask(line, capsys)
        rows = [[what, int(n)] for what, n in expected["rows"]] if number == "15" else expected["rows"]
        assert answer["columns"] == expected["columns"], number
        assert answer["rows"] == rows, number


def test_the_crm_questions_of_the_guide_are_answered(capsys):
    load_crm()
    expected = json.loads((shared("data/expected") / "crm_opportunities.json").read_text())["dev"]
    totals, *splits = [ask(line, capsys) for line in CRM_QUESTIONS]
    for column, value in zip(totals["columns"], totals["rows"][0], strict=True):
        if column == "won_value":
            assert value == f"{expected['won_value']}.0000"
        else:
            assert value == expected[column], column
    names = (
        "by_stage",
        "won_value_by_agent",
        "won_value_by_manager",
        "won_value_by_region",
        "won_value_by_close_quarter",
    )
    for name, split in zip(names, splits, strict=True):
        assert {key: int(float(value)) for key, value in split["rows"]} == expected[name], name
