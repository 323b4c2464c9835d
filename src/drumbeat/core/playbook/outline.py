"""Turns YAML text into sections whose scalars are all text, with the line of each key. It doesn't know what keys mean."""

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from drumbeat.core.facts import FactType
from drumbeat.core.playbook.problems import Findings, Problem, RoutineErrors, Unreadable, near, nearest
from drumbeat.core.rules import check_rule

T = TypeVar("T")
# A routine has 2,000 characters and some thirty brackets; far beyond that, reading would take seconds.
MOST_CHARACTERS = 20_000
MOST_BRACKETS = 1_000
QUOTE = 'put text that holds : # , ? { } [ ] in quotes, like title: "Sent, or not?"'


def outline(text: str, source: str) -> Any:
    """The YAML node of the text's only document; raises RoutineErrors when it isn't YAML."""
    try:
        _refuse_vast(text)
        return YAML(typ="rt", pure=True).compose(text.removeprefix("\ufeff"))
    except Unreadable as error:
        problem = Problem(source, 1, "", error.reason, error.mend)
    except MarkedYAMLError as error:
        problem = _explained(error, text, source)
    except YAMLError as error:
        problem = Problem(source, 1, "", str(error).splitlines()[0], "save the text as plain UTF-8")
    except RecursionError:
        problem = Problem(source, 1, "", "brackets are nested too deep", "a routine needs three levels")
    raise RoutineErrors([problem])


def _refuse_vast(text: str) -> None:
    if len(text) > MOST_CHARACTERS:
        raise Unreadable(f"the text is {len(text)} characters long", f"use {MOST_CHARACTERS} at most")
    if (brackets := text.count("[") + text.count("{")) > MOST_BRACKETS:
        raise Unreadable(f"the text holds {brackets} brackets", f"use {MOST_BRACKETS} at most")


def _explained(error: MarkedYAMLError, text: str, source: str) -> Problem:
    """A flow map that breaks is blamed at its own line, where the missing quotes are, not where the parser gave up."""
    in_one_line = bool(error.context) and "flow" in error.context
    mark = error.context_mark if in_one_line else error.problem_mark
    row = text.splitlines()[mark.line] if mark and mark.line < len(text.splitlines()) else ""
    step = re.search(r"\bstep:\s*([a-z0-9-]+)", row)
    key = f"steps.{step[1]}" if step else row.strip(" -").partition(":")[0].strip()
    reason = f"this can't be read: {error.problem}"
    mend = "indent with spaces" if "\\t" in reason else QUOTE
    return Problem(source, mark.line + 1 if mark else 1, key, reason, mend)


class Section:
    """One map of the text, read key by key. What is wrong goes to the findings, and a stand-in comes back instead,
    so that one pass finds everything."""

    def __init__(self, findings: Findings, path: str = "") -> None:
        self.findings, self.path = findings, path
        self.nodes: dict[str, Any] = {}
        self.misspelt: set[str | None] = set()
        self.is_there = False

    @classmethod
    def of(
        cls,
        node: Any,
        findings: Findings,
        path: str,
        known: tuple[str, ...],
        later: Mapping[str, str] | None = None,
    ) -> "Section":
        """The section of a map node that may hold the known keys; `later` maps keys of the format that can't be
        used yet to their mends."""
        section = cls(findings, path)
        if node is None or node.id != "mapping":
            findings.refuse(path, "is no map", "write key: value, one a line")
            return section
        section.is_there = True
        for key_node, value in node.value:
            section._take(key_node, value, known, later or {}, bool(node.flow_style))
        return section

    def _take(
        self, key_node: Any, value: Any, known: tuple[str, ...], later: Mapping[str, str], one_line: bool
    ) -> None:
        key, line = str(key_node.value), key_node.start_mark.line + 1
        path = self.full(key)
        if key in self.nodes:
            self.findings.refuse(
                path, f"is given twice, first in line {self.findings.lines[path]}", "keep one", line
            )
        elif key in later:
            self.findings.refuse(path, "is not available yet", later[key], line)
        elif key not in known:
            self.misspelt.add(near(key, known))
            quote = f"; or {QUOTE}" if one_line else ""
            self.findings.refuse(path, "is no key of this section", nearest(key, known) + quote, line)
        else:
            self.nodes[key], self.findings.lines[path] = value, line

    def full(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def has(self, key: str) -> bool:
        return key in self.nodes

    def read(self, key: str, parse: Callable[[str], T], stand_in: T, *, required: bool = False) -> T:
        """The value as `parse` reads it; the stand-in when it is absent or wrong."""
        if key not in self.nodes:
            self._miss(key, required)
            return stand_in
        return self.parsed(key, self.nodes[key], parse, stand_in)

    def read_list(self, key: str, parse: Callable[[str], T], *, required: bool = False) -> tuple[T, ...]:
        """The values of a list as `parse` reads each; the wrong ones are left out."""
        if key not in self.nodes:
            self._miss(key, required)
        values = [self.parsed(key, node, parse, None) for node in self.items(key)]
        return tuple(value for value in values if value is not None)

    def read_one_or_more(
        self, key: str, parse: Callable[[str], T], *, required: bool = False
    ) -> tuple[T, ...]:
        """A single value, or the values of a list."""
        node = self.nodes.get(key)
        if node is None or node.id != "scalar":
            return self.read_list(key, parse, required=required)
        value = self.parsed(key, node, parse, None)
        return () if value is None else (value,)

    def items(self, key: str) -> list[Any]:
        """The nodes of a list."""
        node = self.nodes.get(key)
        if node is None or node.id == "sequence":
            return list(node.value) if node else []
        mend = f"write [{node.value}]" if node.id == "scalar" and node.value else "write [one, other]"
        self.findings.refuse(self.full(key), "is no list", mend)
        return []

    def read_rule(self, key: str, names: Mapping[str, FactType], *, required: bool = False) -> str | None:
        """A rule over facts, checked; None when absent or wrong."""
        rule = self.read(key, _plain, None, required=required)
        problems = check_rule(rule, names) if rule is not None else []
        for problem in problems:
            line = self._line_inside(key) + problem.line - 1
            self.findings.refuse(
                self.full(key), f"{problem.reason} (column {problem.column} of the rule)", problem.mend, line
            )
        return None if problems else rule

    def _miss(self, key: str, required: bool) -> None:
        if required and self.is_there and key not in self.misspelt:
            self.findings.refuse(self.full(key), "is missing", f"add a line {key}: …")

    def _line_inside(self, key: str) -> int:
        node = self.nodes[key]
        return int(node.start_mark.line) + (2 if node.style in ("|", ">") else 1)

    def parsed(self, key: str, node: Any, parse: Callable[[str], T], stand_in: T) -> T:
        try:
            return parse(_scalar(node))
        except Unreadable as error:
            line = node.start_mark.line + 1 if node.value else None
            self.findings.refuse(self.full(key), error.reason, error.mend, line)
            return stand_in


def _plain(value: str) -> str | None:
    return value


def _scalar(node: Any) -> str:
    if node.id != "scalar":
        raise Unreadable(f"holds a {'list' if node.id == 'sequence' else 'map'} where a text belongs", QUOTE)
    if node.anchor:
        raise Unreadable("begins with & or *, which YAML keeps for anchors", "put it in quotes")
    if str(node.tag).startswith("!"):
        raise Unreadable("begins with !, which YAML keeps for tags", "put it in quotes")
    if not (value := str(node.value).strip()):
        raise Unreadable("is empty", "write a value, or leave the line out")
    return value
