"""What can be wrong with a routine's text, said so that its writer can mend it. It knows nothing of routines."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend: where (file, line from 1, key as `cadence.rule`), what, and how."""

    source: str
    line: int
    key: str
    reason: str
    mend: str

    def __str__(self) -> str:
        place = f"{self.source}, line {self.line}" if self.source else f"line {self.line}"
        return (
            f"{place}, {self.key}: {self.reason}; {self.mend}"
            if self.key
            else f"{place}: {self.reason}; {self.mend}"
        )


class RoutineErrors(ValueError):
    """A text that is no routine; `problems` holds all that was found, in order of lines."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: problem.line))
        super().__init__("\n".join(map(str, self.problems)))


class Unreadable(ValueError):
    """A single value that can't be read: why, and how to mend it. The caller knows the place."""

    def __init__(self, reason: str, mend: str) -> None:
        self.reason, self.mend = reason, mend
        super().__init__(f"{reason}; {mend}")


def near(word: str, words: Iterable[str]) -> str | None:
    """The known word that was probably meant."""
    return next(iter(get_close_matches(word, list(words), n=1, cutoff=0.6)), None)


def nearest(word: str, words: Iterable[str]) -> str:
    """A mend for a word that is not in the list: the nearest one, or all of them."""
    known = list(words)
    if meant := near(word, known):
        return f"did you mean {meant}?"
    return f"choose from {', '.join(known)}" if known else "there is none yet"


class Findings:
    """Collects problems and warnings of one text, and remembers at which line each key stands."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.lines: dict[str, int] = {"": 1}
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []

    def refuse(self, key: str, reason: str, mend: str, line: int | None = None) -> None:
        self.problems.append(Problem(self.source, line or self.line_of(key), key, reason, mend))

    def warn(self, key: str, reason: str, mend: str) -> None:
        self.warnings.append(Problem(self.source, self.line_of(key), key, reason, mend))

    def line_of(self, key: str) -> int:
        """The line of a key, or of what it would stand in."""
        while key not in self.lines:
            key = key.rpartition(".")[0]
        return self.lines[key]

    def is_sound(self, *keys: str) -> bool:
        """Whether nothing is wrong at or below these keys, so that they may be compared."""
        return not any(
            problem.key == key or problem.key.startswith(f"{key}.")
            for problem in self.problems
            for key in keys
        )
