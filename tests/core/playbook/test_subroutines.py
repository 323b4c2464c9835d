"""Routines that open routines: none leads back to itself, and each is there."""

import pytest

from drumbeat.core.playbook import read_routine
from drumbeat.core.playbook.subroutines import check_subroutines


def routine(key, *children, when="trigger: {event: deal.won}\ndue: opened+1bd", subject="deal"):
    steps = "".join(
        f"  - {{step: s{n}, kind: subroutine, title: Open, routine: {child}}}\n"
        for n, child in enumerate(children)
    )
    return read_routine(
        f"routine: {key}\ntitle: T\npurpose: P.\nsubject: {subject}\n"
        "promise: {by: vendor, to: partner, text: We do., kept_by: do}\nowner: director\ngoals: [trust]\n"
        f"audience: {'manager.on_duty' if subject == 'leave' else 'partner.dormant'}\n{when}\nsteps:\n"
        f"  - {{step: do, kind: task, title: Do}}\n{steps}"
    ).routine  # fmt: skip


CADENCE = "cadence: {rule: every 5bd}"
KNOWN = {
    one.key: one
    for one in (
        routine("calm"),
        routine("chain-b", "chain-c"),
        routine("chain-c", "chain-a"),
        routine("whirl", "whirl"),
        routine("weekly", when=CADENCE, subject="partner"),
        routine("away", when="trigger: {event: leave.approved}\ndue: opened+1bd", subject="leave"),
    )
}


@pytest.mark.parametrize(
    ("child", "reason", "mend"),
    [
        ("calm", None, None),
        ("clam", "there is no routine 'clam'", "did you mean calm?"),
        ("weekly", "has a cadence", "with a trigger"),
        ("away", "another side", "same kind"),
        ("chain-a", "chain-a → chain-a", "take one"),
        ("chain-b", "chain-a → chain-b → chain-c → chain-a", "take one"),
        ("whirl", None, None),  # its own circle is refused where it is published
    ],
)
def test_what_a_step_may_open(child, reason, mend):
    found = check_subroutines(routine("chain-a", child), KNOWN.get, KNOWN)
    if reason is None:
        assert found == []
    else:
        (problem,) = found
        assert (problem.key, problem.line) == ("steps.s0.routine", 13)
        assert reason in problem.reason
        assert mend in problem.mend


def test_a_diamond_is_no_circle():
    known = {one.key: one for one in (routine("left", "calm"), routine("right", "calm"), routine("calm"))}
    assert check_subroutines(routine("top", "left", "right"), known.get, known) == []
