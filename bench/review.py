"""How fast the director's business review over a large channel is built, beside its sums of two years by pandas and by the ORM
row by row.

100,000 partners of 500 managers, 24 months each whose lines say their cost. The ORM reads a sample of partners, scaled up.
Pandas is measured where it is installed. Usage: .venv/bin/python -m bench.review [partners]. Prints JSON lines: seconds of the
wall and of the processors.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import psycopg

from bench import scene
from bench.database import fresh_database
from bench.figures import measured
from drumbeat.config.database import UNSAFE_BUT_FAST

YEAR, YEAR_BEFORE = (date(2025, 6, 1), date(2026, 6, 1)), (date(2024, 6, 1), date(2025, 6, 1))
SAMPLE, TIMES = 200, 3
MONTHS = """
DELETE FROM sales_sellthrough;
INSERT INTO sales_sellthrough (partner_id, month, amount, currency, received_at, has_lines, cost, costed, first_on, last_on, changed_at)
SELECT id, m, 1000 + mod(id * 37 + extract(month FROM m)::int * 101, 9973), 'EUR', '2026-06-01', true, 700 + mod(id, 97),
       1000 + mod(id * 37 + extract(month FROM m)::int * 101, 9973), m::date, m::date + 27, '2026-06-01'
FROM partners_partner, generate_series(date '2024-06-01', date '2026-05-01', interval '1 month') m;
VACUUM ANALYZE
"""
BY_HAND = "COPY (SELECT partner_id, month, amount, cost FROM sales_sellthrough) TO STDOUT CSV"
Sums = dict[str, Decimal | float]


def main() -> None:
    partners = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    os.environ["DRUMBEAT_SECRET_KEY"] = "only-for-benchmarks"
    os.environ["DJANGO_SETTINGS_MODULE"] = "drumbeat.config.settings"
    with fresh_database((*UNSAFE_BUT_FAST, "max_wal_size=8GB", "shared_buffers=512MB")):
        fill(partners)
        told: dict[str, object] = {"bench": "review", "partners": partners}
        ours = review(told)
        with measured("by_orm", told, scale=partners / SAMPLE):
            by_rows()
        if pandas := installed():
            with measured("by_pandas", told):
                theirs = pandas()
            assert abs(float(ours["sold"]) - float(theirs["sold"])) < 1, (ours, theirs)
        print(json.dumps(told), flush=True)


def fill(partners: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    scene.fill(partners=partners, managers=max(1, partners // 200), items=50_000, weeks=2)
    with psycopg.connect(os.environ["DRUMBEAT_DATABASE_URL"], autocommit=True) as connection:
        for statement in MONTHS.split(";"):
            connection.execute(statement)


def review(told: dict[str, object]) -> Sums:
    """The last of several builds: each asks the database anew."""
    from drumbeat.apps.reports.actions import draft_edition
    from drumbeat.apps.reports.shelf import Shelf

    for _ in range(TIMES):
        with measured("review", told):
            edition = draft_edition("business-review", Shelf([], scene.AT))
    profit = next(one for one in edition.data["sections"] if one["key"] == "profit")
    return {"sold": profit["rows"][0][4]}


def by_rows() -> Sums:
    from drumbeat.apps.partners.models import Partner
    from drumbeat.apps.sales.models import SellThrough

    sold: dict[tuple[int, str], Decimal] = {}
    for partner in Partner.objects.order_by("pk")[:SAMPLE]:
        manager = partner.assignments.select_related("person").order_by("-from_on").first()
        for row in SellThrough.objects.filter(partner=partner):
            for n, (begin, end) in enumerate((YEAR, YEAR_BEFORE)):
                if begin <= row.month < end:
                    for key in ("sold", partner.tier, manager.person.name if manager else "", partner.name):
                        sold[n, key] = sold.get((n, key), Decimal(0)) + row.amount
    return {"sold": sold.get((0, "sold"), Decimal(0))}


def installed() -> Callable[[], Sums] | None:
    try:
        import pandas
    except ImportError:
        return None
    from drumbeat.apps.partners.models import Assignment, Partner

    def summed() -> Sums:
        partners = pandas.DataFrame(
            Partner.objects.values_list("pk", "tier", "name"), columns=["partner", "tier", "name"]
        ).merge(
            pandas.DataFrame(
                Assignment.objects.values_list("partner_id", "person__name"), columns=["partner", "manager"]
            )
        )
        frame = copied(pandas).merge(partners)
        sums: Sums = {}
        for begin, end in (YEAR, YEAR_BEFORE):
            within = frame[(frame["month"] >= str(begin)) & (frame["month"] < str(end))]
            sums.setdefault("sold", float(within["amount"].sum()))
            for name in ("tier", "manager", "name"):
                within.groupby(name)[["amount", "cost"]].sum()
        return sums

    return summed


def copied(pandas):  # type: ignore[no-untyped-def]
    from django.db import connection

    with tempfile.NamedTemporaryFile() as file, connection.cursor() as cursor:
        with cursor.copy(BY_HAND) as copy:
            for chunk in copy:
                file.write(chunk)
        file.flush()
        return pandas.read_csv(file.name, names=["partner", "month", "amount", "cost"], parse_dates=["month"])


if __name__ == "__main__":
    main()
