"""Judges rules over facts: true, false or unknown. It is the only room that knows the rule language (CEL) and its engine."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from enum import Enum
from functools import lru_cache

from cel_expr_python import cel

from drumbeat.core.facts import (
    ANY,
    BOOL,
    DATE,
    DOUBLE,
    INT,
    MEANING,
    WORD,
    WORDS,
    FactType,
    fact_of_answer,
)
from drumbeat.core.subjects import ALL_FACTS, ROOTS

# What a wait may wait for beside a rule: marked by a person or by what comes in, not computed from facts.
WAIT_WORDS = {
    "mail.answered": "the mail before it got an answer",
    "meeting.accepted": "the invitation was accepted",
    "commitments.acknowledged": "every commitment of the meeting was acknowledged",
    "file.received": "the file came in",
}

_TYPES = {
    WORD: cel.Type.STRING,
    DATE: cel.Type.STRING,
    INT: cel.Type.INT,
    DOUBLE: cel.Type.DOUBLE,
    BOOL: cel.Type.BOOL,
    WORDS: cel.Type.List(cel.Type.STRING),
    ANY: cel.Type.DYN,
}

# Strings and comments are passed over; what is left of interest are presence tests and names.
_PIECES = re.compile(
    r"""(?P<quoted>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|//[^\n]*)"""
    r"""|(?<![\w.])has\(\s*(?P<tested>answer\.\w+\.\w+|[a-z_]+\.\w+)\s*\)"""
    rf"""|(?<![\w.)\]])(?P<read>answer\.\w+\.\w+|(?:{"|".join(ROOTS)}|answer)\.\w+)"""
)
_ENGINE_ERROR = re.compile(r"ERROR: <input>:(\d+):(\d+): ([^\n]*?)(?: \[INVALID_ARGUMENT\])?(?=\n|$)")
_CLASH = re.compile(r"found no matching overload for '(\S+)' applied to '\((.*)\)'")
_LITERAL = re.compile(r"\s*(?:[<>=!]=?|[-+*/])\s*(-?\d+)\b(?!\.)")


@dataclass(frozen=True, slots=True)
class RuleProblem:
    """One thing wrong in a rule, at line and column (from 1) of its text."""

    line: int
    column: int
    reason: str
    mend: str

    def __str__(self) -> str:
        return f"{self.line}:{self.column}: {self.reason}; {self.mend}"


class RuleRefused(ValueError):
    """A rule that doesn't compile; `problems` says all that was found."""

    def __init__(self, problems: Iterable[RuleProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class Outcome(Enum):
    MET = "met"
    NOT_MET = "not met"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule says about one subject; `unknown` names the facts without which it could not be judged, `reason`
    is the engine's word where no fact is missing (a division by zero, say)."""

    outcome: Outcome
    unknown: tuple[str, ...] = ()
    reason: str = ""

    @property
    def is_met(self) -> bool:
        return self.outcome is Outcome.MET


def check_rule(text: str, names: Mapping[str, FactType] = ALL_FACTS) -> list[RuleProblem]:
    """All that is wrong with a rule that may read these facts; empty when it may be used."""
    scan = _Scan.of(text)
    problems = [*_unknown_names(scan, names), *_unguarded(scan, names)]
    return problems or _engine_problems(scan, names)


@lru_cache(maxsize=4096)
def compile_rule(text: str) -> "CompiledRule":
    """The rule, ready to judge. It may read every fact and the answers of steps. Raises RuleRefused."""
    scan = _Scan.of(text)
    names = ALL_FACTS | {name: fact_of_answer(name) for name in scan.names if name.startswith("answer.")}
    if problems := check_rule(text, names):
        raise RuleRefused(problems)
    return CompiledRule(
        text, tuple(names[name] for name in scan.names), _environment(scan, names).compile(scan.rewritten)
    )


@dataclass(frozen=True, slots=True, eq=False)
class CompiledRule:
    """A rule and the facts that it reads."""

    text: str
    facts: tuple[FactType, ...]
    _program: cel.Expression

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(fact.name for fact in self.facts)

    def judge(self, facts: Mapping[str, object]) -> Verdict:
        """The verdict over facts given by full name (`partner.tier`). An absent one, or None, counts as its rule of
        absence says; what is still missing is unknown: `false && unknown` is false, `true || unknown` true."""
        values = {fact.name: _value(fact, facts.get(fact.name)) for fact in self.facts}
        known = {name: value for name, value in values.items() if value is not None}
        presence = {f"{name}_known": value is not None for name, value in values.items()}
        answer = self._program.eval(data=known | presence)
        if answer.type() != cel.Type.BOOL:
            missing = tuple(name for name in values if name not in known)
            return Verdict(Outcome.UNKNOWN, missing, "" if missing else str(answer.value()))
        return Verdict(Outcome.MET if answer.value() else Outcome.NOT_MET)


def _value(fact: FactType, given: object) -> object:
    """The value as its type wants it: money and ratios arrive as decimals and are compared at four places."""
    value = fact.default if given is None else given
    if value is None:
        return None
    if fact.type == DOUBLE or isinstance(value, Decimal):
        return round(float(value), 4)  # type: ignore[arg-type]
    return list(value) if fact.type == WORDS else value  # type: ignore[call-overload]


@dataclass(frozen=True, slots=True)
class _Scan:
    """A rule's text, the names it reads and tests with their places, and the text as the engine gets it: facts are
    flat variables there, so that `has(partner.x)` becomes the variable `partner.x_known`."""

    text: str
    read: tuple[tuple[int, str], ...]
    tested: tuple[tuple[int, str], ...]
    rewritten: str
    growths: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, text: str) -> "_Scan":
        pieces = [match for match in _PIECES.finditer(text) if not match["quoted"]]
        read = tuple((match.start("read"), match["read"]) for match in pieces if match["read"])
        tests = [match for match in pieces if match["tested"]]
        tested = tuple((match.start("tested"), match["tested"]) for match in tests)
        growths = tuple(
            (match.end(), len(match["tested"]) + len("_known") - len(match[0])) for match in tests
        )
        rewritten = _PIECES.sub(
            lambda match: f"{match['tested']}_known" if match["tested"] else match[0], text
        )
        return cls(text, read, tested, rewritten, growths)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for _, name in sorted(self.read + self.tested)))

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column, from 1, of an offset into the text."""
        return self.text.count("\n", 0, offset) + 1, offset - self.text.rfind("\n", 0, offset)

    def origin(self, line: int, column: int) -> int:
        """The offset into the text of a place that the engine named in the rewritten one."""
        offset = sum(len(row) + 1 for row in self.rewritten.split("\n")[: line - 1]) + column - 1
        for end, growth in self.growths:
            offset -= growth if offset >= end + growth else 0
        return min(offset, len(self.text))


def _unknown_names(scan: _Scan, names: Mapping[str, FactType]) -> list[RuleProblem]:
    return [
        RuleProblem(*scan.place(offset), f"there is no fact {name}", _nearest(name, names))
        for offset, name in sorted(scan.read + scan.tested)
        if name not in names
    ]


def _nearest(name: str, names: Iterable[str]) -> str:
    root = name.partition(".")[0]
    related = [known for known in names if known.startswith(f"{root}.")]
    if near := get_close_matches(name, related, n=1, cutoff=0.6):
        return f"did you mean {near[0]}?"
    roots = sorted({known.partition(".")[0] for known in names})
    return f"facts of this rule begin with {' or '.join(f'{root}.' for root in roots)}"


def _unguarded(scan: _Scan, names: Mapping[str, FactType]) -> list[RuleProblem]:
    """Facts whose absence has a meaning, read by a rule that never asks whether they are there."""
    tested = {name for _, name in scan.tested}
    return [
        RuleProblem(
            *scan.place(offset),
            f"{name} may be absent, and that means something ({names[name].meaning})",
            f"say what then: has({name}) && … or !has({name}) || …",
        )
        for offset, name in scan.read
        if name in names and names[name].absence == MEANING and name not in tested
    ]


def _environment(scan: _Scan, names: Mapping[str, FactType]) -> cel.Env:
    """Only what the scan saw is declared: a name that it overlooked can't slip through, the engine refuses it."""
    variables = {name: _TYPES[names[name].type] for name in scan.names}
    return cel.NewEnv(variables=variables | {f"{name}_known": cel.Type.BOOL for _, name in scan.tested})


def _engine_problems(scan: _Scan, names: Mapping[str, FactType]) -> list[RuleProblem]:
    try:
        program = _environment(scan, names).compile(scan.rewritten)
    except RuntimeError as error:
        return _translated(str(error), scan)
    if program.return_type() not in (cel.Type.BOOL, cel.Type.DYN):
        kind = _plain_type(program.return_type().name().lower())
        return [
            RuleProblem(
                1, 1, f"a rule says true or false, this one gives {kind}", "compare it with something"
            )
        ]
    return []


def _translated(error: str, scan: _Scan) -> list[RuleProblem]:
    found = _ENGINE_ERROR.findall(error) or [("1", "1", error.removeprefix("INVALID_ARGUMENT: "))]
    origins = [(scan.origin(int(line), int(column)), reason) for line, column, reason in found]
    return [
        RuleProblem(*scan.place(offset), *_explained(reason, scan.text[offset:]))
        for offset, reason in origins
    ]


def _explained(reason: str, rest: str) -> tuple[str, str]:
    """Reason and mend in plain words; `rest` is the rule's text from the place of the error."""
    if clash := _CLASH.search(reason):
        return _explained_clash(clash[1].strip("_"), clash[2].split(", "), rest)
    if name := re.search(r"undeclared reference to '([^']*)'", reason):
        return f"there is no name {name[1]}", "put words in quotes; facts are written like partner.tier"
    if "'<EOF>'" in reason:
        return "the rule ends too early", "finish the comparison or close the bracket"
    if rest.startswith("=") and not rest.startswith("=="):
        return "= is no comparison", "write == for equal"
    if "token recognition" in reason:
        return "a quotation mark or sign is out of place", "close each quotation mark"
    return reason.split(" expecting ")[0].removeprefix(
        "Syntax error: "
    ), 'write it like partner.tier == "gold"'


def _explained_clash(sign: str, kinds: list[str], rest: str) -> tuple[str, str]:
    reason = f"{sign} can't join {' and '.join(map(_plain_type, kinds))}"
    literal = _LITERAL.match(rest)
    if set(kinds) == {"double", "int"}:
        wanted = (
            f"{literal[1]}.0"
            if literal and kinds[0] == "double"
            else "5.0 for money and ratios, 5 for counts"
        )
        return reason, f"write {wanted}"
    if sign in ("&&", "||", "!"):
        return reason, "join only what is true or false, like partner.dormant or partner.employees > 3"
    if "string" in kinds:
        return reason, 'compare a word with a word in quotes, like "gold"'
    return reason, "both sides must be of one type"


def _plain_type(kind: str) -> str:
    plain = {
        "string": "a word",
        "int": "a whole number",
        "double": "a decimal number",
        "bool": "true or false",
    }
    return plain.get(kind, "a list" if kind.startswith("list") else kind)
