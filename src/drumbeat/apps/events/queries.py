"""Questions about what happened: what is told of a subject, and which of its days come near."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, date, timedelta

from django.db.models import Q

from drumbeat.core.events import event_facts, subject_facts
from drumbeat.core.subjects import DATE_FIELDS

from .models import Event

Subject = tuple[str, int, str]
Facts = dict[str, object]
# What the rows of the house tell better than events do.
ROWS = ("partner",)

_AHEAD = """
SELECT last.* FROM (
    SELECT DISTINCT ON (subject_kind, subject_id, subject_key) *
    FROM events_event WHERE subject_kind = %(noun)s AND payload ? %(field)s
    ORDER BY subject_kind, subject_id, subject_key, at DESC, id DESC
) last
WHERE last.payload ->> %(field)s BETWEEN %(since)s AND %(until)s
"""


def histories(subjects: Iterable[Subject]) -> dict[Subject, list[Event]]:
    """All that happened to these subjects, in order; those that the house keeps rows of are left out."""
    wanted = {subject for subject in subjects if subject[0] not in ROWS}
    ids = [pk for _, pk, key in wanted if pk and not key]
    keys = [key for _, _, key in wanted if key]
    found: dict[Subject, list[Event]] = defaultdict(list)
    if not wanted:
        return found
    about = Q(subject_id__in=ids, subject_key="") | Q(subject_key__in=keys)
    nouns = {noun for noun, _, _ in wanted}
    for event in Event.objects.filter(about, subject_kind__in=nouns).order_by("at", "pk"):
        if event.subject in wanted:
            found[event.subject].append(event)
    return found


def told_by(events: Iterable[Event]) -> Facts:
    """What events tell of their subject, the later word counting."""
    facts: Facts = {}
    for event in events:
        facts |= subject_facts(event.kind, event.subject_kind, event.payload)
    return facts


def of_itself(event: Event) -> Facts:
    """What rules may read of the event itself."""
    return event_facts(event.kind, event.at.astimezone(UTC).date().isoformat(), event.source, event.payload)


def dates_in(facts: Mapping[str, object]) -> dict[str, date]:
    """The days among facts."""
    return {name: date.fromisoformat(str(facts[name])) for name in DATE_FIELDS if facts.get(name) is not None}


def dates_ahead(noun: str, field: str, *, on: date, within: timedelta) -> list[Event]:
    """The subjects of a noun whose last told day of this field lies in [on, on + within]: the events that told it."""
    parameters = {"noun": noun, "field": field, "since": f"{on}", "until": f"{on + within}"}
    return list(Event.objects.raw(_AHEAD, parameters))
