"""An auditor who trusts nobody: reads the entries as they come, tells anew what became of each promise, and compares.

He knows the ledger's law from the books, not from its statements.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Exists, OuterRef

from drumbeat.apps.ledger.models import Entry, Promise, Standing, Tally
from drumbeat.apps.messages.models import Message
from drumbeat.apps.routines.models import OPEN_STATES, Moment, Occurrence, Step

OUTCOMES = ("kept", "late", "missed", "waived")
Key = tuple[date, str, int | None, str, int | None, str]


@dataclass
class Story:
    """One promise as its entries tell it."""

    promised_at: datetime
    due_at: datetime
    owing: str
    partner: int | None
    routine: str
    through: str
    outcome: str | None = None
    outcome_at: datetime | None = None
    cause: str = ""
    rests_from: datetime | None = None


@dataclass
class Auditor:
    stories: dict[int, Story] = field(default_factory=dict)
    read_until: int = 0

    def audit(self) -> None:
        self._read_promises()
        self._read_entries()
        self._compare_standings()
        self._compare_tallies()
        _check_occurrences()
        _check_messages()

    def _read_promises(self) -> None:
        for promise in Promise.objects.filter(pk__gt=max(self.stories, default=0)):
            self.stories[promise.pk] = Story(
                promise.promised_at, promise.original_due_at, promise.owing, promise.partner_id,
                promise.routine, promise.kept_through,
            )  # fmt: skip

    def _read_entries(self) -> None:
        for entry in Entry.objects.filter(id__gt=self.read_until).order_by("id"):
            self._hear(entry, self.stories[entry.promise_id])
            self.read_until = entry.id

    def _hear(self, entry: Entry, story: Story) -> None:
        assert entry.recorded_at >= story.promised_at, f"{entry} was written before it was promised"
        if entry.kind == "promised":
            assert entry.recorded_at == story.promised_at
        elif entry.kind == "redated":
            assert story.outcome is None, f"{entry} after its outcome"
            story.due_at = entry.due_at
        elif entry.kind in ("rested", "resumed"):
            assert story.outcome is None, f"{entry} after its outcome"
            assert (entry.kind == "rested") == (story.rests_from is None), f"{entry} out of turn"
            story.rests_from = entry.at if entry.kind == "rested" else None
            story.due_at = entry.due_at or story.due_at
        elif entry.kind == "corrected":
            assert story.outcome, f"{entry} before an outcome"
            story.outcome, story.outcome_at, story.cause = None, None, ""
        else:
            assert story.outcome is None, f"{entry} is a second outcome beside {story.outcome}"
            story.outcome, story.outcome_at, story.cause = entry.kind, entry.at, entry.cause
            story.rests_from = None

    def _compare_standings(self) -> None:
        rows = Standing.objects.values_list(
            "promise_id", "due_at", "outcome", "outcome_at", "cause", "rests_from"
        )
        told = {
            pk: (story.due_at, story.outcome, story.outcome_at, story.cause, story.rests_from)
            for pk, story in self.stories.items()
        }
        assert {pk: tuple(rest) for pk, *rest in rows} == told, "standings differ from what the entries tell"

    def _compare_tallies(self) -> None:
        people = dict(Standing.objects.exclude(outcome=None).values_list("promise_id", "person_id"))
        counted: dict[Key, Counter[str]] = defaultdict(Counter)
        for pk, person in people.items():
            story = self.stories[pk]
            for side in _sides(story):
                key = (story.due_at.date().replace(day=1), side, story.partner, story.routine, person, story.through)  # fmt: skip
                counted[key][story.outcome or ""] += 1
                if story.outcome == "late" and story.outcome_at:
                    counted[key]["seconds"] += round((story.outcome_at - story.due_at).total_seconds())
        names = ("month", "side", "partner", "routine", "person", "kept_through", *OUTCOMES, "late_seconds")
        stored = {row[:6]: row[6:] for row in Tally.objects.values_list(*names) if any(row[6:])}
        again = {key: (*(sums[name] for name in OUTCOMES), sums["seconds"]) for key, sums in counted.items()}
        assert stored == again, "tallies differ from what the entries tell"


def _sides(story: Story) -> tuple[str, ...]:
    if story.owing == "team":
        return ("vendor",)
    if story.owing != "both":
        return (story.owing,)
    return (story.cause,) if story.cause and story.outcome in ("late", "missed") else ("vendor", "partner")


def _check_occurrences() -> None:
    names = ("subscription_id", "nominal_on", "event_id")
    opened = list(Occurrence.objects.values_list(*names))
    assert len(opened) == len(set(opened)), "an occurrence was opened twice"
    assert not set(opened) & set(Moment.objects.values_list(*names)), "what was opened is planned again"
    standing = Step.objects.filter(occurrence=OuterRef("pk"), state__in=OPEN_STATES)
    assert not Occurrence.objects.exclude(closed_at=None).filter(Exists(standing)).exists()
    done = Occurrence.objects.open().exclude(steps=None).exclude(Exists(standing))
    assert not done.exists(), "an occurrence without open steps is open"


def _check_messages() -> None:
    keys = list(Message.objects.values_list("key", flat=True))
    assert len(keys) == len(set(keys)), "a message was written twice"
