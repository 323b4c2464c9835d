"""Certifications whose last day comes near, as events told of them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from drumbeat.apps.events.models import Event
from drumbeat.apps.events.queries import dates_ahead
from drumbeat.apps.reports.scope import Scope
from drumbeat.apps.reports.wording import count

from .shapes import DAY, NUMBER, TEXT, Section, sentences, table

AHEAD = timedelta(days=90)
SHOWN = 60
HOW = (
    "No certification is known to expire in 90 days. Systems that keep them post the events certification.earned and "
    "certification.renewed with certification.expires_on, by a signed call or `drumbeat events post`."
)


def expiring(scope: Scope) -> list[Section]:
    """The sentence, and a row for each, the nearest first."""
    found = _of_scope(scope)
    names = dict(scope.partners.values_list("pk", "name"))
    rows = [_row(event, names, scope) for event in found[:SHOWN]]
    columns = [
        ("last day", DAY),
        ("days left", NUMBER),
        ("certification", TEXT),
        ("held by", TEXT),
        ("partner", TEXT),
    ]
    refs = [f"partner:{event.partner_id}" for event in found[:SHOWN]]
    return [
        sentences([_sentence(found, scope)]),
        table(columns, rows, key="expiring", title="Certifications that expire within 90 days", refs=refs, empty=HOW, of=len(found)),
    ]  # fmt: skip


def _of_scope(scope: Scope) -> list[Event]:
    ids = scope.partner_ids
    ahead = dates_ahead("certification", "expires_on", on=scope.on, within=AHEAD)
    mine = [event for event in ahead if event.at <= scope.at and (ids is None or event.partner_id in ids)]
    return sorted(mine, key=lambda event: (_last_day(event), event.pk))


def _row(event: Event, names: dict[int, str], scope: Scope) -> list[Any]:
    left = (_day(event) - scope.on).days
    told = event.payload
    name, holder = told.get("name") or event.subject_key, told.get("holder", "")
    return [_last_day(event), left, name, holder, names.get(event.partner_id or 0, "")]


def _last_day(event: Event) -> str:
    return str(event.payload["expires_on"])[:10]


def _day(event: Event) -> date:
    return date.fromisoformat(_last_day(event))


def _sentence(found: list[Event], scope: Scope) -> str:
    if not found:
        return "No certification is known to expire in the next 90 days."
    soon = sum((_day(event) - scope.on).days <= 30 for event in found)
    verb = "expires" if len(found) == 1 else "expire"
    return (
        f"{count(len(found), 'certification').capitalize()} {verb} within 90 days, {soon} of them within 30."
    )
