"""Triggers in a routine's text: what is read, and what is said about one that can't be followed."""

import pytest

from drumbeat.core.playbook import Duration, Offset, RoutineErrors, Trigger, read_routine

GOOD = """\
routine: deal-watch
title: Protection watch
purpose: No protection ends unnoticed.
subject: deal
promise:
  by: vendor
  to: partner
  text: We warn before your protection ends.
  kept_by: warn
owner: channel_manager
goals: [trust]
audience: partner.status == "active"
trigger:
  event: deal.approved
  when: deal.amount >= 1000.0
  debounce: 2h
  reentry: restart
  exit: [deal.won, deal.lost]
due: deal.protected_until
calendar: vendor
steps:
  - {step: early, kind: mail, title: Soon, to: [submitter], template: minutes, due: "deal.protected_until -30d"}
  - {step: warn, kind: task, title: Warn, due: -7d}
  - {step: next, kind: subroutine, title: The note, routine: win-loss-note, wait: true, due: opened+1h}
"""


def spoilt(old, new):
    assert GOOD.count(old) == 1, old
    return GOOD.replace(old, new)


def test_a_trigger_is_read():
    routine = read_routine(GOOD).routine
    assert routine.trigger == Trigger(
        events=("deal.approved",),
        when="deal.amount >= 1000.0",
        debounce=Duration(2, "h"),
        reentry="restart",
        exits=("deal.won", "deal.lost"),
        exit_when=None,
    )
    assert routine.due == Offset("deal.protected_until", 0, "bd")
    assert routine.step("early").due == Offset("deal.protected_until", -30, "d")
    assert (routine.step("next").routine, routine.step("next").waits) == ("win-loss-note", True)
    assert (routine.balance, routine.calendar, routine.cadence.zone) == ("reactive", "vendor", "vendor")
    assert (routine.cadence.rule, routine.is_of_person) == ("", False)


def test_what_is_left_out_has_a_default():
    lines = [
        line
        for line in GOOD.splitlines()
        if not line.startswith(("  when", "  deb", "  ree", "  exit", "cal"))
    ]
    routine = read_routine("\n".join(lines)).routine
    assert routine.trigger == Trigger(("deal.approved",), None, Duration(0, "bd"), "ignore", (), None)
    assert (routine.calendar, routine.cadence.zone) == ("partner", "partner")


@pytest.mark.parametrize(
    ("written", "exits", "exit_when"),
    [
        ("deal.withdrawn", ("deal.withdrawn",), None),
        ("deal.approved", ("deal.approved",), None),  # an event, though a field too
        ("partner.dormant || deal.complete", (), "partner.dormant || deal.complete"),
        ('deal.stage == "won"', (), 'deal.stage == "won"'),
    ],
)
def test_an_exit_is_an_event_or_a_rule(written, exits, exit_when):
    trigger = read_routine(spoilt("[deal.won, deal.lost]", written)).routine.trigger
    assert (trigger.exits, trigger.exit_when) == (exits, exit_when)


def test_a_leave_belongs_to_a_person():
    text = spoilt("subject: deal", "subject: leave").replace("deal.approved", "leave.approved")
    text = text.replace("deal.protected_until", "leave.starts_on").replace(
        "  when: deal.amount >= 1000.0\n", ""
    )
    text = text.replace('partner.status == "active"', "manager.on_duty").replace(
        "[deal.won, deal.lost]", "leave.cancelled"
    )
    routine = read_routine(text).routine
    assert routine.is_of_person


# fmt: off
BAD = [
    ("trigger:\n  event: deal.approved", "trigger:\n  event: deal.aproved", 14, "trigger.event", "no event 'deal.aproved'", "did you mean deal.approved?"),
    ("  event: deal.approved\n", "", 13, "trigger.event", "is missing", "event: …"),
    ("  event: deal.approved", "  evnt: deal.approved", 14, "trigger.evnt", "is no key", "did you mean event?"),
    ("deal.amount >= 1000.0", "deal.amont >= 1000.0", 15, "trigger.when", "no fact deal.amont", "deal.amount?"),
    ("deal.amount >= 1000.0", "deal.amount >= 1000", 15, "trigger.when", "can't join", "write 1000.0"),
    ("deal.amount >= 1000.0", "lead.score >= 1.0", 15, "trigger.when", "no fact lead.score", "begin with"),
    ("debounce: 2h", "debounce: soon", 16, "trigger.debounce", "no length of time", "like 1bd"),
    ("reentry: restart", "reentry: again", 17, "trigger.reentry", "no 'again'", "choose from"),
    ("[deal.won, deal.lost]", "deal.vanished", 18, "trigger.exit", "no event 'deal.vanished'", "did you mean"),
    ("[deal.won, deal.lost]", "deal.stage", 18, "trigger.exit", "gives a word", "compare it"),
    ("due: deal.protected_until\n", "", 1, "due", "is missing", "due: …"),
    ("due: deal.protected_until\n", "due: deal.protected_untl\n", 19, "due", "no anchor", "did you mean deal.protected_until?"),
    ("due: deal.protected_until\n", "due: leave.starts_on\n", 19, "due", "a deal has no leave.starts_on", "opened or deal.protected_until"),
    ("due: deal.protected_until\n", "due: +5bd\n", 19, "due", "can't count from due", "opened or deal.protected_until"),
    ("due: deal.protected_until\n", "due: period_end\n", 19, "due", "no period", "opened"),
    ("subject: deal", "subject: lead", 4, "subject", "about a deal, not a lead", "subject: deal or partner"),
    ("subject: deal", "subject: dael", 4, "subject", "no 'dael'", "did you mean deal?"),
    ("calendar: vendor", "calendar: vendor\ncadence: {rule: every 5bd}", 13, "trigger", "beside a cadence", "keep one"),
    ("to: [submitter]", "to: [submiter]", 22, "steps.early.to", "submiter", "submitter?"),
    ("routine: win-loss-note, ", "", 24, "steps.next.routine", "is missing", "routine: …"),
    ("wait: true", "wait: yes", 24, "steps.next.wait", "neither true nor false", "true or false"),
    ("kept_by: warn", "kept_by: next", 9, "promise.kept_by", "a subroutine keeps no promise", "name the step"),
    ("due: -7d", "due: leave.ends_on", 23, "steps.warn.due", "a deal has no leave.ends_on", "deal.protected_until"),
]
# fmt: on


@pytest.mark.parametrize(("old", "new", "line", "key", "reason", "mend"), BAD)
def test_each_mistake_is_told_by_line_key_reason_and_mend(old, new, line, key, reason, mend):
    text = spoilt(old, new)
    if key == "subject":  # its fields and dates are wrong then too
        text = text.replace("  when: deal.amount >= 1000.0\n", "")
    with pytest.raises(RoutineErrors) as caught:
        read_routine(text)
    (found,) = [problem for problem in caught.value.problems if problem.key == key]
    assert found.line == line
    assert reason in found.reason
    assert mend in found.mend


CADENCE = ("trigger:\n  event: deal.approved\n", "cadence:\n  rule: every 5bd\n")


def test_a_cadence_has_no_event_to_ask():
    lines = [
        line
        for line in spoilt(*CADENCE).splitlines()
        if not line.startswith(("  when", "  deb", "  ree", "  exit"))
    ]
    with pytest.raises(RoutineErrors) as caught:
        read_routine("\n".join(lines))
    assert [(problem.key, problem.mend) for problem in caught.value.problems] == [
        ("subject", "write partner or manager, or give the routine a trigger"),
        ("due", "leave it out"),
        ("steps.early.to", "name roles, or give the routine a trigger"),
        ("steps.early.due", "count from due or opened"),
    ]  # fmt: skip


def test_neither_cadence_nor_trigger_is_told():
    lines = GOOD.splitlines()
    text = "\n".join(lines[:12] + lines[19:])
    with pytest.raises(RoutineErrors) as caught:
        read_routine(text)
    assert any(
        problem.key == "cadence" and "or a trigger" in problem.mend for problem in caught.value.problems
    )
