"""How fast a file of sell-through lines is loaded, beside plain COPY of the same file into a table of the same columns, and
how much memory that takes beside a tenth of the file.

The lines name 2,000 partners, 300 products and 40 people; all checks, the months and the history are in the time. Usage:
.venv/bin/python -m bench.intake [lines]. Prints JSON lines: seconds of the wall and of
the processors, lines a second, times COPY, MiB of the process.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from bench.database import fresh_database

AT = datetime(2026, 6, 8, 8, 0, tzinfo=UTC)
PARTNERS, PRODUCTS, SELLERS = 2_000, 300, 40
HEADER = "partner,order,line,sold_on,quantity,amount,currency,seller,territory,product,cost"
LISTS = """
INSERT INTO people_vendor (id, name, country, subdivision, zone, currency, language, mail_from, is_demo, fiscal_year_starts,
                           fiscal_pattern, fiscal_anchor, fiscal_weekday)
VALUES (1, 'Bench', 'DE', '', 'Europe/Berlin', 'EUR', 'en', 'a@bench.example', false, 1, 'months', 'nearest', 5);
INSERT INTO partners_partner (key, name, sort_name, type, status, tier, country, subdivision, city, address, postal_code, phone,
                              zone, calendar, language, gives_pos, external_id)
SELECT 'p' || n, 'Partner ' || n, 'partner ' || n, 'var', 'active', 'gold', 'DE', '', '', '', '', '', 'Europe/Berlin', '', 'en',
       true, 'P' || n FROM generate_series(0, %(partners)s - 1) n;
INSERT INTO sales_salesterritory (key, region, country, "group") VALUES ('T1', 'North', 'Germany', 'Europe');
INSERT INTO sales_seller (key, name, email, title, office, manager_key)
SELECT n::text, 'Seller ' || n, '', '', '', '' FROM generate_series(0, %(sellers)s - 1) n;
INSERT INTO sales_product (key, number, name, category, subcategory)
SELECT n::text, 'A' || n, 'Product ' || n, 'Tools', '' FROM generate_series(0, %(products)s - 1) n
"""


def main() -> None:
    if sys.argv[1:2] == ["of"]:
        measure(int(sys.argv[2]))
        return
    lines = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    small, large = measured(lines // 10), measured(lines)
    told = {"bench": "intake", "memory_times_a_tenth": round(large["peak_mib"] / small["peak_mib"], 2)}
    print(json.dumps(told), flush=True)


def measured(lines: int) -> dict[str, float]:
    """In a process and a database of its own."""
    with fresh_database(("max_wal_size=8GB",)):
        environment = {**os.environ, "DRUMBEAT_SECRET_KEY": "only-for-benchmarks", "DJANGO_SETTINGS_MODULE": "drumbeat.config.settings"}  # fmt: skip
        command = [sys.executable, "-m", "bench.intake", "of", str(lines)]
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
        print(done.stdout.strip(), flush=True)
        return dict(json.loads(done.stdout))


def measure(lines: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from drumbeat.apps.intake.actions import load_file
    from drumbeat.apps.intake.kinds import KINDS
    from drumbeat.apps.intake.uploads import Upload

    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        for statement in LISTS.split(";\n"):
            cursor.execute(statement, {"partners": PARTNERS, "sellers": SELLERS, "products": PRODUCTS})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pos.csv"
        write_file(path, lines)
        copied = seconds_of_copy(path)
        begin, cpu, served = time.perf_counter(), time.process_time(), server_cpu()
        outcome = load_file(KINDS["lines"], Upload(path.name, path=path), by=None, at=AT)
        seconds, cpu, served = time.perf_counter() - begin, time.process_time() - cpu, server_cpu() - served
    assert outcome.counts.created == lines, outcome.wrong
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({
        "bench": "intake", "lines": lines, "load_s": round(seconds, 1), "python_cpu_s": round(cpu, 1), "server_cpu_s": round(served, 1), "copy_s": round(copied, 2),
        "times_copy": round(seconds / copied, 1), "lines_a_second": round(lines / seconds), "peak_mib": round(peak),
    }), flush=True)  # fmt: skip


def write_file(path: Path, lines: int) -> None:
    """Orders of four lines over two years, with amounts that rarely repeat."""
    with path.open("w", encoding="utf-8") as file:
        file.write(f"{HEADER}\n")
        for n in range(lines):
            order, line = divmod(n, 4)
            day = f"{2024 + order % 2}-{1 + order // 2 % 12:02d}-{1 + order // 24 % 28:02d}"
            amount = f"{7 + n * 37 % 9973}.{n * 61 % 10_000:04d}"
            file.write(
                f"P{order % PARTNERS},O{order},{line + 1},{day},{1 + n % 9},{amount},EUR,{order % SELLERS},T1,{n % PRODUCTS},1.5000\n"
            )


def server_cpu() -> float:
    """Processor time that our connection's server process has used; its parallel workers aren't in it."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def seconds_of_copy(path: Path) -> float:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("""CREATE TABLE plain (partner text, "order" text, line int, sold_on date, quantity numeric(18,4),
            amount numeric(18,4), currency varchar(3), seller text, territory text, product text, cost numeric(18,4))""")
        begin = time.perf_counter()
        with path.open("rb") as file, cursor.copy("COPY plain FROM STDIN WITH (FORMAT csv, HEADER)") as copy:
            while chunk := file.read(1 << 20):
                copy.write(chunk)
        return time.perf_counter() - begin


if __name__ == "__main__":
    main()
