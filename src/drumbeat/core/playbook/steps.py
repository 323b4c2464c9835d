"""Reads the steps of a playbook one by one. Whether they fit together is judged in checks."""

from collections.abc import Collection, Mapping
from typing import Any

from drumbeat.core.facts import FactType, answer_fact
from drumbeat.core.playbook import grammar
from drumbeat.core.playbook.model import (
    AGENDAS,
    KINDS,
    MACHINE_KINDS,
    PARTNER_ROLES,
    PEOPLE_WORDS,
    REPORTS,
    STAFF_ROLES,
    Duration,
    Offset,
    Step,
)
from drumbeat.core.playbook.outline import Section
from drumbeat.core.playbook.problems import Findings, Unreadable, nearest
from drumbeat.core.rules import WAIT_WORDS
from drumbeat.core.subjects import ALL_FACTS

MOST_STEPS = 40
ROLES = STAFF_ROLES + PARTNER_ROLES
AS_TASK = "write it as a task for now"
KINDS_LATER = ("form", "approval", "webhook")
COMMON_KEYS = ("step", "kind", "title", "due", "by", "minutes", "needs", "when", "promised")
KIND_KEYS = {
    "task": (),
    "mail": ("to", "template", "attach"),
    "report": ("report",),
    "meeting": ("attendees", "agenda"),
    "wait": ("until", "timeout"),
    "branch": ("otherwise",),
    "subroutine": ("routine", "wait"),
}
ALL_KEYS = COMMON_KEYS + tuple(key for keys in KIND_KEYS.values() for key in keys)
KEYS_LATER = dict.fromkeys(
    ("form", "endpoint", "approvers", "second", "reasons", "pauses_clock", "remind"), AS_TASK
)


def read_steps(
    routine: Section, names: Mapping[str, FactType], owner: str, templates: Collection[str] | None
) -> tuple[Step, ...]:
    """The steps in the order of the text; a step with a mistake is there with stand-ins."""
    nodes = routine.items("steps")
    if not 1 <= len(nodes) <= MOST_STEPS:
        routine.findings.refuse("steps", f"holds {len(nodes)} steps", f"write 1 to {MOST_STEPS}")
    sections = [_section(node, number, routine.findings) for number, node in enumerate(nodes, 1)]
    return tuple(_Reader(section, owner, _names(names, nodes), templates).step() for section in sections)


def _section(node: Any, number: int, findings: Findings) -> Section:
    path = f"steps.{_key_of(node) or number}"
    line = node.start_mark.line + 1
    if findings.lines.setdefault(path, line) != line:
        findings.refuse(
            path, f"line {findings.lines[path]} has a step of this key", "give each its own", line
        )
    return Section.of(node, findings, path, ALL_KEYS, KEYS_LATER)


def _names(known: Mapping[str, FactType], nodes: list[Any]) -> Mapping[str, FactType]:
    answers = [answer_fact(key) for key in map(_key_of, nodes) if key]
    return {**known, **{answer.name: answer for answer in answers}}


def _key_of(node: Any) -> str:
    pairs = node.value if node.id == "mapping" else []
    return next(
        (str(value.value) for key, value in pairs if key.value == "step" and value.id == "scalar"), ""
    )


class _Reader:
    """Reads one step; what kind it is decides which keys it may and must have."""

    def __init__(
        self, section: Section, owner: str, names: Mapping[str, FactType], templates: Collection[str] | None
    ) -> None:
        self.section, self.owner, self.names, self.templates = section, owner, names, templates
        self.kind = section.read("kind", _kind, "", required=True)

    def step(self) -> Step:
        self._refuse_foreign_keys()
        read, words = self.section.read, self.section.read_list
        return Step(
            key=read("step", grammar.step_key, "", required=True),
            kind=self.kind,
            title=read("title", grammar.text(80), "", required=True),
            due=read("due", grammar.offset, Offset("due", 0, "bd")),
            by=read("by", grammar.one_of(ROLES), self.owner),
            minutes=self._minutes(),
            needs=words("needs", grammar.step_key),
            when=self.section.read_rule("when", self.names, required=self.kind == "branch"),
            otherwise=words("otherwise", grammar.step_key, required=self.kind == "branch"),
            promised=read("promised", grammar.flag, False),
            to=words("to", grammar.one_of(ROLES + PEOPLE_WORDS), required=self.kind == "mail"),
            template=read("template", self._template, None, required=self.kind == "mail"),
            attach=words("attach", grammar.step_key),
            report=read("report", _report, None, required=self.kind == "report"),
            attendees=words("attendees", grammar.one_of(ROLES), required=self.kind == "meeting"),
            agenda=read("agenda", _agenda, None),
            until=self._until(),
            timeout=read("timeout", _timeout, None, required=self.kind == "wait"),
            routine=read("routine", _slug, None, required=self.kind == "subroutine"),
            waits=read("wait", grammar.flag, False),
        )

    def _refuse_foreign_keys(self) -> None:
        fitting = COMMON_KEYS + KIND_KEYS.get(self.kind, ALL_KEYS)
        for key in self.section.nodes:
            if key not in fitting:
                owner = next(kind for kind, keys in KIND_KEYS.items() if key in keys)
                self.section.findings.refuse(
                    self.section.full(key),
                    f"belongs to a {owner}, this is a {self.kind}",
                    "leave it out, or change the kind",
                )

    def _minutes(self) -> int:
        low = 1 if self.kind == "meeting" else 0
        stand_in = 5 if self.kind == "task" else 0
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

    def _template(self, value: str) -> str | None:
        name = grammar.slug(value)
        if self.templates is not None and name not in self.templates:
            raise Unreadable(f"there is no mail text {name}", nearest(name, sorted(self.templates)))
        return name

    def _until(self) -> str | None:
        """A word that a wait knows, else a rule."""
        value = self.section.read("until", _name_or_rule, None, required=self.kind == "wait")
        return value if value is None or value in WAIT_WORDS else self.section.read_rule("until", self.names)


def _kind(value: str) -> str:
    if value in KINDS_LATER:
        raise Unreadable(f"the kind {value} is not available yet", AS_TASK)
    return grammar.one_of(KINDS)(value)


def _report(value: str) -> str | None:
    return grammar.one_of(REPORTS)(value)


def _agenda(value: str) -> str | None:
    return grammar.one_of(AGENDAS)(value)


def _slug(value: str) -> str | None:
    return grammar.slug(value)


def _timeout(value: str) -> Duration | None:
    return grammar.duration(value)


def _name_or_rule(value: str) -> str | None:
    is_word = value.replace(".", "").isalpha() and value not in ALL_FACTS
    is_word = is_word and not value.startswith(("partner.", "manager.", "answer."))
    if is_word and value not in WAIT_WORDS and value not in ("true", "false"):
        raise Unreadable(f"nothing to wait for is called {value}", nearest(value, WAIT_WORDS))
    return value
