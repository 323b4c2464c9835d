"""What each key of a routine's text looks like to a person who fills it in: its name, a help, the words to choose from.

The keys themselves are those that reading knows (`keys`): one that has no look here is a line of text with its own name,
so that a new key of the grammar appears by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from drumbeat.core.mailtopics import TOPICS
from drumbeat.core.playbook import model
from drumbeat.core.playbook.keys import KEYS, keys_of_step
from drumbeat.core.playbook.model import AGENDAS, KINDS, PEOPLE_WORDS, REPORTS, STAFF_ROLES
from drumbeat.core.playbook.steps import ROLES
from drumbeat.core.playbook.triggers import CADENCE_SUBJECTS


@dataclass(frozen=True, slots=True)
class Field:
    """One key, with a dot where it stands below another. `look` is how it is filled in: text, long, word, words, flag, whole,
    time, date, length, offset, rule, list, lines, reminders, steps, template, report, identity; `absent` says what holds when
    nothing is written."""

    key: str
    look: str = "text"
    label: str = ""
    help: str = ""
    words: tuple[str, ...] = ()
    absent: str = ""
    required: bool = False

    @property
    def is_list(self) -> bool:
        return self.look in ("words", "list", "lines", "reminders", "steps")

    @property
    def path(self) -> tuple[str, ...]:
        return tuple(self.key.split("."))


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that stand together; `path` is what comes before their keys."""

    title: str
    path: str
    fields: tuple[Field, ...]


LOOKS: dict[str, Field] = {
    "routine": Field("", "identity", "Key", "Its identity. It never changes; duplicate the routine to have another."),
    "title": Field("", "text", "Title", required=True),
    "purpose": Field("", "long", "Purpose", "Why it is worth everybody's time.", required=True),
    "subject": Field("", "word", "About", "What one occurrence is about.", model.SUBJECTS, "partner"),
    "promise.by": Field("", "word", "Promised by", "", model.SIDES, "vendor"),
    "promise.to": Field("", "word", "to", "", model.SIDES, "partner"),
    "promise.text": Field("", "long", "The promise", "The sentence that both sides read.", required=True),
    "promise.kept_by": Field("", "step", "Kept by", "The step whose doing keeps it.", (), "the one step due at 0"),
    "owner": Field("", "word", "Owner", "The role that answers for it.", STAFF_ROLES, required=True),
    "goals": Field("", "words", "Goals", "What it serves.", model.GOALS, required=True),
    "balance": Field("", "word", "Class of minutes", "", model.BALANCES, "tactical"),
    "audience": Field("", "rule", "Audience", "A rule over facts: who fits is on it.", required=True),
    "calendar": Field("", "word", "Working days of", "", model.CALENDARS, "the subject"),
    "grace": Field("", "length", "Grace", "Kept within it counts as on time.", (), "none"),
    "miss_after": Field("", "length", "Missed after", "", (), "the next due, or 20 working days"),
    "catch_up": Field("", "word", "After a downtime", "late: run each late; skip: missed by the system; merge: the last one stands for all.", model.CATCH_UPS, "late"),
    "overlap": Field("", "word", "While one is open", "", ("beside",), "beside"),
    "review_every": Field("", "text", "Look at it again every", "Months, like 6mo.", (), "6mo"),
    "articles": Field("", "list", "Articles"),
    "topic": Field("", "word", "Topic of its mail", "Only for mail that people may decline; what was agreed has none.", tuple(TOPICS), "none: it was agreed"),
    "due": Field("", "offset", "Due", "From what the event tells."),
    "cadence.rule": Field("", "cadence", "Rule", "A recurrence rule, fiscal:month, fiscal:quarter, fiscal:year or every 5bd.", required=True),
    "cadence.at": Field("", "time", "At", "", (), "09:00"),
    "cadence.zone": Field("", "text", "Clock of", "partner, manager, vendor or a zone like Europe/Oslo.", model.ZONES, "the subject"),
    "cadence.roll": Field("", "word", "On a day off", "", model.ROLLS, "following"),
    "cadence.offset": Field("", "text", "Shift", "In working days, like +4bd.", (), "none"),
    "cadence.spread": Field("", "text", "Spread over", "Working days, like 10bd: not all partners on one day.", (), "none"),
    "cadence.starts_on": Field("", "date", "Not before"),
    "cadence.ends_on": Field("", "date", "Not after"),
    "cadence.pause": Field("", "list", "Pauses", "Days without it, like 12-20..01-06 or 2026-05-15."),
    "cadence.blackout.days": Field("", "list", "Nothing due on", "Days that move what falls on them, like 12-24..12-31."),
    "cadence.blackout.then": Field("", "word", "then", "", model.BLACKOUT_WORDS, "following"),
    "trigger.event": Field("", "list", "Event", "What opens it, like deal.submitted.", required=True),
    "trigger.when": Field("", "rule", "Only when"),
    "trigger.debounce": Field("", "length", "Again only after"),
    "trigger.reentry": Field("", "word", "While one is open", "", model.REENTRIES, "ignore"),
    "trigger.exit": Field("", "text", "Ends early", "An event or a rule."),
    "step.step": Field("", "text", "Key", "Its name in the text and in other steps.", required=True),
    "step.kind": Field("", "word", "Kind", "", KINDS, required=True),
    "step.title": Field("", "text", "Title", required=True),
    "step.due": Field("", "offset", "When", "", (), "when it is due"),
    "step.by": Field("", "word", "Who", "", ROLES, "the owner"),
    "step.minutes": Field("", "whole", "Minutes", "", (), "as usual"),
    "step.needs": Field("", "steps", "After", "Steps that must be done first."),
    "step.when": Field("", "rule", "Only if"),
    "step.otherwise": Field("", "steps", "Otherwise", "These run when the rule is false."),
    "step.promised": Field("", "flag", "A promise of its own"),
    "step.to": Field("", "words", "To", "", ROLES + PEOPLE_WORDS, required=True),
    "step.template": Field("", "template", "Mail text", required=True),
    "step.attach": Field("", "steps", "Attach", "Reports built by earlier steps."),
    "step.report": Field("", "report", "Report", "", tuple(REPORTS), required=True),
    "step.attendees": Field("", "words", "Attendees", "", ROLES, required=True),
    "step.agenda": Field("", "word", "Agenda", "", tuple(AGENDAS)),
    "step.until": Field("", "text", "Until", "mail.answered, meeting.accepted, file.received or a rule.", required=True),
    "step.timeout": Field("", "length", "At most", required=True),
    "step.routine": Field("", "text", "Routine", "The key of the routine to open.", required=True),
    "step.wait": Field("", "flag", "Wait until it is done"),
    "step.form": Field("", "text", "Form", "The key of the form to fill in.", required=True),
    "step.invitation": Field("", "template", "Mail with the link", "none when a mail step brings it.", (), "form-request"),
    "step.ask": Field("", "length", "Asked before due", "", (), "3bd for a form"),
    "step.pauses_clock": Field("", "flag", "The response clock rests meanwhile"),
    "step.remind": Field("", "reminders", "Reminders", "While it is not done. 0 is when it is due; an emptied one is taken away.", ROLES),
    "step.approvers": Field("", "words", "Approvers", "Any of them decides.", STAFF_ROLES, required=True),
    "step.second.approvers": Field("", "words", "Second pair of eyes", "Any of them decides after the first.", ROLES),
    "step.second.when": Field("", "rule", "Second only if", "A rule over facts; empty asks them each time."),
    "step.reasons": Field("", "lines", "Reasons", "The key of a list, or a reason a line."),
    "step.endpoint": Field("", "text", "Endpoint", "Where the machine reports to.", required=True),
    "step.checklist": Field("", "lines", "Checklist", "Points to tick one by one, a line each."),
    "step.articles": Field("", "list", "Articles", "How it is done."),
}  # fmt: skip

GROUPS = (
    ("What it is", "", ("title", "purpose", "owner", "goals", "balance", "subject", "routine")),
    ("The promise", "promise", KEYS["promise"]),
    ("Who", "", ("audience",)),
    ("When", "cadence", tuple(key for key in KEYS["cadence"] if key != "blackout")),
    ("When", "trigger", KEYS["trigger"]),
    ("Nothing due on", "cadence.blackout", KEYS["cadence.blackout"]),
    ("Patience", "", ("calendar", "grace", "miss_after", "catch_up", "overlap", "review_every", "topic")),
)
ELSEWHERE = {"promise", "cadence", "trigger", "steps", "due"}  # told by groups of their own


def field_of(path: str, key: str) -> Field:
    """How a key is filled in; `path` is `step` or what stands above the key."""
    look = LOOKS.get(f"{path}.{key}" if path else key, Field("", label=key.replace("_", " ").capitalize()))
    return replace(look, key=key)


def head_groups(*, is_triggered: bool) -> tuple[Group, ...]:
    """All fields above the steps. A key of the grammar that no group names stands in the last one."""
    named = {key for _, path, keys in GROUPS if not path for key in keys}
    others = tuple(key for key in KEYS[""] if key not in named | ELSEWHERE)
    other_cadence = "cadence" if is_triggered else "trigger"
    shown = [entry for entry in GROUPS if not entry[1].startswith(other_cadence)]
    groups = [Group(title, path, _fields(path, keys)) for title, path, keys in shown]
    last = groups[-1]
    more = (*(("due",) if is_triggered else ()), *others)
    return (*groups[:-1], replace(last, fields=last.fields + _fields("", more)))


def step_fields(kind: str) -> tuple[Field, ...]:
    """The fields of a step of this kind; those of a map below a key stand for it."""
    below = {"second": tuple(f"second.{key}" for key in reversed(KEYS["steps.second"]))}
    return _fields("step", [name for key in keys_of_step(kind) for name in below.get(key, (key,))])


def _fields(path: str, keys: Sequence[str]) -> tuple[Field, ...]:
    return tuple(field_of(path, key) for key in keys)


def subjects_for(*, is_triggered: bool) -> tuple[str, ...]:
    """What a routine can be about: one that runs by a calendar has fewer choices."""
    return model.SUBJECTS if is_triggered else CADENCE_SUBJECTS
