"""What a routine's text means, and what is said about one that means nothing."""

import datetime as dt

import pytest

from drumbeat.core.formreading import read_form
from drumbeat.core.playbook import (
    Cadence,
    Duration,
    Offset,
    Pause,
    PromiseText,
    RoutineErrors,
    Shelves,
    kept_by,
    read_routine,
)
from drumbeat.library import routine_texts, shelves
from tests.core.playbook.mistakes import BAD
from tests.core.playbook.texts import GOOD, WISH, spoilt

SHELVES = Shelves({"minutes", "newsletter"}, {"wish": read_form(WISH)}, {"deal-reasons"}, {"crm"})


def problems_of(text):
    with pytest.raises(RoutineErrors) as caught:
        read_routine(text, "pulse.yaml", shelves=SHELVES)
    return caught.value.problems


def test_every_value_is_read_by_its_type():
    reading = read_routine(GOOD)
    routine = reading.routine
    assert reading.warnings == ()
    assert routine.promise == PromiseText("vendor", "partner", "We call you every month.", "call")
    assert routine.cadence == Cadence(
        rule="FREQ=MONTHLY;BYMONTHDAY=1",
        at=dt.time(9, 30),
        zone="Europe/Oslo",
        roll="preceding",
        offset=4,
        spread=5,
        starts_on=dt.date(2026, 1, 1),
        ends_on=dt.date(2027, 12, 31),
        pause=(
            Pause(dt.date(2000, 12, 20), dt.date(2000, 1, 6), True),
            Pause(dt.date(2026, 5, 14), dt.date(2026, 5, 14), False),
        ),
    )
    assert (routine.grace, routine.miss_after, routine.review_every) == (
        Duration(1, "bd"),
        Duration(10, "bd"),
        12,
    )
    thanks = routine.step("thanks")
    assert thanks.due == Offset("due", 1, "bd", dt.time(9))
    assert (thanks.to, thanks.attach, thanks.needs, thanks.promised) == (
        ("attendees",),
        ("figures",),
        ("read",),
        True,
    )
    assert routine.step("heard").due == Offset("step.thanks", 3, "bd")


@pytest.mark.parametrize(
    ("written", "offset"),
    [
        ("0", Offset("due", 0, "bd")),
        ("-4bh", Offset("due", -4, "bh")),
        ("opened", Offset("opened", 0, "bd")),
        ("period_end+2d@08:15", Offset("period_end", 2, "d", dt.time(8, 15))),
        ("step.call-30min", Offset("step.call", -30, "min")),
        ("step.thanks", Offset("step.thanks", 0, "bd")),
    ],
)
def test_an_offset_counts_from_its_anchor(written, offset):
    text = spoilt("title: Ring them up, due: +6bd", f"title: Ring them up, due: {written}")
    assert read_routine(text).routine.step("ring").due == offset


def test_what_is_left_out_has_a_default():
    text = "\n".join(
        line
        for line in GOOD.splitlines()
        if not line.startswith(("subject", "balance", "calendar", "grace", "miss", "catch", "review"))
        and not line.startswith(("  by", "  to", "  kept_by", "  at", "  zone", "  roll", "  offset"))
        and not line.startswith(("  spread", "  starts_on", "  ends_on", "  pause"))
    )
    routine = read_routine(text).routine
    assert routine.promise == PromiseText("vendor", "partner", "We call you every month.", "call")
    assert routine.cadence == Cadence(
        "FREQ=MONTHLY;BYMONTHDAY=1", dt.time(9), "partner", "following", 0, 0, None, None, ()
    )
    assert (routine.subject, routine.balance, routine.calendar) == ("partner", "tactical", "partner")
    assert (routine.grace, routine.miss_after, routine.catch_up, routine.review_every) == (
        Duration(0, "bd"),
        None,
        "late",
        6,
    )
    assert (routine.step("ring").minutes, routine.step("ring").by) == (5, "channel_manager")


def test_the_step_that_keeps_the_promise_is_the_one_due_at_zero():
    routine = read_routine(spoilt("  kept_by: call\n", "")).routine
    assert kept_by(routine) == routine.step("call")


def test_steps_say_who_does_them():
    routine = read_routine(spoilt("title: Ring them up", "title: Ring us up, by: operations")).routine
    assert [step.is_by_machine for step in routine.steps] == [True, False, False, True, True, True, False]
    assert routine.step("ring").side == "partner"
    assert routine.step("read").side == "vendor"
    staff = read_routine(spoilt("title: Ring them up", "title: Ring them up, by: partner_operations")).routine
    assert staff.step("ring").side == "vendor"


@pytest.mark.parametrize(
    ("day", "is_covered"),
    [
        ("2026-12-19", False),
        ("2026-12-20", True),
        ("2028-02-29", False),
        ("2027-01-06", True),
        ("2027-01-07", False),
    ],
)
def test_a_yearly_pause_goes_over_new_year(day, is_covered):
    pause = Pause(dt.date(2000, 12, 20), dt.date(2000, 1, 6), yearly=True)
    assert pause.covers(dt.date.fromisoformat(day)) is is_covered


def test_words_that_yaml_would_guess_at_stay_words():
    routine = read_routine(spoilt("title: Pulse call\npurpose", "title: NO\npurpose")).routine
    assert routine.title == "NO"


@pytest.mark.parametrize(("old", "new", "line", "key", "reason", "mend"), BAD)
def test_each_mistake_is_told_by_line_key_reason_and_mend(old, new, line, key, reason, mend):
    found = problems_of(spoilt(old, new))
    assert [(problem.line, problem.key) for problem in found] == [(line, key)], found
    assert reason in found[0].reason
    assert mend in found[0].mend


@pytest.mark.parametrize("readers", ["[principal]", "[partner_contacts]", "[director, attendees]"])
def test_our_own_reports_reach_no_reader_at_a_partner(readers):
    text = spoilt("report: partner-scorecard", "report: manager-weekly").replace("[attendees]", readers)
    (problem,) = problems_of(text)
    assert (problem.key, problem.line) == ("steps.thanks.attach", 44)
    inside = text.replace(f"to: {readers}", "to: [channel_manager, director]")
    assert read_routine(inside, "pulse.yaml", shelves=SHELVES).routine


def test_a_report_about_all_partners_of_a_manager_reaches_none_of_them():
    letter = routine_texts()["newsletter"].replace(
        "    template: newsletter\n", "    template: newsletter\n    attach: [results]\n"
    )
    letter = letter.replace("newsletter-results, due: +5bd", "fund-utilisation, due: -1bd")
    with pytest.raises(RoutineErrors) as caught:
        read_routine(letter, "newsletter.yaml", shelves=shelves())
    (problem,) = caught.value.problems
    assert problem.key == "steps.send.attach" and "all partners of a manager" in problem.reason


def test_a_circle_of_needs_is_refused():
    text = spoilt("minutes: 10, due: -4h, needs: [figures]", "due: +7bd, needs: [ring]")
    text = text.replace("Ring them up,", "Ring them up, needs: [thanks],")
    (problem,) = problems_of(text)
    assert problem.reason == "waits for itself through other steps"


def test_without_kept_by_exactly_one_step_is_due_at_zero():
    none = spoilt("  kept_by: call\n", "").replace("    due: 0\n", "    due: +1h\n")
    assert "no step is due at 0" in problems_of(none)[0].reason
    several = spoilt("  kept_by: call\n", "").replace("due: -1bd", "due: 0").replace("due: -4h", "due: 0")
    assert "3 steps are due at 0" in problems_of(several)[0].reason


def test_a_managers_routine_has_no_partner_to_ask():
    text = spoilt("subject: partner", "subject: manager").replace(
        'partner.status == "active" && partner.employees > 3', "manager.on_duty"
    )
    text = text.replace("zone: Europe/Oslo", "zone: partner")
    assert [problem.key for problem in problems_of(text)] == [
        "calendar",
        "cadence.zone",
        "steps.call.attendees",
    ]


def test_everything_wrong_is_told_in_one_go_and_in_order_of_lines():
    text = spoilt("owner: channel_manager", "owner: nobody")
    text = (
        text.replace("at: 09:30", "at: noon").replace("mail.answered", "mail.read").replace("goals", "gaols")
    )
    with pytest.raises(RoutineErrors) as caught:
        read_routine(text, "pulse.yaml")
    assert [problem.line for problem in caught.value.problems] == [10, 11, 17, 48]
    assert str(caught.value).splitlines()[2] == (
        "pulse.yaml, line 17, cadence.at: there is no time 'noon'; write hours and minutes, like 09:00"
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is no map"),
        ("- a\n- b\n", "is no map"),
        ("just words", "is no map"),
        ("a: [b\n", "can't be read"),
        ("a: 1\n---\nb: 2\n", "can't be read"),
        ("a: \x00\n", "unacceptable character"),
        ("[" * 900, "nested too deep"),
        ("[" * 5_000, "5000 brackets"),
        ("a: " + "x" * 20_000, "20003 characters long"),
    ],
)
def test_what_is_no_routine_at_all_is_told_without_a_crash(text, reason):
    assert reason in problems_of(text)[0].reason


@pytest.mark.parametrize(
    ("old", "new", "key", "reason"),
    [
        ("goals: [retain]", "goals: []", "goals", "no goal"),
        ("minutes: 10", "minutes: 0", "steps.read.minutes", "takes time"),
        ("due: -4h", "due: -2bd", "steps.read.needs", "figures is due later"),
        ("    needs: [read]\n", "", "steps.thanks.promised", "a machine alone"),
        ("due: +5bd}", "due: +7bd}", "steps.quiet.otherwise", "before this is decided"),
        (
            "report: partner-scorecard",
            "report: partner-scorecard, minutes: 5",
            "steps.figures.minutes",
            "nobody's time",
        ),
    ],
)
def test_what_is_only_odd_is_a_warning(old, new, key, reason):
    (warning,) = read_routine(spoilt(old, new)).warnings
    assert warning.key == key
    assert reason in warning.reason
