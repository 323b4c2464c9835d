"""Whether Today and a partner's on-time record cost more when the ledger has grown: a history, beside a tenth of it.

10,000 partners, 50 managers, 50,000 open items; the ledger is partitioned by month and filled by plain SQL, two entries a
promise. Usage: .venv/bin/python -m bench.ledger [entries]. Prints JSON lines: p50 and p95 in ms and the ratio to the tenth.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from datetime import date

from bench import pages, scene
from bench.database import fresh_database
from drumbeat.config.database import UNSAFE_BUT_FAST

PARTNERS, CLIENTS, RECORDS = 10_000, 8, 300
WEEKS_AT_MOST = 520


def main() -> None:
    if sys.argv[1:2] == ["of"]:
        measure(int(sys.argv[2]))
        return
    entries = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000_000
    small, large = measured(entries // 10), measured(entries)
    ratios = {name: round(large[name] / small[name], 2) for name in small if name.endswith("_ms")}
    print(json.dumps({"bench": "ledger", "times_a_tenth_of_the_history": ratios}), flush=True)


def measured(entries: int) -> dict[str, float]:
    """In a process and a database of its own."""
    with fresh_database((*UNSAFE_BUT_FAST, "max_wal_size=8GB", "shared_buffers=512MB")):
        environment = {**os.environ, "DRUMBEAT_SECRET_KEY": "only-for-benchmarks",
                       "DRUMBEAT_CLOCK_OFFSET": str(scene.clock_offset())}  # fmt: skip
        command = [sys.executable, "-m", "bench.ledger", "of", str(entries)]
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
        print(done.stdout.strip(), flush=True)
        return dict(json.loads(done.stdout))


def measure(entries: int) -> None:
    a_week = -(-entries // (2 * PARTNERS * WEEKS_AT_MOST))
    begin = time.perf_counter()
    cookie, _ = pages.ready(1.0, weeks=entries // (2 * PARTNERS * a_week), a_week=a_week)
    filled_s = time.perf_counter() - begin
    with pages.web() as port:
        times, _ = pages.run(port, "/today/", cookie, CLIENTS)
    records = record_times()
    line: dict[str, object] = {"bench": "ledger", **size(), "filled_s": round(filled_s)}
    for name, seen in (("today", times), ("record", records)):
        line |= {f"{name}_p50_ms": round(pages.quantile(seen, 0.5), 2), f"{name}_p95_ms": round(pages.quantile(seen, 0.95), 2)}  # fmt: skip
    print(json.dumps(line), flush=True)


def record_times() -> list[float]:
    """Of the last twelve months of one partner after the other, in ms."""
    from drumbeat.apps.ledger.queries import on_time_record
    from drumbeat.apps.partners.models import Partner

    times, judged = [], 0
    for partner in Partner.objects.order_by("pk")[: RECORDS * 7 : 7]:
        begin = time.perf_counter()
        told = on_time_record(
            side="vendor", at=scene.AT, from_on=date(2025, 6, 1), until_on=date(2026, 6, 1), partner=partner
        )
        times.append(1000 * (time.perf_counter() - begin))
        judged += told.people.judged
    assert judged > 0
    return times


def size() -> dict[str, int]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT (SELECT count(*) FROM ledger_entry), (SELECT count(*) FROM pg_inherits WHERE inhparent = 'ledger_entry'::regclass),
                   (pg_database_size(current_database()) / 1048576)""")
        entries, months, mib = cursor.fetchone()
    return {"entries": entries, "months": months, "database_mib": int(mib)}


if __name__ == "__main__":
    main()
