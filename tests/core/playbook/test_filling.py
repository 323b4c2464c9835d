"""A form and its text are the same thing: filling in what is there changes nothing, and names follow a renamed step."""

from __future__ import annotations

import pytest

from drumbeat.core.playbook import read_routine
from drumbeat.core.playbook.comparing import changes_between, compare_lines
from drumbeat.core.playbook.editing import values_of
from drumbeat.core.playbook.fields import field_of, head_groups, step_fields
from drumbeat.core.playbook.filling import fields_of, filled, is_nested, name_of, new_step, value_at
from drumbeat.core.playbook.keys import KEYS
from drumbeat.core.playbook.steps import ALL_KEYS, KIND_KEYS
from drumbeat.library import routine_texts

from .texts import GOOD

TEXTS = [GOOD, *routine_texts().values()]


def as_filled(text: str) -> dict[str, object]:
    """What a form sends back that nobody touched."""
    values = values_of(text)
    told = {name_of(path): value_at(values, path) for path, _ in fields_of(text)}
    return {name: "" if value is None else value for name, value in told.items() if not is_nested(value)}


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_a_form_that_nobody_touched_changes_nothing(text: str) -> None:
    assert filled(text, as_filled(text)) == text


def test_every_key_of_the_grammar_has_a_field() -> None:
    for is_triggered in (False, True):
        shown = {
            (group.path, field.key)
            for group in head_groups(is_triggered=is_triggered)
            for field in group.fields
        }
        missing = {key for key in KEYS[""] if ("", key) not in shown}
        assert missing == {"promise", "cadence", "trigger", "steps"} | (
            {"due"} if not is_triggered else set()
        )
    for kind, keys in KIND_KEYS.items():
        assert set(keys) <= {field.path[0] for field in step_fields(kind)}
    assert all(field_of("step", key).label for key in ALL_KEYS)


def test_a_key_without_a_look_is_a_line_of_text() -> None:
    assert (field_of("step", "some_new_key").look, field_of("step", "some_new_key").label) == (
        "text",
        "Some new key",
    )


def test_only_what_differs_is_changed() -> None:
    values = as_filled(GOOD) | {
        "title": "Pulse talk",
        "grace": "",
        "cadence.offset": "+5bd",
        "steps.1.minutes": "12",
    }
    text = filled(GOOD, values)
    taken = [line.text.strip() for line in compare_lines(GOOD, text) if line.kind == "taken"]
    added = [line.text.strip() for line in compare_lines(GOOD, text) if line.kind == "added"]
    assert [line.split(":")[0] for line in taken] == ["title", "offset", "grace", "- {step"]
    assert added[:2] == ["title: Pulse talk", "offset: +5bd"]
    assert read_routine(text).routine.step("read").minutes == 12


def test_a_renamed_step_takes_its_names_along() -> None:
    text = filled(GOOD, {"steps.2.step": "talk", "steps.3.step": "thank-them"})
    routine = read_routine(text).routine
    assert routine.promise.kept_by == "talk"
    assert str(routine.step("heard").due) == "step.thank-them+3bd"


def test_a_step_of_another_kind_loses_what_does_not_belong_to_it() -> None:
    text = filled(GOOD, as_filled(GOOD) | {"steps.3.kind": "task"})
    assert set(values_of(text)["steps"][3]) == {"step", "kind", "title", "needs", "promised", "due"}
    read_routine(text)


def test_a_new_step_has_a_free_key() -> None:
    assert new_step({"steps": [{"step": "step-2"}]})["step"] == "step-3"
    assert new_step({})["step"] == "step-1"


def test_changes_are_told_in_words() -> None:
    text = filled(GOOD, {"title": "Pulse talk", "cadence.at": "10:00", "steps.1.minutes": "12"})
    assert [str(change) for change in changes_between(GOOD, text)] == [
        "Title: Pulse call → Pulse talk",
        "When, at: 09:30 → 10:00",
        "Step “Read the figures”, minutes: 10 → 12",
    ]
    assert changes_between(GOOD, GOOD.replace("goals: [retain]", "goals:\n  - retain  # as ever")) == []


def test_a_changed_second_pair_of_eyes_is_told_in_words() -> None:
    text = routine_texts()["deal-decision"]
    changed = filled(text, {"steps.3.second.approvers": ["partner_operations"], "steps.3.second.when": ""})
    (change,) = changes_between(text, changed)
    assert str(change) == (
        "Step “Decide the registration”, second: when deal.amount >= 100000.0; approvers director"
        " → approvers partner_operations"
    )


def test_steps_that_come_go_and_change_places_are_told() -> None:
    from drumbeat.core.playbook.editing import with_step, with_step_moved, without_step

    text = with_step(
        with_step_moved(without_step(GOOD, 6), 0, 1), {"step": "x", "kind": "task", "title": "X"}, 0
    )
    told = [change.what for change in changes_between(GOOD, text)]
    assert told == ["New step", "Step taken away", "Order of steps"]


def test_lines_of_both_texts_are_all_there() -> None:
    lines = compare_lines("a\nb\nc", "a\nB\nc\nd")
    assert [(line.kind, line.text) for line in lines] == [
        ("kept", "a"), ("taken", "b"), ("added", "B"), ("kept", "c"), ("added", "d"),
    ]  # fmt: skip
    assert lines[3].before == 3
    assert lines[3].after == 3
