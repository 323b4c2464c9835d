"""Lists of reasons that a decision must choose from: what their texts mean. Which decision asks for which it doesn't know."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from drumbeat.core.playbook import grammar
from drumbeat.core.playbook.outline import Section, outline
from drumbeat.core.playbook.problems import Findings, RoutineErrors, Unreadable

LIST_KEYS = ("reasons", "title", "approve", "decline")


@dataclass(frozen=True, slots=True)
class ReasonList:
    """Codes and what they say, apart for a yes and for a no (or for sending back). Without codes for a yes, a yes needs
    no reason."""

    key: str
    title: str
    approve: Mapping[str, str]
    decline: Mapping[str, str]


def read_reasons(text: str, source: str = "") -> ReasonList:
    """The list of a YAML text. Raises RoutineErrors with every problem found."""
    findings = Findings(source)
    section = Section.of(outline(text, source), findings, "", LIST_KEYS)
    listed = ReasonList(
        key=section.read("reasons", grammar.slug, "", required=True),
        title=section.read("title", grammar.text(80), "", required=True),
        approve=_codes(section, "approve"),
        decline=_codes(section, "decline"),
    )
    if not listed.decline and findings.is_sound("decline"):
        findings.refuse("decline", "holds no reason", "write at least one as code: what it says")
    if findings.problems:
        raise RoutineErrors(findings.problems)
    return listed


def reasons_of(texts: tuple[str, ...]) -> ReasonList:
    """A list written into the routine itself; its texts are their own codes."""
    return ReasonList("", "", {}, {code_of(text): text for text in texts})


def code_of(text: str) -> str:
    """`Too early` -> `too_early`, as the ledger and rules write it."""
    words = "".join(sign.lower() if sign.isalnum() else " " for sign in text).split()
    return "_".join(words)[:40] or "other"


def _codes(section: Section, key: str) -> dict[str, str]:
    node = section.nodes.get(key)
    if node is None:
        return {}
    if node.id != "mapping":
        section.findings.refuse(key, "is no map", "write code: what it says, one a line")
        return {}
    return dict(code for pair in node.value if (code := _code(section, key, *pair)))


def _code(section: Section, key: str, code: Any, label: Any) -> tuple[str, str] | None:
    try:
        return grammar.step_key(str(code.value).replace("_", "-")).replace("-", "_"), grammar.text(120)(
            str(label.value)
        )
    except Unreadable as error:
        section.findings.refuse(key, error.reason, error.mend, code.start_mark.line + 1)
        return None
