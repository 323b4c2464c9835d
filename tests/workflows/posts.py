"""A post whose words are chosen by a test, and the death of a process."""

from __future__ import annotations

from dataclasses import dataclass, field

from drumbeat.integrations.letters import Accepted, Envelope, Letter, Verdict


class Killed(BaseException):
    """What a dying process looks like to the code in it: nothing catches it."""


@dataclass
class Post:
    """A post whose words are chosen by the test, letter by letter."""

    verdicts: list[Verdict | type[BaseException]] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)
    is_in_house = False

    def seal(self, letter: Letter) -> Envelope:
        for file in letter.files:
            file.load()
        return Envelope(letter, b"")

    def deliver(self, envelope: Envelope) -> Verdict:
        verdict = self.verdicts.pop(0) if self.verdicts else Accepted()
        if isinstance(verdict, type):
            raise verdict
        if isinstance(verdict, Accepted):
            self.letters.append(envelope.letter)
        return verdict

    def close(self) -> None:
        pass
