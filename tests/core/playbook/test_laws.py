"""Laws of reading: what is written is read, in any style, and the text of a routine reads as the same routine."""

from hypothesis import given, settings
from hypothesis import strategies as st

from drumbeat.core.playbook import RoutineErrors, export_text, grammar, model, read_routine

UNITS = st.sampled_from(model.UNITS)
TITLES = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=20)
SLUGS = st.from_regex(r"[a-z][a-z0-9]{2,8}(-[a-z0-9]{1,5})?", fullmatch=True)
OFFSETS = st.builds(model.Offset, st.just("due"), st.integers(-999, 999).filter(bool), UNITS)


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def step_line(key: str, title: str, due: model.Offset, is_one_line: bool) -> str:
    pairs = {"step": key, "kind": "task", "title": quoted(title), "due": due}
    if is_one_line:
        return "  - {" + ", ".join(f"{name}: {value}" for name, value in pairs.items()) + "}"
    return "  - " + "\n    ".join(f"{name}: {value}" for name, value in pairs.items())


@st.composite
def texts(draw: st.DrawFn) -> tuple[str, list[tuple[str, str, model.Offset]]]:
    keys = draw(st.lists(SLUGS, min_size=1, max_size=6, unique=True))
    steps = [(key, draw(TITLES), draw(OFFSETS)) for key in keys]
    lines = [
        f"routine: {draw(SLUGS)}",
        f"title: {quoted(draw(TITLES))}",
        "purpose: To be read.",
        f"promise: {{text: We do it., kept_by: {draw(st.sampled_from(keys))}}}",
        f"owner: {draw(st.sampled_from(model.STAFF_ROLES))}",
        f"goals: [{draw(st.sampled_from(model.GOALS))}]",
        "audience: partner.dormant",
        "cadence: {rule: FREQ=MONTHLY;BYMONTHDAY=1}",
        f"grace: {draw(st.integers(0, 99))}{draw(UNITS)}",
        "steps:",
        *(step_line(*step, is_one_line=draw(st.booleans())) for step in steps),
    ]
    return draw(st.sampled_from(["\n", "\r\n"])).join(lines), steps


@settings(deadline=None, max_examples=60)
@given(texts())
def test_export_reads_as_the_same_routine_and_holds_what_was_written(case):
    text, steps = case
    routine = read_routine(text).routine
    again = read_routine(export_text(routine)).routine
    assert again == routine
    assert again.digest == routine.digest
    assert [(step.key, step.title, step.due) for step in routine.steps] == steps


@given(OFFSETS)
def test_an_offset_reads_as_it_is_written(offset):
    assert grammar.offset(str(offset)) == offset


@given(st.integers(0, 999), UNITS)
def test_a_duration_reads_as_it_is_written(amount, unit):
    duration = model.Duration(amount, unit)
    assert grammar.duration(str(duration)) == duration


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=60) | st.text("{}[]:,#&*!|>-?'\"%@` \n\tab", max_size=40))
def test_no_text_breaks_the_reader(text):
    try:
        read_routine(text)
    except RoutineErrors as refused:
        assert refused.problems
        assert all(problem.reason and problem.mend and problem.line >= 1 for problem in refused.problems)
