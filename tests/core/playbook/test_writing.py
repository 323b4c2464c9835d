"""Laws of writing: what is written is read back the same, and a change changes what it names and nothing else."""

from __future__ import annotations

import difflib
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drumbeat.core.playbook import model, read_routine
from drumbeat.core.playbook.editing import values_of, with_step, with_step_moved, with_value, without_step
from drumbeat.core.playbook.writing import write_routine, write_tree, write_value
from drumbeat.library import routine_texts

from .test_laws import OFFSETS, SLUGS, UNITS
from .texts import GOOD

WORDS = st.text(st.characters(exclude_categories=("Cc", "Cs", "Z")), min_size=1, max_size=20)
LINES = st.lists(WORDS, min_size=1, max_size=4).map(" ".join)
LENGTHS = st.builds(model.Duration, st.integers(1, 9), UNITS).map(str)
TEXTS = [GOOD, *routine_texts().values()]


def some(draw: st.DrawFn, **may: st.SearchStrategy[Any]) -> dict[str, Any]:
    return {key: draw(values) for key, values in may.items() if draw(st.booleans())}


@st.composite
def steps(draw: st.DrawFn, key: str, others: list[str]) -> dict[str, Any]:
    roles = st.lists(
        st.sampled_from(model.STAFF_ROLES + model.PARTNER_ROLES), min_size=1, max_size=3, unique=True
    )
    own: dict[str, dict[str, Any]] = {
        "task": some(draw, minutes=st.integers(1, 480).map(str)),
        "mail": {"to": draw(roles), "template": "minutes"},
        "report": {"report": draw(st.sampled_from(list(model.REPORTS)))},
        "meeting": {"attendees": ["channel_manager", "sales_lead"], "minutes": "30"},
        "wait": {
            "until": draw(st.sampled_from(["mail.answered", "partner.dormant"])),
            "timeout": draw(LENGTHS),
        },
        "form": {"form": draw(SLUGS)}
        | some(
            draw, ask=LENGTHS, invitation=st.sampled_from(["none", "minutes"]), pauses_clock=st.just("true")
        ),
        "approval": {"approvers": ["director", "channel_manager"]}
        | some(
            draw,
            second=st.just({"when": "answer." + key.replace("-", "_"), "approvers": ["principal"]}),
            reasons=st.lists(LINES, min_size=1, max_size=3),
            checklist=st.lists(LINES, min_size=1, max_size=3),
        ),
        "webhook": {"endpoint": draw(SLUGS)},
    }
    kind = draw(st.sampled_from(list(own)))
    more = some(
        draw,
        by=st.sampled_from(model.STAFF_ROLES) if kind != "approval" else st.nothing().map(str),
        needs=st.lists(st.sampled_from(others), min_size=1, max_size=2, unique=True) if others else st.nothing().map(str),
        when=st.just('partner.tier == "gold" // a: # {b}'),
        promised=st.just("true"),
    ) if others else {}  # fmt: skip
    return {"step": key, "kind": kind, "title": draw(LINES), "due": str(draw(OFFSETS)), **own[kind], **more}


@st.composite
def trees(draw: st.DrawFn) -> dict[str, Any]:
    keys = draw(st.lists(SLUGS, min_size=1, max_size=5, unique=True))
    cadence = some(
        draw,
        at=st.times().map(lambda at: f"{at:%H:%M}"),
        zone=st.sampled_from(["vendor", "Europe/Oslo"]),
        roll=st.sampled_from(model.ROLLS),
        offset=st.integers(-9, 9).map(lambda n: f"{n:+d}bd"),
        spread=st.integers(0, 10).map(lambda n: f"{n}bd"),
        pause=st.just(["12-20..01-06", "2026-05-14", "2026-07-01..2026-07-03"]),
        blackout=st.just({"days": ["03-01..03-02"], "then": "skip"}),
        starts_on=st.just("2026-01-01"),
    )
    more = some(
        draw,
        balance=st.sampled_from(model.BALANCES),
        grace=st.just("1bd"),
        catch_up=st.sampled_from(model.CATCH_UPS),
        review_every=st.integers(1, 24).map(lambda n: f"{n}mo"),
        articles=st.lists(SLUGS, min_size=1, max_size=2),
    )
    return {
        "routine": draw(SLUGS),
        "title": draw(LINES),
        "purpose": draw(LINES),
        "promise": {"by": "both", "to": "both", "text": draw(LINES), "kept_by": draw(st.sampled_from(keys))},
        "owner": draw(st.sampled_from(model.STAFF_ROLES)),
        "goals": draw(st.lists(st.sampled_from(model.GOALS), min_size=1, max_size=3, unique=True)),
        "audience": 'partner.status == "active"',
        "cadence": {"rule": "FREQ=MONTHLY;BYMONTHDAY=1", **cadence},
        **more,
        "steps": [draw(steps(key, keys[:place])) for place, key in enumerate(keys)],
    }


def same(text: str) -> None:
    routine = read_routine(text).routine
    written = write_routine(routine)
    again = read_routine(written).routine
    assert replace(again, text=text) == routine
    assert write_routine(again) == written


@settings(deadline=None, max_examples=60)
@given(trees())
def test_a_routine_written_is_read_the_same(tree: dict[str, Any]) -> None:
    same(write_tree(tree))


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text.partition("routine: ")[2][:20].split("\n")[0])
def test_every_shipped_routine_written_is_read_the_same(text: str) -> None:
    same(text)


TRIGGERED = GOOD.replace(
    GOOD[GOOD.index("cadence:") : GOOD.index("grace:")],
    "trigger:\n  event: [deal.submitted, deal.moved]\n  when: deal.amount > 5.0\n  exit: deal.won\ndue: opened+2bd\n",
)


def test_a_triggered_routine_written_is_read_the_same() -> None:
    text = TRIGGERED.replace("subject: partner", "subject: deal").replace("catch_up: merge", "catch_up: skip")
    same(text)


@settings(deadline=None)
@given(st.text(max_size=30), st.booleans())
def test_any_text_is_written_as_one_scalar(text: str, in_flow: bool) -> None:
    written = write_value(text, in_flow=in_flow)
    assert "\n" not in written
    told = values_of(f"key: {{a: {written}, b: c}}" if in_flow else f"key: {written}\nother: c")
    assert (told["key"]["a"] if in_flow else told["key"]) == text.strip()


PATHS: list[tuple[Any, ...]] = [
    ("title",), ("goals",), ("balance",), ("promise", "text"), ("cadence", "at"), ("cadence", "blackout", "days"),
    ("cadence", "ends_on"), ("articles",), ("steps", 0, "title"), ("steps", 0, "minutes"), ("steps", 0, "needs"),
    ("steps", 0, "due"), ("steps", 1, "title"), ("steps", 1, "when"), ("steps", 1, "kind"),
]  # fmt: skip
LISTS = {"goals", "days", "articles", "needs"}


def set_in(tree: Any, path: tuple[Any, ...], value: Any) -> None:
    """What the change means: a map that would be empty is not there."""
    word, *rest = path
    if rest:
        below = tree[word] if isinstance(word, int) else tree.setdefault(word, {})
        set_in(below, tuple(rest), value)
        value = below
    if value is None or value == {}:
        tree.pop(word, None)
    else:
        tree[word] = value


@settings(deadline=None, max_examples=200)
@given(
    st.sampled_from(TEXTS),
    st.lists(st.tuples(st.sampled_from(PATHS), st.none() | LINES), min_size=1, max_size=5),
)
def test_a_change_says_what_was_asked_and_leaves_the_rest(
    text: str, changes: list[tuple[Any, str | None]]
) -> None:
    expected = values_of(text)
    for path, line in changes:
        if path[0] == "steps" and path[1] >= len(expected["steps"]):
            continue
        value = [line, "x: y"] if line and path[-1] in LISTS else line
        text = with_value(text, path, value)
        set_in(expected, path, deepcopy(value))
    assert values_of(text) == expected


@pytest.mark.parametrize(
    ("path", "value"),
    [(("title",), "Call: now"), (("cadence", "at"), "11:00"), (("steps", 3, "due"), "+2bd")],
)
def test_a_change_touches_its_line_alone(path: tuple[Any, ...], value: str) -> None:
    text = "# A word before.\n" + GOOD.replace("title: Pulse call\n", "title: Pulse call  # as they say\n")
    changed = with_value(text, path, value)
    lines = [line for line in difflib.ndiff(text.splitlines(), changed.splitlines()) if line[0] in "+-"]
    assert len(lines) == 2
    assert with_value(changed, path, value) == changed


def test_a_new_key_comes_where_the_order_has_it() -> None:
    text = with_value(GOOD, ("overlap",), "beside")
    assert text.index("catch_up") < text.index("overlap: beside\n") < text.index("review_every")
    flow = with_value(GOOD, ("steps", 6, "minutes"), "5")
    assert "title: Ring them up, minutes: 5, due: +6bd}" in flow


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_steps_are_added_moved_and_taken_away(text: str) -> None:
    before = values_of(text)["steps"]
    text = text.replace("steps:\n", "steps:\n  # the first\n", 1)
    new = {"step": "new", "kind": "task", "title": "New: one", "due": "0"}
    added = with_step(text, new, 1)
    assert values_of(added)["steps"] == [before[0], new, *before[1:]]
    assert without_step(added, 1) == text
    assert values_of(with_step(text, new, 99))["steps"] == [*before, new]
    moved = with_step_moved(text, 0, len(before) - 1)
    assert values_of(moved)["steps"] == [*before[1:], before[0]]
    assert (moved.index("# the first") > moved.index(str(before[-1]["title"]))) == (len(before) > 1)
    assert sorted(moved.splitlines()) == sorted(text.splitlines())


def test_steps_in_one_line_get_a_line_each() -> None:
    text = "routine: x\nsteps: [{step: a, title: A}, {step: b, title: B}]\n"
    assert values_of(with_step_moved(text, 1, 0))["steps"] == [
        {"step": "b", "title": "B"},
        {"step": "a", "title": "A"},
    ]
    assert values_of(with_step("routine: x\n", {"step": "a"}, 0))["steps"] == [{"step": "a"}]
    assert values_of(with_value("", ("cadence", "at"), "09:00")) == {"cadence": {"at": "09:00"}}
