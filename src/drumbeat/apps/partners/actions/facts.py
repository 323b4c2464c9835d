"""Writing down named values about partners, many at once. Who computes them lies above."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from drumbeat.apps.partners.models import Fact, Partner
from drumbeat.core.facts import FACTS
from drumbeat.core.refusal import insist

_ROWS = (
    "unnest(%(partners)s::bigint[], %(names)s::text[], %(values)s::text[]) AS row(partner_id, name, value)"
)
_KEEP = f"""
    INSERT INTO partners_fact (partner_id, name, value, as_of, source)
    SELECT partner_id, name, value::jsonb, %(as_of)s, %(source)s FROM {_ROWS} WHERE value IS NOT NULL
    ON CONFLICT (partner_id, name) DO UPDATE
    SET value = excluded.value, as_of = excluded.as_of, source = excluded.source
    WHERE partners_fact.as_of <= excluded.as_of
"""  # noqa: S608
_FORGET = f"""
    DELETE FROM partners_fact fact USING {_ROWS}
    WHERE row.value IS NULL AND fact.partner_id = row.partner_id AND fact.name = row.name AND fact.as_of <= %(as_of)s
"""  # noqa: S608


@transaction.atomic
def record_facts(rows: Iterable[tuple[int, str, object]], *, as_of: datetime, source: str) -> int:
    """Keeps (partner id, fact name such as `partner.health`, value), the latest `as_of` of each; None makes it unknown
    again. Money may be decimal, days may be dates. Returns the number of rows given. Raises Refused for an unknown name
    and for a fact given twice."""
    listed = list(rows)
    given = {(partner_id, name): _json(value) for partner_id, name, value in listed}
    insist(len(given) == len(listed), "A fact is given twice for one partner", "Give each fact once")
    for name in {name for _, name in given} - FACTS.keys():
        insist(False, f"There is no fact {name}", "Name it in core.facts first")
    values: dict[str, Any] = {
        "partners": [partner_id for partner_id, _ in given],
        "names": [name for _, name in given],
        "values": list(given.values()),
        "as_of": as_of,
        "source": source,
    }
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, values)
        cursor.execute(_FORGET, values)
    return len(given)


def forget_facts(partners: QuerySet[Partner], *, source: str, before: datetime) -> int:
    """What this source said of these partners earlier and has not said again is unknown now; how many were forgotten."""
    stale = Fact.objects.filter(partner__in=partners, source=source, as_of__lt=before)
    return stale.delete()[0]


def _json(value: object) -> str | None:
    return None if value is None else json.dumps(value, default=_plain)


def _plain(value: Any) -> object:
    """Money is for comparison only and becomes a float; a day is the word that it is written as."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"a fact can't be {type(value).__name__}")
