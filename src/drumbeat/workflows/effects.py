"""What performing a chunk of steps leads to, gathered first and written together: the same few statements for one step
as for a hundred."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from drumbeat.apps.meetings.actions import Arrangement, arrange_meetings
from drumbeat.apps.messages.actions import Note, write_messages
from drumbeat.apps.reports.actions import keep_editions
from drumbeat.apps.reports.models import Edition
from drumbeat.apps.routines.actions import (
    await_meetings,
    await_people,
    finish_steps,
    hand_steps,
    look_again_together,
    release_steps,
    skip_steps,
)
from drumbeat.apps.routines.models import Step

Ending = tuple[datetime, str]


class Effects:
    """Nothing is written before `carry_out`, which belongs into the transaction of the chunk."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.notes: list[Note] = []
        self._drafts: list[Edition] = []
        self._handed: list[Step] = []
        self._asked: list[Step] = []
        self._gathered: dict[Step, Arrangement | None] = {}
        self._skipped: list[Step] = []
        self._released: list[Step] = []
        self._finished: dict[Ending, list[Step]] = defaultdict(list)
        self._later: dict[datetime, list[Step]] = defaultdict(list)

    def hand(self, step: Step, notes: list[Note]) -> None:
        """To the outbox, with its messages."""
        self.notes += notes
        self._handed.append(step)

    def ask(self, step: Step, notes: list[Note]) -> None:
        """On a list, with the messages that ask for it."""
        self.notes += notes
        self._asked.append(step)

    def gather(self, step: Step, meeting: Arrangement | None) -> None:
        """On a list, with the meeting that is to be arranged, if it is."""
        self._gathered[step] = meeting

    def build(self, step: Step, draft: Edition) -> None:
        """Done, with the edition that it was to make."""
        self._drafts.append(draft)
        self.finish(step)

    def finish(self, step: Step, *, done_at: datetime | None = None, answer: str = "") -> None:
        self._finished[done_at or self.at, answer].append(step)

    def look_again(self, step: Step, next_at: datetime) -> None:
        self._later[next_at].append(step)

    def skip(self, *steps: Step) -> None:
        self._skipped += steps

    def release(self, *steps: Step) -> None:
        self._released += steps

    def carry_out(self) -> None:
        """Steps that others wait for first, then the messages, then what becomes of the steps themselves."""
        if self._skipped:
            skip_steps(self._skipped, at=self.at)
        if self._released:
            release_steps(self._released, at=self.at)
        if self._drafts:
            keep_editions(self._drafts)
        if self.notes:
            write_messages(self.notes, at=self.at)
        if self._gathered:
            self._arrange()
        if self._handed:
            hand_steps(self._handed, at=self.at)
        if self._asked:
            await_people(self._asked, at=self.at)
        for next_at, steps in self._later.items():
            look_again_together(steps, next_at=next_at, at=self.at)
        for (done_at, answer), steps in self._finished.items():
            finish_steps(steps, at=self.at, done_at=done_at, answer=answer)

    def _arrange(self) -> None:
        wanted = {step: one for step, one in self._gathered.items() if one}
        arranged = arrange_meetings(list(wanted.values()), at=self.at)
        meetings = dict(zip(wanted, arranged, strict=True))
        await_meetings({step: meetings.get(step) for step in self._gathered}, at=self.at)
