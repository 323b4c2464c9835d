"""How the machine's work stands: who lives, what waits and for how long, what is stuck. Tells nothing of the business."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from drumbeat.apps.messages.queries import letters_by_state, unsent
from drumbeat.apps.operations.models import Process
from drumbeat.apps.routines.queries import due_by_kind, stuck_by_state, unopened, unperformed
from drumbeat.core.waiting import Waiting

# Who passes each minute is missed after five.
SILENT_AFTER = timedelta(minutes=5)
LATE_AFTER = timedelta(minutes=10)
SKEW_AT_MOST = timedelta(seconds=2)
NEEDED = ("clock", "worker")


@dataclass(frozen=True, slots=True)
class Work:
    """As of `at`: what waits for `opening`, `performing` and `sending`; due steps by kind; stuck steps and letters by state."""

    at: datetime
    processes: tuple[Process, ...]
    waiting: Mapping[str, Waiting]
    due: Mapping[str, int]
    stuck: Mapping[str, int]
    letters: Mapping[str, int]

    def is_living(self, process: Process) -> bool:
        return self.at - process.seen_at <= SILENT_AFTER

    def is_missed(self, process: Process) -> bool:
        """Whether somebody should have passed since; the night and reminders come when they are due."""
        return process.kind in NEEDED and not self.is_living(process)

    @property
    def at_work(self) -> list[Process]:
        """Those that live, and of each kind the one that was seen last."""
        latest = {process.kind: process for process in sorted(self.processes, key=lambda one: one.seen_at)}
        return [one for one in self.processes if self.is_living(one) or one is latest[one.kind]]

    @property
    def ended(self) -> list[Process]:
        """The others, which others have followed."""
        return [one for one in self.processes if one not in self.at_work]

    @property
    def complaints(self) -> list[str]:
        """What somebody should look at, in words; empty when all is well."""
        return [*self._silent(), *self._late(), *self._skewed()]

    def _silent(self) -> list[str]:
        living = {process.kind for process in self.processes if self.is_living(process)}
        return [f"no {kind} was seen in the last 5 minutes" for kind in NEEDED if kind not in living]

    def _late(self) -> list[str]:
        lags = {word: waiting.lag(self.at) for word, waiting in self.waiting.items()}
        return [
            f"{word} lags {lag // timedelta(minutes=1)} minutes"
            for word, lag in lags.items()
            if lag > LATE_AFTER
        ]

    def _skewed(self) -> list[str]:
        return [
            f"the clock of {process.name} is {process.skew_ms / 1000:+.1f} s off the database's"
            for process in self.processes
            if self.is_living(process) and timedelta(milliseconds=abs(process.skew_ms)) > SKEW_AT_MOST
        ]


def work_at(at: datetime) -> Work:
    """A handful of queries over partial indexes: cheap however long the history is."""
    return Work(
        at=at,
        processes=tuple(Process.objects.all()),
        waiting={"opening": unopened(at), "performing": unperformed(at), "sending": unsent(at)},
        due=due_by_kind(at),
        stuck=stuck_by_state(),
        letters=letters_by_state(),
    )
