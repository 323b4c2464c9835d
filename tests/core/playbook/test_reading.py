"""What a routine's text means, and what is said about one that means nothing."""

import datetime as dt

import pytest

from drumbeat.core.playbook import (
    Cadence,
    Duration,
    Offset,
    Pause,
    PromiseText,
    RoutineErrors,
    kept_by,
    read_routine,
)
from tests.core.playbook.texts import GOOD, spoilt


def problems_of(text):
    with pytest.raises(RoutineErrors) as caught:
        read_routine(text, "pulse.yaml", templates={"minutes", "newsletter"})
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


STEP = "  - {step: ring, kind: task, title: Ring them up, due: +6bd}"

# old piece, new piece, line, key, part of the reason, part of the mend
BAD = [
    ("routine: pulse-call", "routine: Pulse Call", 1, "routine", "is no key", "a–z 0–9 -"),
    ("routine: pulse-call", "routine: x", 1, "routine", "is no key", "3 to 48"),
    ("title: Pulse call\npurpose", "purpose", 1, "title", "is missing", "title: …"),
    ("title: Pulse call\npurpose", "title:\npurpose", 2, "title", "is empty", "leave the line out"),
    ("title: Pulse call\npurpose", f"title: {'x' * 81}\npurpose", 2, "title", "81 characters", "80 at most"),
    (
        "title: Pulse call\npurpose",
        'title: "a\\u0007b"\npurpose',
        2,
        "title",
        "control character",
        "take it out",
    ),
    ("title: Pulse call\npurpose", "title: [Pulse, call]\npurpose", 2, "title", "holds a list", "in quotes"),
    ("title: Pulse call\npurpose", "title: Pulse: call\npurpose", 2, "title", "not allowed", "in quotes"),
    (
        "title: Pulse call\npurpose",
        "titel: Pulse call\npurpose",
        2,
        "titel",
        "is no key",
        "did you mean title?",
    ),
    (
        "title: Pulse call\npurpose",
        "routine: again\ntitle: Pulse\npurpose",
        2,
        "routine",
        "twice, first in line 1",
        "keep one",
    ),
    (
        "title: Pulse call\npurpose",
        "\ttitle: Pulse call\npurpose",
        2,
        "title",
        "can't be read",
        "with spaces",
    ),
    ("title: Pulse call\npurpose", "title: &x Pulse\npurpose", 2, "title", "anchors", "in quotes"),
    ("subject: partner", "subject: partnr", 4, "subject", "there is no 'partnr'", "did you mean partner?"),
    ("promise:\n  by: vendor", "promise:\n  by: partner", 7, "promise.to", "owes itself", "the other side"),
    ("  by: vendor\n  to", "  by: team\n  to", 7, "promise.to", "inside the team", "to: team"),
    ("  text: We call you every month.\n", "", 5, "promise.text", "is missing", "text: …"),
    ("kept_by: call", "kept_by: cal", 9, "promise.kept_by", "no step 'cal'", "did you mean call?"),
    ("kept_by: call", "kept_by: quiet", 9, "promise.kept_by", "a branch keeps no promise", "name the step"),
    ("owner: channel_manager", "owner: chanel_manager", 10, "owner", "chanel_manager", "channel_manager?"),
    ("owner: channel_manager", "owner: sales_lead", 10, "owner", "sales_lead", "choose from"),
    ("goals: [retain]", "goals: retain", 11, "goals", "is no list", "write [retain]"),
    ("goals: [retain]", "goals: [retian]", 11, "goals", "retian", "did you mean retain?"),
    ("balance: tactical", "balance: tactic", 12, "balance", "tactic", "did you mean tactical?"),
    ("partner.employees > 3", "partner.employes > 3", 13, "audience", "column 31", "partner.employees?"),
    ("partner.employees > 3", "partner.revenue_12m > 3", 13, "audience", "column 51", "write 3.0"),
    ("partner.employees > 3", "partner.tier", 13, "audience", "can't join", "true or false"),
    (
        "partner.employees > 3",
        "partner.days_since_sale > 3",
        13,
        "audience",
        "may be absent",
        "has(partner.days_since_sale)",
    ),
    (
        'partner.status == "active" && partner.employees > 3',
        "!partner.dormant",
        13,
        "audience",
        "begins with !",
        "in quotes",
    ),
    (
        'partner.status == "active" && partner.employees > 3',
        "partner.tier",
        13,
        "audience",
        "gives a word",
        "compare it",
    ),
    (
        'partner.status == "active" && partner.employees > 3',
        "manager.on_duty",
        13,
        "audience",
        "no fact manager.on_duty",
        "facts",
    ),
    ("calendar: both", "calendar: partners", 14, "calendar", "partners", "did you mean partner?"),
    ("cadence:\n", "trigger: {event: deal.won}\ncadence:\n", 15, "trigger", "not available yet", "cadence"),
    ("rule: FREQ=MONTHLY;BYMONTHDAY=1", "rule: FREQ=MONTHY", 16, "cadence.rule", "FREQ", ""),
    (
        "rule: FREQ=MONTHLY;BYMONTHDAY=1",
        "rule: FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31",
        16,
        "cadence.rule",
        "never occurs",
        "a date that exists",
    ),
    (
        "rule: FREQ=MONTHLY;BYMONTHDAY=1",
        "rule: FREQ=HOURLY",
        16,
        "cadence.rule",
        "finer than a day",
        "FREQ=DAILY",
    ),
    (
        "rule: FREQ=MONTHLY;BYMONTHDAY=1",
        "rule: FREQ=DAILY;BYHOUR=9,15",
        16,
        "cadence.rule",
        "not times",
        "at: 09:00",
    ),
    (
        "rule: FREQ=MONTHLY;BYMONTHDAY=1",
        "rule: fiscal:quarter",
        16,
        "cadence.rule",
        "not available yet",
        "FREQ=",
    ),
    ("rule: FREQ=MONTHLY;BYMONTHDAY=1", "rule: every 5bd", 16, "cadence.rule", "not available yet", "FREQ="),
    (
        "rule: FREQ=MONTHLY;BYMONTHDAY=1",
        "rule: FREQ=WEEKLY;BYDAY=MO",
        21,
        "cadence.spread",
        "7 days away",
        "at most 4bd",
    ),
    ("at: 09:30", "at: 9:30", 17, "cadence.at", "no time '9:30'", "like 09:00"),
    ("at: 09:30", "at: 24:00", 17, "cadence.at", "no time '24:00'", "like 09:00"),
    (
        "zone: Europe/Oslo",
        "zone: Europe/Olso",
        18,
        "cadence.zone",
        "Europe/Olso",
        "did you mean Europe/Oslo?",
    ),
    ("zone: Europe/Oslo", "zone: partners", 18, "cadence.zone", "partners", "did you mean partner?"),
    ("roll: preceding", "roll: preceeding", 19, "cadence.roll", "preceeding", "did you mean preceding?"),
    ("offset: +4bd", "offset: +4d", 20, "cadence.offset", "no number of working days", "+4bd"),
    ("spread: 5bd", "spread: -5bd", 21, "cadence.spread", "forward only", "5bd"),
    (
        "starts_on: 2026-01-01",
        "starts_on: 2026-02-30",
        22,
        "cadence.starts_on",
        "no date '2026-02-30'",
        "2026-01-31",
    ),
    ("ends_on: 2027-12-31", "ends_on: 2025-12-31", 23, "cadence.ends_on", "before it starts", "later day"),
    ("[12-20..01-06, 2026-05-14]", "[12-20..01-06, 01-05..01-10]", 24, "cadence.pause", "overlap", "join"),
    ("[12-20..01-06, 2026-05-14]", "[01-01..12-31]", 24, "cadence.pause", "the whole year", "leave days"),
    ("[12-20..01-06, 2026-05-14]", "[12-32..01-06]", 24, "cadence.pause", "no date", "year, month and day"),
    ("grace: 1bd", "grace: 1 day", 25, "grace", "no length of time", "like 1bd"),
    ("miss_after: 10bd", "miss_after: 4bh", 26, "miss_after", "before the grace of 1bd ends", "longer"),
    ("catch_up: merge", "catch_up: later", 27, "catch_up", "later", "did you mean late?"),
    ("catch_up: merge", "overlap: hold", 27, "overlap", "not available yet", "beside"),
    ("review_every: 12mo", "review_every: 25mo", 28, "review_every", "1 to 24", "6mo"),
    (STEP, "", 49, "steps.quiet.otherwise", "no step 'ring'", "choose from"),
    (STEP, "  - {step: ring, kind: task, title: Ring: now}", 50, "", "can't be read", "in quotes"),
    (STEP, "  - {step: ring, kind: task, title: Ring # now}", 50, "", "can't be read", "in quotes"),
    (STEP, "  - {step: ring, kind: task, title: Ring {now}}", 50, "", "can't be read", "in quotes"),
    (
        STEP,
        "  - {step: ring, kind: task, title: Ring, or mail}",
        50,
        "steps.ring.or mail",
        "is no key",
        "in quotes",
    ),
    (STEP, "  - {step: read, kind: task, title: Ring}", 50, "steps.read", "line 31 has a step", "its own"),
    (STEP, "  - {step: ring, kind: tusk, title: Ring}", 50, "steps.ring.kind", "tusk", "did you mean task?"),
    (
        STEP,
        "  - {step: ring, kind: form, title: Ring}",
        50,
        "steps.ring.kind",
        "form is not available yet",
        "as a task",
    ),
    (
        STEP,
        "  - {step: ring, kind: task, title: Ring, form: x}",
        50,
        "steps.ring.form",
        "not available yet",
        "as a task",
    ),
    (
        STEP,
        "  - {step: ring, kind: task, title: Ring, template: minutes}",
        50,
        "steps.ring.template",
        "belongs to a mail",
        "leave it out",
    ),
    (
        STEP,
        "  - {step: ring, kind: task, title: Ring, due: 5 days}",
        50,
        "steps.ring.due",
        "is no offset",
        "-5bd",
    ),
    (
        STEP,
        "  - {step: ring, kind: task, title: Ring, due: +5000bd}",
        50,
        "steps.ring.due",
        "is no offset",
        "-5bd",
    ),
    (
        STEP,
        "  - {step: ring, kind: task, title: Ring, due: deal.won_on+1d}",
        50,
        "steps.ring.due",
        "no anchor",
        "opened",
    ),
    (
        STEP,
        "  - {step: ring, kind: task, title: Ring, due: step.cal+1d}",
        50,
        "steps.ring.due",
        "no step 'cal'",
        "did you mean call?",
    ),
    (
        STEP,
        "  - {step: ring, kind: task, title: Ring, due: opened-1d}",
        50,
        "steps.ring.due",
        "before the occurrence opens",
        "opened",
    ),
    (
        STEP,
        "  - {step: ring, kind: task, title: Ring, minutes: 481}",
        50,
        "steps.ring.minutes",
        "0 to 480",
        "number",
    ),
    (
        STEP,
        "  - {step: ring, kind: task, title: Ring, by: seler}",
        50,
        "steps.ring.by",
        "seler",
        "did you mean seller?",
    ),
    (
        STEP,
        "  - {step: ring, kind: task, title: Ring, needs: [ring]}",
        50,
        "steps.ring.needs",
        "names itself",
        "",
    ),
    (
        STEP,
        "  - {step: ring, kind: task, title: Ring, promised: yes}",
        50,
        "steps.ring.promised",
        "neither true nor false",
        "true or false",
    ),
    (
        STEP,
        '  - {step: ring, kind: task, title: Ring, when: "!answer.herd"}',
        50,
        "steps.ring.when",
        "no fact answer.herd",
        "answer.heard?",
    ),
    (STEP, "  - ring", 50, "steps.7", "is no map", "key: value"),
    (
        "report: partner-scorecard",
        "report: partner-scorcard",
        30,
        "steps.figures.report",
        "partner-scorcard",
        "partner-scorecard?",
    ),
    (
        "[channel_manager, sales_lead]",
        "[channel_manager, director]",
        35,
        "steps.call.attendees",
        "only one side",
        "other side",
    ),
    ("    minutes: 30\n", "", 32, "steps.call.minutes", "is missing", "minutes: …"),
    ("agenda: weekly-call", "agenda: weekly-cal", 37, "steps.call.agenda", "weekly-cal", "weekly-call?"),
    ("to: [attendees]", "to: [atendees]", 42, "steps.thanks.to", "atendees", "attendees?"),
    ("template: minutes", "template: minuts", 43, "steps.thanks.template", "no mail text minuts", "minutes?"),
    ("attach: [figures]", "attach: [read]", 44, "steps.thanks.attach", "read is no report", "kind report"),
    (
        "until: mail.answered",
        "until: mail.anwsered",
        48,
        "steps.heard.until",
        "mail.anwsered",
        "mail.answered?",
    ),
    (", timeout: 3bd", "", 48, "steps.heard.timeout", "is missing", "timeout: …"),
    ("when: answer.heard, ", "", 49, "steps.quiet.when", "is missing", "when: …"),
]


@pytest.mark.parametrize(("old", "new", "line", "key", "reason", "mend"), BAD)
def test_each_mistake_is_told_by_line_key_reason_and_mend(old, new, line, key, reason, mend):
    found = problems_of(spoilt(old, new))
    assert [(problem.line, problem.key) for problem in found] == [(line, key)], found
    assert reason in found[0].reason
    assert mend in found[0].mend


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
        ("[" * 50_000, "nested too deep"),
        ("a: " + "x" * 64_000, "64003 characters long"),
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
