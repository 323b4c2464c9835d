"""Which subscriptions want the same moments and have the same arranged: what is reckoned for one of them holds for all.

Of what they want it knows only what it depends on: place, manager, phase, first day, agreements.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from drumbeat.apps.asking import ask
from drumbeat.apps.partners.models import Partner
from drumbeat.apps.people.models import Account, Vendor
from drumbeat.apps.routines.bridge import Settings, agreements_of, playbook_of
from drumbeat.apps.routines.models import Routine, Subscription
from drumbeat.core.overriding import Override
from drumbeat.core.planning import Setting, is_anchored

EPOCH = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Want:
    """All that the wanted moments of a subscription depend on, beside the routine's text."""

    setting: Setting
    phase: int
    anchor: date
    since: date
    agreed: tuple[Override, ...]


@dataclass(frozen=True, slots=True)
class Combination:
    """Subscriptions (ids, in order) that want the same, have the same moments, and opened the same."""

    want: Want
    members: tuple[int, ...]


# A hash tells alike rows from others: moments with everything planning writes, occurrences by their rule date. What was
# agreed with one, and a person's leave, set a subscription apart (`own`).
COMBINATIONS = """
WITH chosen AS (
    SELECT s.id, s.partner_id, s.person_id, s.phase, s.started_on,
           greatest(s.started_on, least(%(today)s, s.planned_until) - %(horizon)s) AS since, s.planned_until IS NULL AS is_new
    FROM routines_subscription s WHERE s.id = ANY(%(ids)s)
),
arranged AS (
    SELECT m.subscription_id, bit_xor(hash_record_extended(ROW(m.version_id, m.nominal_on, m.opens_at, m.due_at, m.deadline_at,
           m.miss_at, m.step_dues, m.step_deadlines, m.why, m.touched_at IS NULL), 0)) AS seal
    FROM routines_moment m WHERE m.subscription_id = ANY(%(ids)s) AND m.event_id = 0 GROUP BY 1
),
opened AS (
    SELECT o.subscription_id, bit_xor(hash_record_extended(ROW(o.nominal_on), 0)) AS seal
    FROM routines_occurrence o
    JOIN chosen c ON c.id = o.subscription_id AND o.event_id = 0 AND (c.is_new OR o.nominal_on >= c.since) GROUP BY 1
)
SELECT coalesce(p.zone, ''), coalesce(p.country, ''), coalesce(p.subdivision, ''), coalesce(p.calendar, ''), c.person_id,
       CASE WHEN %(by_manager)s THEN a.person_id END AS manager_id, c.phase,
       CASE WHEN %(anchored)s THEN c.started_on END AS anchor, CASE WHEN c.is_new THEN c.started_on ELSE c.since END AS begins,
       CASE WHEN c.person_id IS NOT NULL OR EXISTS (
           SELECT 1 FROM routines_override v WHERE v.subscription_id = c.id AND v.withdrawn_at IS NULL) THEN c.id END AS own,
       array_agg(c.id ORDER BY c.id)
FROM chosen c
LEFT JOIN partners_partner p ON p.id = c.partner_id
LEFT JOIN LATERAL (
    SELECT person_id FROM partners_assignment held WHERE held.partner_id = c.partner_id AND held.from_on <= %(today)s
      AND (held.until_on IS NULL OR held.until_on > %(today)s) ORDER BY held.from_on DESC, held.id DESC LIMIT 1) a ON true
LEFT JOIN arranged ON arranged.subscription_id = c.id
LEFT JOIN opened ON opened.subscription_id = c.id
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, arranged.seal, opened.seal
ORDER BY 11
"""


def combinations_of(
    routine: Routine, ids: Sequence[int], vendor: Vendor, *, today: date, horizon_days: int
) -> list[Combination]:
    """The running subscriptions `ids` of a live routine, each in exactly one combination; some queries, however many."""
    assert routine.version, "a live routine has a version"
    playbook = playbook_of(routine.version)
    told = {
        "ids": list(ids),
        "today": today,
        "horizon": horizon_days,
        "by_manager": "manager" in (playbook.cadence.zone, playbook.calendar),
        "anchored": is_anchored(playbook.cadence.rule),
    }
    rows = ask(COMBINATIONS, told)
    people = Account.objects.in_bulk({pk for row in rows for pk in row[4:6] if pk})
    agreed = agreements_of(list(Subscription.objects.filter(pk__in=[row[9] for row in rows if row[9]])))
    settings = Settings(playbook, vendor)
    found = []
    for zone, country, subdivision, calendar, person, manager, phase, anchor, since, own, members in rows:
        subject = people.get(person or 0) or Partner(
            zone=zone, country=country, subdivision=subdivision, calendar=calendar
        )
        setting = settings.of(subject, people.get(manager or person or 0))
        want = Want(setting, phase, anchor or EPOCH, since, agreed.get(own or 0, ()))
        found.append(Combination(want, tuple(members)))
    return found
