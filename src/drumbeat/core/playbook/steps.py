"""Reads the steps of a playbook one by one. Whether they fit together is judged in checks."""

from collections.abc import Mapping
from typing import Any

from drumbeat.core.facts import FactType
from drumbeat.core.playbook import grammar
from drumbeat.core.playbook.answers import names_of_answers
from drumbeat.core.playbook.model import (
    AGENDAS,
    EVENT_PEOPLE,
    KINDS,
    MACHINE_KINDS,
    NO_INVITATION,
    PARTNER_ROLES,
    PEOPLE_WORDS,
    STAFF_ROLES,
    Duration,
    Offset,
    Remind,
    Second,
    Step,
)
from drumbeat.core.playbook.outline import Section
from drumbeat.core.playbook.problems import Findings, Unreadable, nearest
from drumbeat.core.playbook.shelves import Shelves
from drumbeat.core.rules import WAIT_WORDS
from drumbeat.core.subjects import ALL_FACTS

MOST_STEPS = 40
ROLES = STAFF_ROLES + PARTNER_ROLES
COMMON_KEYS = ("step", "kind", "title", "due", "by", "minutes", "needs", "when", "promised", "articles")
KIND_KEYS = {
    "task": ("checklist", "remind"),
    "mail": ("to", "template", "attach"),
    "report": ("report",),
    "meeting": ("attendees", "agenda", "checklist", "remind"),
    "approval": ("approvers", "second", "reasons", "ask", "checklist", "remind"),
    "form": ("form", "invitation", "ask", "pauses_clock", "remind"),
    "wait": ("until", "timeout", "remind"),
    "branch": ("otherwise",),
    "subroutine": ("routine", "wait"),
    "webhook": ("endpoint",),
}
ALL_KEYS = COMMON_KEYS + tuple(dict.fromkeys(key for keys in KIND_KEYS.values() for key in keys))
SECOND_KEYS = ("when", "approvers")
REMIND_KEYS = ("at", "to")
MOST_POINTS = 20


def read_steps(
    routine: Section, names: Mapping[str, FactType], owner: str, text: str, shelves: Shelves
) -> tuple[Step, ...]:
    """The steps in the order of the text; a step with a mistake is there with stand-ins."""
    nodes = routine.items("steps")
    if not 1 <= len(nodes) <= MOST_STEPS:
        routine.findings.refuse("steps", f"holds {len(nodes)} steps", f"write 1 to {MOST_STEPS}")
    sections = [_section(node, number, routine.findings) for number, node in enumerate(nodes, 1)]
    known = {**names, **names_of_answers(nodes, text, shelves.forms)}
    return tuple(_Reader(section, owner, known, shelves).step() for section in sections)


def _section(node: Any, number: int, findings: Findings) -> Section:
    path = f"steps.{_key_of(node) or number}"
    line = node.start_mark.line + 1
    if findings.lines.setdefault(path, line) != line:
        findings.refuse(
            path, f"line {findings.lines[path]} has a step of this key", "give each its own", line
        )
    return Section.of(node, findings, path, ALL_KEYS)


def _key_of(node: Any) -> str:
    pairs = node.value if node.id == "mapping" else []
    return next(
        (str(value.value) for key, value in pairs if key.value == "step" and value.id == "scalar"), ""
    )


class _Reader:
    """Reads one step; what kind it is decides which keys it may and must have."""

    def __init__(self, section: Section, owner: str, names: Mapping[str, FactType], shelves: Shelves) -> None:
        self.section, self.owner, self.names, self.shelves = section, owner, names, shelves
        self.kind = section.read("kind", _kind, "", required=True)

    def step(self) -> Step:
        self._refuse_foreign_keys()
        read, words, shelves = self.section.read, self.section.read_list, self.shelves
        is_form, is_approval = self.kind == "form", self.kind == "approval"
        approvers = words("approvers", _approver, required=is_approval)
        return Step(
            key=read("step", grammar.step_key, "", required=True),
            kind=self.kind,
            title=read("title", grammar.text(80), "", required=True),
            due=read("due", grammar.offset, Offset("due", 0, "bd")),
            by=self._by(approvers),
            minutes=self._minutes(),
            needs=words("needs", grammar.step_key),
            when=self.section.read_rule("when", self.names, required=self.kind == "branch"),
            otherwise=words("otherwise", grammar.step_key, required=self.kind == "branch"),
            promised=read("promised", grammar.flag, False),
            to=words("to", grammar.one_of(ROLES + PEOPLE_WORDS), required=self.kind == "mail"),
            template=read("template", shelves.template, None, required=self.kind == "mail"),
            attach=words("attach", grammar.step_key),
            report=read("report", shelves.report, None, required=self.kind == "report"),
            attendees=words("attendees", grammar.one_of(ROLES), required=self.kind == "meeting"),
            agenda=read("agenda", _agenda, None),
            until=self._until(),
            timeout=read("timeout", _length, None, required=self.kind == "wait"),
            routine=read("routine", _slug, None, required=self.kind == "subroutine"),
            waits=read("wait", grammar.flag, False),
            form=read("form", shelves.form, None, required=is_form),
            invitation=read("invitation", self._invitation, None),
            ask=read("ask", _length, None),
            pauses_clock=read("pauses_clock", grammar.flag, False),
            remind=self._remind(),
            approvers=approvers,
            second=self._second(),
            reasons=self._reasons(),
            endpoint=read("endpoint", shelves.endpoint, None, required=self.kind == "webhook"),
            checklist=self._checklist(),
            articles=words("articles", grammar.slug),
        )

    def _refuse_foreign_keys(self) -> None:
        fitting = COMMON_KEYS + KIND_KEYS.get(self.kind, ALL_KEYS)
        for key in self.section.nodes:
            if key not in fitting:
                owner = next(kind for kind, keys in KIND_KEYS.items() if key in keys)
                article = "an" if owner == "approval" else "a"
                self.section.findings.refuse(
                    self.section.full(key),
                    f"belongs to {article} {owner}, this is a {self.kind}",
                    "leave it out, or change the kind",
                )

    def _minutes(self) -> int:
        low = 1 if self.kind == "meeting" else 0
        stand_in = 5 if self.kind in ("task", "approval") else 0
        minutes = self.section.read(
            "minutes", grammar.whole(low, 480), stand_in, required=self.kind == "meeting"
        )
        if self.kind == "task" and minutes == 0:
            self.section.findings.warn(
                self.section.full("minutes"), "a task takes time", "plan at least 1 minute"
            )
        if self.kind in MACHINE_KINDS and minutes:
            self.section.findings.warn(
                self.section.full("minutes"), f"a {self.kind} takes nobody's time", "leave it out"
            )
        return minutes

    def _by(self, approvers: tuple[str, ...]) -> str:
        """An approval is on the list of the first of its approvers."""
        if self.kind == "approval":
            if self.section.has("by"):
                self.section.findings.refuse(
                    self.section.full("by"), "an approval is by its approvers", "leave it out"
                )
            return approvers[0] if approvers else self.owner
        roles = ROLES + EVENT_PEOPLE if self.kind == "form" else ROLES
        return self.section.read("by", grammar.one_of(roles), self.owner)

    def _second(self) -> Second | None:
        if not self.section.has("second"):
            return None
        path = self.section.full("second")
        part = Section.of(self.section.nodes["second"], self.section.findings, path, SECOND_KEYS)
        return Second(
            approvers=part.read_list("approvers", grammar.one_of(ROLES), required=True),
            when=part.read_rule("when", self.names),
        )

    def _remind(self) -> tuple[Remind, ...]:
        """Each a map of `at` and `to`, or the two in one text."""
        found = [self._reminder(node) for node in self.section.items("remind")]
        return tuple(one for one in found if one)

    def _reminder(self, node: Any) -> Remind | None:
        if node.id != "mapping":
            return self.section.parsed("remind", node, _remind, None)
        part = Section.of(node, self.section.findings, self.section.full("remind"), REMIND_KEYS)
        before = part.read("at", grammar.before_due, None, required=True)
        to = part.read("to", grammar.one_of(ROLES), None, required=True)
        return Remind(before, to) if before and to else None

    def _reasons(self) -> tuple[str, ...]:
        """The key of a list, or a list of texts."""
        node = self.section.nodes.get("reasons")
        is_key = node is not None and node.id == "scalar"
        read = self.shelves.reason if is_key else grammar.text(80)
        return self.section.read_one_or_more("reasons", read)  # type: ignore[arg-type]

    def _checklist(self) -> tuple[str, ...]:
        points = self.section.read_list("checklist", grammar.text(120))
        if len(points) > MOST_POINTS:
            self.section.findings.refuse(
                self.section.full("checklist"),
                f"holds {len(points)} points",
                f"write {MOST_POINTS} at most, or make two steps",
            )
        return points

    def _invitation(self, value: str) -> str | None:
        return value if value == NO_INVITATION else self.shelves.template(value)

    def _until(self) -> str | None:
        """A word that a wait knows, else a rule."""
        value = self.section.read("until", _name_or_rule, None, required=self.kind == "wait")
        return value if value is None or value in WAIT_WORDS else self.section.read_rule("until", self.names)


def _kind(value: str) -> str:
    return grammar.one_of(KINDS)(value)


def _approver(value: str) -> str:
    if value in PARTNER_ROLES:
        raise Unreadable(
            f"{value} is on the partner's side, and the vendor decides",
            "put the partner's signature into second",
        )
    return grammar.one_of(STAFF_ROLES)(value)


def _agenda(value: str) -> str | None:
    return grammar.one_of(AGENDAS)(value)


def _slug(value: str) -> str | None:
    return grammar.slug(value)


def _length(value: str) -> Duration | None:
    return grammar.duration(value)


def _remind(value: str) -> Remind | None:
    at, _, to = value.partition(" ")
    return Remind(grammar.before_due(at), grammar.one_of(ROLES)(to.strip()))


def _name_or_rule(value: str) -> str | None:
    is_word = value.replace(".", "").isalpha() and value not in ALL_FACTS
    is_word = is_word and not value.startswith(("partner.", "manager.", "answer."))
    if is_word and value not in WAIT_WORDS and value not in ("true", "false"):
        raise Unreadable(f"nothing to wait for is called {value}", nearest(value, WAIT_WORDS))
    return value
