"""Partners join and change. Each gets a key from its name, which then never changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.text import slugify

from drumbeat.apps.events.actions import record_event, record_events
from drumbeat.apps.partners.access import may_add_partner, may_edit_partner, may_see_partner
from drumbeat.apps.partners.models import Partner, Status, Territory
from drumbeat.apps.partners.values import read_partner
from drumbeat.apps.people.models import Account, sort_name
from drumbeat.core.refusal import Refused, insist

KEYS_LOCK = 7_301
EVENTS_OF_FIELDS = {"status": "partner.status_changed", "tier": "partner.tier_changed"}


def add_partner(values: Mapping[str, Any], *, by: Account | None, at: datetime) -> Partner:
    """A new partner. Without a zone it gets the one of its country and subdivision, where they tell it."""
    return add_partners([values], by=by, at=at)[0]


@transaction.atomic
def add_partners(rows: Sequence[Mapping[str, Any]], *, by: Account | None, at: datetime) -> list[Partner]:
    """Many new partners in a few statements: all of them, or none and Refused for the first that is wrong."""
    insist(may_add_partner(by), "Only a director or partner operations adds partners", "Ask one to do it")
    _lock_keys()
    territories = Territory.objects.in_bulk(field_name="key")
    partners = [Partner(**_clean(row, territories)) for row in rows]
    _insist_on_new_external_ids(partners)
    for partner, key in zip(partners, _free_keys([partner.name for partner in partners]), strict=True):
        partner.key, partner.sort_name = key, sort_name(partner.name)
    Partner.objects.bulk_create(partners, batch_size=1000)
    record_events(
        "partner.joined",
        (("partner", partner.pk) for partner in partners),
        by_id=by.pk if by else None,
        at=at,
    )
    return partners


@transaction.atomic
def change_partner(
    partner: Partner, values: Mapping[str, Any], *, by: Account | None, at: datetime
) -> Partner:
    """Changes what is given and differs; nothing differs, nothing is written."""
    insist(
        may_edit_partner(by) and may_see_partner(by, partner, at), f"{partner} isn't yours", "Ask its manager"
    )
    partner = Partner.objects.select_for_update().get(pk=partner.pk)
    territories = Territory.objects.in_bulk(field_name="key")
    read, problems = read_partner(values, territories=territories, stands={"country": partner.country})
    _raise_first(problems)
    changes = {field: value for field, value in read.items() if getattr(partner, field) != value}
    if changes.get("external_id"):
        _lock_keys()
        _insist_on_new_external_ids([Partner(external_id=changes["external_id"])])
    _record_changes(partner, changes, by=by, at=at)
    for field, value in changes.items():
        setattr(partner, field, value)
    if changes:
        partner.save()
    return partner


@transaction.atomic
def add_territory(key: str, name: str, *, by: Account | None, at: datetime) -> Territory:
    insist(may_add_partner(by), "Only a director or partner operations adds territories", "Ask one to do it")
    insist(
        bool(key) and slugify(key) == key,
        f"{key!r} is no key",
        "Use small letters, digits and hyphens",
        "key",
    )
    insist(
        not Territory.objects.filter(key=key).exists(),
        f"There is a territory {key}",
        "Choose another key",
        "key",
    )
    territory = Territory.objects.create(key=key, name=name)
    record_event("territory.added", ("territory", territory.pk), by_id=by.pk if by else None, at=at)
    return territory


def _lock_keys() -> None:
    """Two who add partners at once would otherwise find the same key free; held until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [KEYS_LOCK])


def _clean(values: Mapping[str, Any], territories: Mapping[str, Territory]) -> dict[str, Any]:
    read, problems = read_partner(values, territories=territories)
    _raise_first(problems)
    return read


def _raise_first(problems: Iterable[Refused]) -> None:
    for problem in problems:
        raise problem


def _insist_on_new_external_ids(partners: Iterable[Partner]) -> None:
    given = [partner.external_id for partner in partners if partner.external_id]
    taken = Partner.objects.filter(external_id__in=given).first()
    if taken:
        raise Refused(
            f"{taken} has the external id {taken.external_id}", "Change that partner", field="external_id"
        )
    twice = (
        next((one for one in given if given.count(one) > 1), None) if len(set(given)) < len(given) else None
    )
    insist(
        twice is None, f"The external id {twice} is given twice", "Give each partner its own", "external_id"
    )


def _free_keys(names: Sequence[str]) -> Iterator[str]:
    stems = [slugify(name)[:56] or "partner" for name in names]
    taken = set(Partner.objects.values_list("key", flat=True))
    last: dict[str, int] = {}
    for stem in stems:
        number = last.get(stem, 1)
        while (key := stem if number == 1 else f"{stem}-{number}") in taken:
            number += 1
        taken.add(key)
        last[stem] = number
        yield key


def _record_changes(
    partner: Partner, changes: Mapping[str, Any], *, by: Account | None, at: datetime
) -> None:
    """Fields with a word of their own get their own event, with the value before and after."""
    by_id, subject = by.pk if by else None, ("partner", partner.pk)
    for field, kind in EVENTS_OF_FIELDS.items():
        if field in changes:
            record_event(
                kind, subject, by_id=by_id, at=at, before=getattr(partner, field), after=changes[field]
            )
    if changes.get("status") == Status.CLOSED:
        record_event("partner.closed", subject, by_id=by_id, at=at)
    if others := sorted(set(changes) - set(EVENTS_OF_FIELDS)):
        record_event("partner.changed", subject, by_id=by_id, at=at, fields=others)
