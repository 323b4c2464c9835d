"""How fast partners are scored over their sales lines, beside the same numbers by pandas and by the ORM row by row; a partner's
page with 24 months; reports over the whole channel; and PDFs by one and two workers.

10,000 partners, 10,000,000 lines over 24 months. The ORM reads a sample of partners, scaled up. Pandas is measured where it is
installed. Usage: .venv/bin/python -m bench.figures [lines] [partners]. Prints JSON lines: seconds, of the wall and of the
processors, and the times of ours.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import date
from multiprocessing import get_context

import psycopg

from bench import pages, scene
from bench.database import fresh_database
from bench.intake import server_cpu
from drumbeat.config.database import UNSAFE_BUT_FAST

ON = date(2026, 6, 1)
SAMPLE, PDFS, WINDOW = 20, 24, 24
# Lines without the indexes that they get afterwards: only how they are read is measured here.
LINES = """
DROP INDEX line_by_day; DROP INDEX a_line_counts_once; DROP INDEX line_replaced; DELETE FROM sales_sellthrough;
SET session_replication_role = replica;
INSERT INTO sales_line (partner_id, order_number, line_number, sold_on, quantity, amount, currency, load_id, loaded_at)
SELECT first + mod(n, {partners}), 'O' || n / 4, mod(n, 4) + 1, date '2024-06-01' + mod(7 * (n / {partners}), 730)::int, 1 + mod(n, 9),
       10 + mod(n * 37, 99991) / 100.0, 'EUR', 1, '2026-06-01' FROM generate_series(0, {lines} - 1) n,
       (SELECT min(id) AS first FROM partners_partner) partner;
SET session_replication_role = origin;
CREATE INDEX line_by_day ON sales_line (sold_on);
CREATE UNIQUE INDEX a_line_counts_once ON sales_line (partner_id, order_number, line_number) WHERE replaced_at IS NULL;
INSERT INTO sales_sellthrough (partner_id, month, amount, currency, received_at, has_lines, first_on, last_on, changed_at)
SELECT partner_id, date_trunc('month', sold_on), sum(amount), 'EUR', '2026-06-01', true, min(sold_on), max(sold_on), '2026-06-01'
FROM sales_line GROUP BY 1, 2;
VACUUM ANALYZE
"""


def main() -> None:
    lines = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000
    partners = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
    os.environ["DRUMBEAT_SECRET_KEY"] = "only-for-benchmarks"
    os.environ["DRUMBEAT_CLOCK_OFFSET"] = str(scene.clock_offset())
    with fresh_database((*UNSAFE_BUT_FAST, "max_wal_size=8GB", "shared_buffers=512MB")):
        cookie, partner = pages.ready(partners / 10_000, weeks=2)
        with psycopg.connect(os.environ["DRUMBEAT_DATABASE_URL"], autocommit=True) as connection:
            for statement in LINES.format(lines=lines, partners=partners).split(";"):
                connection.execute(statement)
        size = {"lines": lines, "partners": partners}
        scorecards(size)
        page(cookie, partner)
        reports(size)
        pdfs()


@contextmanager
def measured(name: str, told: dict[str, object], *, scale: float = 1.0) -> Iterator[None]:
    begin, cpu, served = time.perf_counter(), time.process_time(), server_cpu()
    yield
    seconds, used = time.perf_counter() - begin, time.process_time() - cpu + server_cpu() - served
    told |= {f"{name}_s": round(seconds * scale, 2), f"{name}_cpu_s": round(used * scale, 2)}


def scorecards(size: dict[str, int]) -> None:
    from drumbeat.apps.partners.models import Partner
    from drumbeat.apps.scorecards.actions import publish_scorecard, score_partners
    from drumbeat.library import scorecard_texts

    card = publish_scorecard(scorecard_texts()["partner-health"], by=None, at=scene.AT).scorecard
    told: dict[str, object] = {"bench": "figures", "what": "scorecards", **size}
    with measured("score", told):
        assert score_partners(card, on=ON, at=scene.AT) == size["partners"]
    with measured("sales_part", told):
        ours = by_statement()
    with measured("sales_part_by_lines", told):
        assert by_statement(from_lines=True) == ours
    sample = list(Partner.objects.order_by("pk").values_list("pk", "key")[:SAMPLE])
    with measured("sales_part_by_orm", told, scale=size["partners"] / SAMPLE):
        for pk, key in sample:
            assert by_rows(pk) == ours[key]
    if pandas := installed():
        with measured("sales_part_by_pandas", told):
            theirs = pandas()
        assert all(abs(theirs.get(pk, 0) - float(ours[key])) < 0.01 for pk, key in sample)
    print(json.dumps(told), flush=True)


def by_statement(*, from_lines: bool = False) -> dict[str, object]:
    """Twelve months of each partner; `known_at` can only be answered by the lines."""
    from drumbeat.apps.figures.queries import answer
    from drumbeat.core.metrics import Question, asked

    question = Question(
        asked(["sell_through_12m"]), asked(["partner"]), until_on=ON, limit=10**7, known_at=scene.AT if from_lines else None
    )  # fmt: skip
    return dict(answer(question, today=ON).rows)


def by_rows(partner_id: int) -> object:
    from drumbeat.apps.sales.models import Line

    rows = Line.objects.filter(partner=partner_id, replaced_at=None)
    return sum(row.amount for row in rows.iterator() if date(2025, 6, 1) <= row.sold_on < ON)


def installed() -> Callable[[], dict[int, float]] | None:
    try:
        import pandas
    except ImportError:
        return None

    def summed() -> dict[int, float]:
        from django.db import connection

        with tempfile.NamedTemporaryFile() as file, connection.cursor() as cursor:
            with cursor.copy(
                "COPY (SELECT partner_id, sold_on, amount FROM sales_line WHERE replaced_at IS NULL) TO STDOUT CSV"
            ) as copy:
                for chunk in copy:
                    file.write(chunk)
            file.flush()
            frame = pandas.read_csv(file.name, names=["partner", "on", "amount"], parse_dates=["on"])
        within = frame[(frame["on"] >= "2025-06-01") & (frame["on"] < "2026-06-01")]
        return dict(within.groupby("partner")["amount"].sum())

    return summed


def page(cookie: str, partner: str) -> None:
    with pages.web() as port:
        for path in (f"/partners/{partner}/", f"/partners/{partner}/figures/"):
            times, _ = pages.run(port, path, cookie, 1)
            told = {"bench": "figures", "what": "a partner's page, 24 months", "page": path.replace(partner, "…"),
                    "p50_ms": round(pages.quantile(times, 0.5), 1), "p95_ms": round(pages.quantile(times, 0.95), 1)}  # fmt: skip
            print(json.dumps(told), flush=True)


def reports(size: dict[str, int]) -> None:
    from drumbeat.apps.reports.actions import build_edition

    for report in ("unit-review", "pipeline-review", "inactive-partners"):
        told: dict[str, object] = {"bench": "figures", "what": report, "partners": size["partners"]}
        with measured("build", told):
            build_edition(report, at=scene.AT)
        print(json.dumps(told), flush=True)


def pdfs() -> None:
    from drumbeat.apps.partners.models import Partner
    from drumbeat.apps.reports.actions import build_edition

    ids = [
        build_edition("partner-scorecard", partner=one, at=scene.AT).pk
        for one in Partner.objects.order_by("pk")[:PDFS]
    ]
    told: dict[str, object] = {"bench": "figures", "what": "PDFs", "count": PDFS}
    for workers in (1, 2):
        with ProcessPoolExecutor(workers, get_context("spawn"), initializer=awake) as pool:
            list(pool.map(drawn, ids[:workers]))
            begin = time.perf_counter()
            assert all(pool.map(drawn, ids))
            told[f"a_second_by_{workers}"] = round(PDFS / (time.perf_counter() - begin), 1)
    print(json.dumps(told), flush=True)


def awake() -> None:
    import django

    django.setup()


def drawn(pk: int) -> int:
    from drumbeat.apps.reports.models import Edition
    from drumbeat.apps.reports.pdf import edition_pdf

    return len(edition_pdf(Edition.objects.get(pk=pk)))


if __name__ == "__main__":
    main()
