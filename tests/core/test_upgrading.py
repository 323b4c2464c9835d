"""Steps matched by key between two texts: a worked table, and laws."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from drumbeat.core.playbook import read_routine
from drumbeat.core.upgrading import StepNow, step_changes

NOON = datetime(2026, 6, 2, 12, tzinfo=UTC)
TEXT = """
routine: weekly-word
title: Weekly word
purpose: Both sides talk.
subject: partner
promise: {by: vendor, to: partner, text: We call., kept_by: call}
owner: channel_manager
goals: [trust]
audience: "true"
cadence: {rule: FREQ=WEEKLY;BYDAY=TU}
steps:
  - {step: prepare, kind: task, title: Prepare, minutes: 15, due: -1bd}
  - {step: call, kind: task, title: Call, minutes: 30, due: 0}
  - {step: praise, kind: task, title: Praise, minutes: 5, due: -5bd}
  - {step: note, kind: task, title: Note, minutes: 10, due: +1bd}
"""
PLAYBOOK = read_routine(TEXT).routine
KEYS = [step.key for step in PLAYBOOK.steps]


def dues(**days: int) -> dict[str, datetime]:
    return {key: NOON + timedelta(days=days.get(key, 0)) for key in KEYS}


def test_done_stays_new_comes_dropped_goes_and_what_is_over_is_not_begun() -> None:
    now = {
        "prepare": StepNow("task", NOON - timedelta(days=2), 15, is_settled=True),
        "call": StepNow("task", NOON - timedelta(days=1), 20),
        "letter": StepNow("mail", NOON),
        "tidy": StepNow("task", NOON, 40),
    }
    changes = step_changes(PLAYBOOK, dues(praise=-5, note=1), now, at=NOON - timedelta(days=1))
    assert changes.create == {"note": NOON + timedelta(days=1)}
    assert changes.move == {"call": NOON}
    assert changes.cancel == {"letter", "tidy"}
    assert changes.past == {"praise"}
    assert (changes.minutes_before, changes.minutes_after) == (60, 40)


def test_a_step_of_another_kind_is_another_step() -> None:
    now = {key: StepNow("task", NOON) for key in KEYS} | {"call": StepNow("meeting", NOON)}
    changes = step_changes(PLAYBOOK, dues(), now, at=NOON)
    assert (set(changes.create), changes.cancel) == ({"call"}, {"call"})


def test_what_a_person_postponed_keeps_its_day() -> None:
    now = {key: StepNow("task", NOON) for key in KEYS} | {"call": StepNow("task", NOON + timedelta(days=3), is_postponed=True)}  # fmt: skip
    assert not step_changes(PLAYBOOK, dues(), now, at=NOON)


states = st.builds(
    StepNow,
    st.sampled_from(["task", "mail"]),
    st.integers(-5, 5).map(lambda days: NOON + timedelta(days=days)),
    st.integers(0, 60),
    st.booleans(),
    st.booleans(),
)


@given(st.dictionaries(st.sampled_from([*KEYS, "letter", "tidy"]), states), st.integers(-6, 6))
def test_what_is_settled_is_never_touched_and_the_changes_lead_to_the_text(now, days: int) -> None:
    wanted, at = dues(praise=-5, note=1), NOON + timedelta(days=days)
    changes = step_changes(PLAYBOOK, wanted, now, at=at)
    settled = {key for key, step in now.items() if step.is_settled}
    assert not settled & {*changes.create, *changes.move, *changes.cancel}
    after = {key: step for key, step in now.items() if key not in changes.cancel}
    after |= {
        key: StepNow(now[key].kind, due, is_postponed=now[key].is_postponed)
        for key, due in changes.move.items()
    }
    after |= {
        step.key: StepNow(step.kind, wanted[step.key])
        for step in PLAYBOOK.steps
        if step.key in changes.create
    }
    again = step_changes(PLAYBOOK, wanted, after, at=at)
    assert not again and again.past == changes.past
    assert set(after) - settled == set(KEYS) - settled - changes.past
