"""What a timeline costs beside a million ledger entries, and a search beside 100,000 partners and as many letters.

Usage: .venv/bin/python -m bench.stories [scale]. Prints JSON lines: milliseconds (best and median of 15) and, for the
timeline, the buffers that its statement touches.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

from bench import pages, scene
from bench.database import fresh_database

NAMES = "Nordwind,Bergmann,Kestrel,Atlas,Morgenstern,Fjord,Solaris,Quercus,Helvetia,Lumen,Ostsee,Vulcan,Meridian,Castor"
ENDINGS = "Systemhaus,Cloud,Data,Consulting,IT,Networks,Software,Services,Digital,Solutions,Partner,Labs"

# Names of two common words and a rare one; letters of sixty words, in which one is rare.
MORE = """
INSERT INTO partners_partner (key, name, sort_name, type, status, tier, country, subdivision, city, address, postal_code,
                              phone, zone, calendar, language, gives_pos)
SELECT 'q' || n, name, lower(name), 'var', 'active', 'gold', 'DE', '', 'Köln', '', '', '', 'Europe/Berlin', '', 'de', false
FROM generate_series(1, %(more)s) n CROSS JOIN LATERAL (SELECT (string_to_array(%(names)s, ','))[1 + mod(n, 14)] || ' ' ||
    (string_to_array(%(endings)s, ','))[1 + mod(n / 14, 12)] || ' ' || upper(substr(md5(n::text), 1, 5)) AS name) named;
INSERT INTO outbox_message (key, partner_id, to_name, to_address, reply_to, subject, text, message_id, state, written_at,
                            attempts, next_attempt_at, error, purpose, topic, language)
SELECT 'k' || n, (SELECT min(id) FROM partners_partner) + mod(n, (SELECT count(*) FROM partners_partner)), 'Person', 'p@example.com', '', 'Report of month ' || mod(n, 12),
       repeat('The figures of the quarter are in, and the review is near. ', 5) || md5(n::text), 'm' || n, 'sent',
       timestamptz '2026-06-01' - make_interval(mins => n), 1, '2026-06-01', '', '', '', 'en'
FROM generate_series(1, %(letters)s) n;
ANALYZE
"""
SEARCHES = (
    "bergmann",
    "bergmann systemhaus",
    "kestrel 3f2a",
    "bergman sistemhaus",
    "quarter review",
    "report",
    "zzzzqq",
    "a",
)


def main() -> None:
    scale = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
    with fresh_database():
        pages.ready(scale)
        _add(scale)
        measure_timeline()
        measure_search()


def _add(scale: float) -> None:
    import os

    import psycopg

    few = int(10_000 * scale)
    given = {"more": 9 * few, "letters": 10 * few, "names": NAMES, "endings": ENDINGS}
    with psycopg.connect(os.environ["DRUMBEAT_DATABASE_URL"], autocommit=True) as connection:
        for statement in MORE.split(";\n"):
            psycopg.ClientCursor(connection).execute(statement, given)


def measure_timeline() -> None:
    from django.db import connection

    from drumbeat.apps.partners.models import Contact, Partner
    from drumbeat.apps.stories.queries import Wanted, happenings

    partner = Partner.objects.order_by("pk")[7]
    contact = Contact.objects.filter(partner=partner)[0]
    first = Wanted(scene.AT, partners=[partner.pk])
    later = Wanted(scene.AT, partners=[partner.pk], after=happenings(first, limit=51)[-1].place)
    for name, wanted in (
        ("first page", first),
        ("second page", later),
        ("contact", Wanted(scene.AT, contact=contact.pk)),
    ):
        best, median = clocked(lambda wanted=wanted: happenings(wanted, limit=51))
        say(bench="timeline", page=name, best=best, median=median, buffers=buffers_of(connection, wanted))


def buffers_of(connection: Any, wanted: Any) -> int:
    """Shared buffers that the whole statement hits or reads."""
    from drumbeat.apps.stories.queries.happenings import statement_of

    text, parameters = statement_of(wanted, 51)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {text}", parameters)
        plan = cursor.fetchone()[0][0]["Plan"]
    return plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]


def measure_search() -> None:
    from drumbeat.apps.people.models import Account, Role
    from drumbeat.apps.stories.queries import find

    manager = Account.objects.order_by("pk")[0]
    director = Account.objects.create(email="d@example.org", name="D", role=Role.DIRECTOR)
    for who in (manager, director):
        for text in SEARCHES:
            best, median = clocked(lambda text=text, who=who: find(text, by=who, at=scene.AT, limit=7))
            say(bench="search", by=who.role, text=text, best=best, median=median)


def clocked(work: Callable[[], Any]) -> tuple[float, float]:
    times = []
    for _ in range(15):
        begun = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - begun))
    return round(min(times), 1), round(statistics.median(times), 1)


def say(**figures: Any) -> None:
    print(json.dumps(figures), flush=True)


if __name__ == "__main__":
    main()
