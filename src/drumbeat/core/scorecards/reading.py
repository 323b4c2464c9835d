"""Reads a scorecard's text into a template, or says everything that keeps it from being one: line, key, reason and mend."""

from __future__ import annotations

from fractions import Fraction

from drumbeat.core.facts import BOOL, DOUBLE, FACTS, INT
from drumbeat.core.metrics import DIMENSIONS, METRICS
from drumbeat.core.playbook import grammar
from drumbeat.core.playbook.outline import Section, outline
from drumbeat.core.playbook.problems import Findings, RoutineErrors, Unreadable, nearest

from .model import Band, Part, Template

KEYS = ("scorecard", "title", "purpose", "needed", "bands", "parts")
PART_KEYS = ("part", "label", "measure", "side", "weight", "floor", "full")
MOST_PARTS = 20
FACT = "partner."


def measures() -> list[str]:
    """What a part may measure: metrics that are counted by partner, and facts that are numbers."""
    by_partner = DIMENSIONS["partner"].bases
    metrics = [one.name for one in METRICS.values() if one.bases[0] in by_partner and one.unit != "keys"]
    facts = [
        fact.name
        for fact in FACTS.values()
        if fact.name.startswith(FACT) and fact.type in (INT, DOUBLE, BOOL)
    ]
    return metrics + facts


def read_scorecard(text: str, source: str = "") -> Template:
    """The template of a YAML text. Raises RoutineErrors with every problem found."""
    findings = Findings(source)
    section = Section.of(outline(text, source), findings, "", KEYS)
    template = Template(
        key=section.read("scorecard", grammar.slug, "", required=True),
        title=section.read("title", grammar.text(80), "", required=True),
        purpose=section.read("purpose", grammar.text(300), "", required=True),
        needed=section.read("needed", _number, Fraction(60)),
        bands=_bands(section),
        parts=_parts(section),
        text=text,
    )
    if findings.problems:
        raise RoutineErrors(findings.problems)
    return template


def _bands(section: Section) -> tuple[Band, ...]:
    node = section.nodes.get("bands")
    if node is None or node.id != "mapping" or not node.value:
        section.findings.refuse(
            "bands", "is no map of names and scores", "write {good: 75, watch: 50, act: 0}"
        )
        return ()
    try:
        bands = [Band(str(key.value), _number(str(value.value))) for key, value in node.value]
    except Unreadable as error:
        section.findings.refuse("bands", error.reason, error.mend)
        return ()
    bands.sort(key=lambda band: -band.least)
    if bands[-1].least != 0 or len({band.least for band in bands}) < len(bands):
        section.findings.refuse(
            "bands", "leave scores without a band", "begin each elsewhere, the lowest at 0"
        )
    return tuple(bands)


def _parts(section: Section) -> tuple[Part, ...]:
    nodes = section.items("parts")
    if not 1 <= len(nodes) <= MOST_PARTS:
        section.findings.refuse("parts", f"holds {len(nodes)} parts", f"write 1 to {MOST_PARTS}")
    parts: list[Part] = []
    for number, node in enumerate(nodes, 1):
        path = f"parts.{number}"
        section.findings.lines[path] = node.start_mark.line + 1
        part = _part(Section.of(node, section.findings, path, PART_KEYS))
        if part.key in {one.key for one in parts}:
            section.findings.refuse(
                f"{path}.part", f"{part.key} is there twice", "give each part its own key"
            )
        parts.append(part)
    return tuple(parts)


def _part(section: Section) -> Part:
    read = section.read
    part = Part(
        key=read("part", grammar.step_key, "", required=True),
        label=read("label", grammar.text(60), "", required=True),
        measure=read("measure", _measure, "", required=True),
        weight=read("weight", _weight, Fraction(1), required=True),
        floor=read("floor", _number, Fraction(0), required=True),
        full=read("full", _number, Fraction(1), required=True),
        side=read("side", grammar.one_of(("vendor", "partner")), ""),
    )
    if part.floor == part.full and section.has("floor") and section.has("full"):
        section.findings.refuse(
            section.full("full"), "is the same as floor", "say where the whole weight is reached"
        )
    if part.side and part.measure in METRICS and "side" not in _dimensions_of(part.measure):
        section.findings.refuse(section.full("side"), f"means nothing to {part.measure}", "leave it out")
    return part


def _dimensions_of(metric: str) -> list[str]:
    return [name for name, one in DIMENSIONS.items() if METRICS[metric].bases[0] in one.bases]


def _measure(value: str) -> str:
    known = measures()
    if value not in known:
        raise Unreadable(f"there is no measure {value!r} of partners", nearest(value, known))
    return value


def _number(value: str) -> Fraction:
    try:
        found = Fraction(value)
    except (ValueError, ZeroDivisionError):
        raise Unreadable(f"{value!r} is no number", "write one such as 60 or 0.5") from None
    if abs(found) > 10**12:
        raise Unreadable(f"{value} is absurdly large", "correct it")
    return found


def _weight(value: str) -> Fraction:
    found = _number(value)
    if found <= 0:
        raise Unreadable(f"{value} weighs nothing", "write a number above zero")
    return found
