"""Reads a routine's text into a value, or says everything that keeps it from being one. It touches no file."""

import datetime as dt
from dataclasses import dataclass

from drumbeat.core.mailtopics import TOPICS
from drumbeat.core.playbook import grammar, model
from drumbeat.core.playbook.checks import check_routine, step_that_keeps
from drumbeat.core.playbook.model import Blackout, Cadence, Duration, Offset, PromiseText, Routine, Step
from drumbeat.core.playbook.outline import Section, outline
from drumbeat.core.playbook.problems import Findings, Problem, RoutineErrors
from drumbeat.core.playbook.shelves import Shelves
from drumbeat.core.playbook.steps import read_steps
from drumbeat.core.playbook.triggers import check_trigger, read_trigger
from drumbeat.core.subjects import BELONGS, PERSON, facts_for, owner_facts

ROUTINE_KEYS = (
    "routine",
    "title",
    "purpose",
    "subject",
    "promise",
    "owner",
    "goals",
    "balance",
    "audience",
    "calendar",
    "cadence",
    "trigger",
    "due",
    "grace",
    "miss_after",
    "catch_up",
    "overlap",
    "review_every",
    "articles",
    "topic",
    "steps",
)
PROMISE_KEYS = ("by", "to", "text", "kept_by")
CADENCE_KEYS = ("rule", "at", "zone", "roll", "offset", "spread", "starts_on", "ends_on", "pause", "blackout")
BLACKOUT_KEYS = ("days", "then")
NINE = grammar.clock_time("09:00")
ANY = Shelves()


@dataclass(frozen=True, slots=True)
class Reading:
    """A routine and what its writer should think about again."""

    routine: Routine
    warnings: tuple[Problem, ...]


def read_routine(text: str, source: str = "", *, shelves: Shelves = ANY) -> Reading:
    """The routine of a YAML text. `source` is the file to name in problems; `shelves` hold the keys of what it may name:
    an unknown one is refused. Raises RoutineErrors with every problem found."""
    findings = Findings(source)
    section = Section.of(outline(text, source), findings, "", ROUTINE_KEYS)
    routine = _routine(section, text, shelves)
    check_routine(routine, findings)
    check_trigger(routine, findings, has_cadence=section.has("cadence"))
    if findings.problems:
        raise RoutineErrors(findings.problems)
    return Reading(routine, tuple(findings.warnings))


def _routine(section: Section, text: str, shelves: Shelves) -> Routine:
    read, one_of = section.read, grammar.one_of
    subject = read("subject", one_of(model.SUBJECTS), "partner")
    owner = read("owner", one_of(model.STAFF_ROLES), "channel_manager", required=True)
    is_triggered = section.has("trigger")
    names = facts_for(subject, is_triggered=is_triggered)
    steps = read_steps(section, names, owner, text, shelves)
    calendar = read("calendar", one_of(model.CALENDARS), _own_calendar(subject))
    return Routine(
        key=read("routine", grammar.slug, "", required=True),
        title=read("title", grammar.text(80), "", required=True),
        purpose=read("purpose", grammar.text(300), "", required=True),
        subject=subject,
        promise=_promise(_part(section, "promise", PROMISE_KEYS), steps),
        owner=owner,
        goals=section.read_list("goals", one_of(model.GOALS), required=True),
        balance=read("balance", one_of(model.BALANCES), "reactive" if is_triggered else "tactical"),
        audience=section.read_rule("audience", owner_facts(subject), required=True) or "",
        calendar=calendar,
        cadence=_zone_alone(calendar) if is_triggered else _dated(section, subject),
        grace=read("grace", grammar.duration, Duration(0, "bd")),
        miss_after=read("miss_after", _miss_after, None),
        catch_up=read("catch_up", one_of(model.CATCH_UPS), "late"),
        overlap=read("overlap", one_of(model.OVERLAPS), "beside"),
        review_every=read("review_every", grammar.months, 6),
        articles=section.read_list("articles", grammar.slug),
        topic=read("topic", one_of(tuple(TOPICS)), None),
        steps=steps,
        text=text,
        trigger=read_trigger(section, names) if is_triggered else None,
        due=read("due", _due, None, required=is_triggered),
    )


def _own_calendar(subject: str) -> str:
    return "manager" if BELONGS[subject] == PERSON else "partner"


def _zone_alone(calendar: str) -> Cadence:
    """What a triggered routine has instead of a cadence: its local times are those of its calendar's side."""
    zone = "partner" if calendar == "both" else calendar
    return Cadence("", NINE, zone, "none", 0, 0, None, None, ())


def _dated(section: Section, subject: str) -> Cadence:
    return _cadence(_part(section, "cadence", CADENCE_KEYS), _own_calendar(subject))


def _due(value: str) -> Offset | None:
    return grammar.offset(value)


def _part(section: Section, key: str, known: tuple[str, ...]) -> Section:
    """The map below a key; an empty one when it is missing, which is a problem of its own."""
    if section.has(key):
        return Section.of(section.nodes[key], section.findings, key, known)
    if key not in section.misspelt:
        other = " or a trigger" if key == "cadence" else ""
        section.findings.refuse(key, "is missing", f"add {key}: with {', '.join(known[:3])} …{other}")
    return Section(section.findings, key)


def _promise(section: Section, steps: tuple[Step, ...]) -> PromiseText:
    return PromiseText(
        by=section.read("by", grammar.one_of(model.SIDES), "vendor"),
        to=section.read("to", grammar.one_of(model.SIDES), "partner"),
        text=section.read("text", grammar.text(160), "", required=True),
        kept_by=section.read("kept_by", grammar.step_key, "") or step_that_keeps(steps, section.findings),
    )


def _cadence(section: Section, subject: str) -> Cadence:
    read = section.read
    return Cadence(
        rule=read("rule", _plain, "", required=True),
        at=read("at", grammar.clock_time, NINE),
        zone=read("zone", grammar.zone, subject),
        roll=read("roll", grammar.one_of(model.ROLLS), "following"),
        offset=read("offset", grammar.working_days, 0),
        spread=read("spread", grammar.spread, 0),
        starts_on=read("starts_on", _day, None),
        ends_on=read("ends_on", _day, None),
        pause=section.read_list("pause", grammar.pause),
        blackout=_blackout(section),
    )


def _blackout(cadence: Section) -> Blackout:
    if not cadence.has("blackout"):
        return Blackout()
    section = Section.of(cadence.nodes["blackout"], cadence.findings, cadence.full("blackout"), BLACKOUT_KEYS)
    return Blackout(
        days=section.read_list("days", grammar.pause, required=True),
        then=section.read("then", grammar.one_of(model.BLACKOUT_WORDS), "following"),
    )


def _plain(value: str) -> str:
    return value


def _day(value: str) -> dt.date | None:
    return grammar.day(value)


def _miss_after(value: str) -> Duration | None:
    return grammar.duration(value)
