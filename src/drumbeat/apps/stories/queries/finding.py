"""Finding by words, and names by letters: each kind of thing is asked by its own index, within what the person may see."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVectorField
from django.contrib.postgres.search import TrigramWordSimilarity as Likeness
from django.db.models import F, Func, QuerySet
from django.db.models.functions import Left

from drumbeat.apps.ledger.access import commitments_visible_to
from drumbeat.apps.meetings.access import visible_to as meetings_visible_to
from drumbeat.apps.meetings.models import AgendaPoint
from drumbeat.apps.messages.access import visible_to as messages_visible_to
from drumbeat.apps.partners.access import visible_to as partners_visible_to
from drumbeat.apps.partners.models import Contact
from drumbeat.apps.people.models import Account
from drumbeat.apps.routines.models import Routine
from drumbeat.apps.stories.access import received_visible_to
from drumbeat.core.searching import as_tsquery, words_of

WINDOW = 5_000  # rows: a common word is found among the newest, without visiting all that have it
NEWEST = 100  # so many of the newest that answer are ranked; who wants older ones names more words
HEAD = 400  # letters of a routine: its title and its purpose
ALIKE_FROM = 3  # letters; shorter words resemble too much


@dataclass(frozen=True, slots=True)
class Shelf:
    """One kind of thing: whose rows a person sees, their two texts (the first weighs more), and what a finding tells."""

    label: str
    seen: Callable[[Account, datetime], QuerySet[Any]]
    texts: tuple[str, str | Left]
    ref: str
    told: Callable[[Any], tuple[str, str, str]]  # title, text, who
    at: str = ""
    named: bool = False
    joins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """One finding: `ref` names its page (`partner:7`), `text` is where the words stand."""

    ref: str
    title: str
    text: str
    who: str
    at: datetime | None


def _partner_of(row: Any) -> str:
    return row.partner.name if row.partner else ""


SHELVES = {
    "partner": Shelf(
        "Partners", partners_visible_to, ("name", "city"), "partner:{row.key}",
        lambda row: (row.name, "", row.city), named=True,
    ),
    "contact": Shelf(
        "Contacts", lambda person, at: Contact.objects.filter(partner__in=partners_visible_to(person, at)),
        ("name", "email"), "contact:{row.pk}", lambda row: (row.name, row.email, row.partner.name), named=True,
        joins=("partner",),
    ),
    "commitment": Shelf(
        "Commitments", commitments_visible_to, ("text", "note"), "commitment:{row.pk}",
        lambda row: (row.text, row.note, row.owner.name), at="proposed_at", joins=("contact", "person"),
    ),
    "decision": Shelf(
        "Decisions and notes",
        lambda person, at: AgendaPoint.objects.filter(meeting__in=meetings_visible_to(person, at)),
        ("decision", "notes"), "meeting:{row.meeting_id}",
        lambda row: (row.text, " ".join((row.decision, row.notes)), row.meeting.title), at="meeting.starts_at",
        joins=("meeting",),
    ),
    "meeting": Shelf(
        "Meetings", meetings_visible_to, ("title", "notes"), "meeting:{row.pk}",
        lambda row: (row.title, row.notes, _partner_of(row)), at="starts_at", joins=("partner",),
    ),
    "received": Shelf(
        "Mail in", received_visible_to, ("subject", "text"), "received:{row.message_id}:{row.partner_id}",
        lambda row: (row.subject, row.text, row.from_address), at="received_at",
    ),
    "message": Shelf(
        "Mail out", messages_visible_to, ("subject", "text"), "message:{row.pk}",
        lambda row: (row.subject, row.text, row.to_name), at="written_at",
    ),
    "routine": Shelf(
        "Routines", lambda _person, _at: Routine.objects.exclude(version=None), ("title", Left("version__text", HEAD)),
        "routine:{row.key}", lambda row: (row.title, "", ""), joins=("version",),
    ),
}  # fmt: skip


def find(text: str, *, by: Account, at: datetime, limit: int, kind: str = "") -> dict[str, list[Found]]:
    """Kind -> the best findings. Where no name has the words, the names that resemble them most."""
    words = words_of(text)
    if not words:
        return {}
    asked = {name: shelf for name, shelf in SHELVES.items() if kind in ("", name)}
    found = {name: _find(shelf, words, by, at, limit) for name, shelf in asked.items()}
    return {name: rows for name, rows in found.items() if rows}


def _find(shelf: Shelf, words: Sequence[str], by: Account, at: datetime, limit: int) -> list[Found]:
    seen = shelf.seen(by, at)
    numbers = [pk for pk, _ in _by_words(seen, shelf, words)[:limit]]
    if not numbers and shelf.named:
        numbers = _by_letters(seen, words, limit)
    rows = {
        row.pk: row for row in seen.model._default_manager.filter(pk__in=numbers).select_related(*shelf.joins)
    }
    return [_told(shelf, rows[pk]) for pk in numbers]


def _by_words(seen: QuerySet[Any], shelf: Shelf, words: Sequence[str]) -> list[tuple[int, float]]:
    """Of the newest that have all words, the best first: (id, rank). Whether the newest rows hold enough of them is asked first."""
    query = SearchQuery(as_tsquery(words), config="simple", search_type="raw")
    texts = [F(one) if isinstance(one, str) else one for one in shelf.texts]
    vector = Func(*texts, function="story_words", output_field=SearchVectorField())
    worded = seen.alias(words=vector)
    newest = _newest(worded.filter(words=query))
    ranked = worded.filter(pk__in=newest).annotate(rank=SearchRank(F("words"), query))
    return sorted(ranked.values_list("pk", "rank"), key=lambda one: (-one[1], -one[0]))


def _newest(having: QuerySet[Any]) -> list[int]:
    """By a sum: an order that an index has would tempt the planner to read rows in that order and reckon the words of each."""
    ids = having.order_by((F("pk") + 0).desc()).values_list("pk", flat=True)
    edge = _window_begin(having)
    near = list(ids.filter(pk__gt=edge)[:NEWEST])
    return near if len(near) == NEWEST or edge <= 0 else list(ids[:NEWEST])


def _window_begin(seen: QuerySet[Any]) -> int:
    newest = seen.model._default_manager.order_by("-pk").values_list("pk", flat=True).first()
    return (newest or 0) - WINDOW


def _by_letters(seen: QuerySet[Any], words: Sequence[str], limit: int) -> list[int]:
    """Names that hold the letters, or nearly."""
    text = " ".join(words)
    if len(text) < ALIKE_FROM:
        return []
    alike = seen.filter(sort_name__trigram_word_similar=text).annotate(likeness=Likeness(text, "sort_name"))
    return list(alike.order_by("-likeness", "pk").values_list("pk", flat=True)[:limit])


def _told(shelf: Shelf, row: Any) -> Found:
    title, text, who = shelf.told(row)
    at: Any = row if shelf.at else None
    for name in shelf.at.split(".") if shelf.at else ():
        at = getattr(at, name)
    return Found(shelf.ref.format(row=row), title, text, who, at)
