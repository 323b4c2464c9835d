"""With two database roles the application can write the book and nothing else, as docs/guide/install.md sets them up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.db import ProgrammingError, connection, transaction

from drumbeat.apps.ledger.actions import make_months
from drumbeat.apps.ledger.queries import months_left, owns_ledger

pytestmark = pytest.mark.django_db
GUIDE = Path(__file__).resolve().parents[3] / "docs/guide/install.md"
AT = datetime(2026, 3, 2, 8, tzinfo=UTC)


def execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.fixture
def as_application() -> Iterator[None]:
    (block,) = re.findall(r"```sql\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    execute(block)
    execute("SET ROLE drumbeat_app")
    yield
    execute("RESET ROLE")


def test_the_owner_is_known_as_such() -> None:
    assert owns_ledger()


@pytest.mark.usefixtures("as_application")
class TestTheApplication:
    def test_it_does_not_own_the_book(self) -> None:
        assert not owns_ledger()

    @pytest.mark.parametrize("table", ["ledger_entry", "ledger_promise"])
    @pytest.mark.parametrize(
        "sql",
        ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {}", "ALTER TABLE {} DISABLE TRIGGER ALL"],
    )
    def test_it_is_refused_every_change(self, sql: str, table: str) -> None:
        with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), transaction.atomic():
            execute(sql.format(table))

    def test_it_writes_entries(self) -> None:
        execute(
            "INSERT INTO ledger_entry (recorded_at, promise_id, kind, at) VALUES (now(), 1, 'kept', now())"
        )

    def test_it_has_the_next_months_made(self) -> None:
        before = months_left(AT)
        make_months(date(2026, 3, 1), date(2029, 12, 31))
        assert months_left(AT) == 45 > before
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            execute("TRUNCATE ledger_entry_y2029m11")
