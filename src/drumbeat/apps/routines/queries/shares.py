"""Who shares the same moments of a routine: subscriptions grouped by all that their moments depend on, with whose they are, or
with their number alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from drumbeat.apps.asking import ask
from drumbeat.apps.partners.models import Partner
from drumbeat.apps.partners.queries import ASSIGNED
from drumbeat.apps.people.models import Account, Vendor
from drumbeat.apps.routines.bridge import Settings, agreements_of
from drumbeat.apps.routines.models import Routine, Subscription
from drumbeat.apps.routines.queries.combinations import EPOCH, Want
from drumbeat.core.planning import is_anchored, phase_of
from drumbeat.core.playbook import Routine as Playbook


@dataclass(frozen=True, slots=True)
class Share:
    """Ids of subjects (partners, or people of a routine of managers), of the managers who look after them (0: nobody) and
    of the subscriptions (0: none yet), in one order."""

    want: Want
    place: tuple[str, str, str, str]
    subjects: tuple[int, ...]
    managers: tuple[int, ...]
    subscriptions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Crowd:
    """How many want the same: partners of one tier that a channel manager looks after, or one `person` of a routine of
    managers (no tier)."""

    want: Want
    tier: str
    person: int | None
    count: int


WANTED = """
SELECT coalesce(p.zone, ''), coalesce(p.country, ''), coalesce(p.subdivision, ''), coalesce(p.calendar, ''), s.person_id,
       CASE WHEN %(by_manager)s THEN a.person_id END, s.phase,
       CASE WHEN %(anchored)s OR s.started_on > %(on)s THEN s.started_on END,
       CASE WHEN s.person_id IS NOT NULL OR EXISTS (
           SELECT 1 FROM routines_override v WHERE v.subscription_id = s.id AND v.withdrawn_at IS NULL) THEN s.id END,
"""
SUBSCRIPTIONS = f"""
FROM routines_subscription s
LEFT JOIN partners_partner p ON p.id = s.partner_id
LEFT JOIN {ASSIGNED} a ON a.partner_id = s.partner_id
"""
SHARES = f"""{WANTED}
       array_agg(coalesce(s.partner_id, s.person_id)), array_agg(coalesce(o.owner_id, a.person_id, s.person_id, 0)), array_agg(s.id)
{SUBSCRIPTIONS}
LEFT JOIN (
    SELECT DISTINCT ON (subscription_id) subscription_id, owner_id FROM routines_override
    WHERE kind = 'owner' AND withdrawn_at IS NULL AND from_on <= %(on)s AND (until_on IS NULL OR until_on > %(on)s)
    ORDER BY subscription_id, from_on DESC, id DESC
) o ON o.subscription_id = s.id
WHERE s.routine_id = %(routine)s AND s.ended_on IS NULL
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
"""  # noqa: S608 - our own words
CROWDS = f"""{WANTED} coalesce(p.tier, ''), s.person_id, count(*)
{SUBSCRIPTIONS}
LEFT JOIN people_account m ON m.id = a.person_id AND m.is_active AND m.role = 'channel_manager'
WHERE s.routine_id = %(routine)s AND s.ended_on IS NULL
  AND (s.person_id IS NOT NULL OR (m.id IS NOT NULL AND p.status <> 'closed'))
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
"""


def shares_of(routine: Routine, playbook: Playbook, vendor: Vendor, *, on: date, since: date) -> list[Share]:
    """The running subscriptions of a routine by its text, or by another text that may take its place; three queries.
    `on` says whose managers count, `since` from which rule date moments are wanted."""
    return [
        Share(want, place, *map(tuple, ids))
        for want, place, ids in _wanted(SHARES, routine, playbook, vendor, on, since)
    ]


def crowds_of(routine: Routine, playbook: Playbook, vendor: Vendor, *, on: date, since: date) -> list[Crowd]:
    """The same, counted by the database: as many rows as there are combinations, however many partners there are. Closed
    partners and those without an active channel manager are left out."""
    return [Crowd(want, *told) for want, _, told in _wanted(CROWDS, routine, playbook, vendor, on, since)]


def _wanted(
    statement: str, routine: Routine, playbook: Playbook, vendor: Vendor, on: date, since: date
) -> Iterator[tuple[Want, tuple[str, str, str, str], list[Any]]]:
    """What each row wants, where it is, and what else it tells."""
    is_fixed = is_anchored(playbook.cadence.rule)
    by_manager = "manager" in (playbook.cadence.zone, playbook.calendar)
    told = {"routine": routine.pk, "on": on, "by_manager": by_manager, "anchored": is_fixed}
    rows = ask(statement, told)
    people = Account.objects.in_bulk({pk for row in rows for pk in row[4:6] if pk})
    agreed = agreements_of(list(Subscription.objects.filter(pk__in=[row[8] for row in rows if row[8]])))
    settings = Settings(playbook, vendor)
    for *place, person, manager, phase, started_on, own, one, two, three in rows:
        subject = people.get(person or 0) or _somewhere(place)
        setting = settings.of(subject, people.get(manager or person or 0))
        begin = started_on or EPOCH
        anchor = begin if is_fixed else EPOCH
        want = Want(setting, phase, anchor, max(begin, since), agreed.get(own or 0, ()))
        yield want, _place(subject), [one, two, three]


def shares_if_started(
    playbook: Playbook,
    subjects: Iterable[Partner | Account],
    managers: Mapping[int, Account],
    vendor: Vendor,
    *,
    on: date,
    since: date,
) -> list[Share]:
    """The same for subjects that are not subscribed yet, as if they were from that day on; `managers` by partner id."""
    settings, groups = Settings(playbook, vendor), defaultdict(list)
    anchor = on if is_anchored(playbook.cadence.rule) else EPOCH
    for subject in subjects:
        is_partner = isinstance(subject, Partner)
        manager = managers.get(subject.pk) if is_partner else subject
        key = subject.key if isinstance(subject, Partner) else subject.email
        setting = settings.of(subject, manager if isinstance(manager, Account) else None)
        phase = phase_of(playbook.key, key, playbook.cadence.spread)
        want = Want(setting, phase, anchor, max(on, since), ())
        groups[want, _place(subject)].append((subject.pk, manager.pk if manager else 0, 0))
    return [Share(want, place, *zip(*members, strict=True)) for (want, place), members in groups.items()]


def _somewhere(place: list[str]) -> Partner:
    zone, country, subdivision, calendar = place
    return Partner(zone=zone, country=country, subdivision=subdivision, calendar=calendar)


def _place(subject: Partner | Account) -> tuple[str, str, str, str]:
    return subject.zone, subject.country, subject.subdivision, getattr(subject, "calendar", "")
