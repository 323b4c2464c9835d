"""Questions in SQL: only reads, only views, only one, only so long; and nothing is asked unseen."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from drumbeat.apps.inquiries import reading, schema
from drumbeat.apps.inquiries.actions import inquire, lay_out_views, take_down_views
from drumbeat.apps.inquiries.catalogue import VIEWS
from drumbeat.apps.inquiries.models import Inquiry
from drumbeat.apps.inquiries.queries import columns_of_views, has_role, laid_out, trouble_of_reader
from drumbeat.apps.inquiries.reading import read
from drumbeat.core.refusal import Refused
from tests.world import World, build_world

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("laid_out")]
GUIDE = Path(__file__).parents[3] / "docs/guide/sql.md"


@pytest.fixture
def world(db: None) -> World:
    from tests.apps.reports.channel import START

    return build_world(at=START)


def rows(text: str) -> list[tuple[object, ...]]:
    return read(text, most=1000).rows


def test_each_view_answers_and_stands_in_the_guide_with_its_columns(world: World) -> None:
    told = GUIDE.read_text()
    for view, columns in columns_of_views().items():
        assert read(f"SELECT * FROM {view}", most=5).columns == tuple(columns)
        assert f"| `{view}` | {', '.join(columns)} |" in told, view
    assert set(columns_of_views()) == {view.name for view in VIEWS}
    assert ("bergmann-systemhaus", "Alice Ahrens") in rows("SELECT key, manager FROM partners")
    assert rows("SELECT count(*) FROM staff") == [(4,)] or rows("SELECT count(*) FROM staff")[0][0] > 3


def test_a_hundred_percent_and_a_semicolon_at_the_end_are_fine(world: World) -> None:
    assert rows("SELECT '100 %' AS share, '%s' AS sign;") == [("100 %", "%s")]
    assert rows("-- whom\nSELECT name FROM partners WHERE name LIKE 'Berg%' ;\n") == [
        ("Bergmann Systemhaus",)
    ]
    assert rows("WITH one AS (SELECT 1 AS n) TABLE one") == [(1,)]


WRITES = [
    "INSERT INTO partners (key) VALUES ('x')",
    "UPDATE partners SET name = 'x'",
    "DELETE FROM public.partners_partner",
    "DROP SCHEMA drumbeat_reading CASCADE",
    "CREATE TABLE public.mine (n int)",
    "CREATE TEMP TABLE mine (n int)",
    "SELECT * INTO TEMP mine FROM partners",
    "WITH gone AS (DELETE FROM public.partners_partner RETURNING 1) SELECT * FROM gone",
    "SELECT * FROM partners FOR UPDATE",
    "SELECT public.ledger_make_month(date '2031-01-01')",
    "SELECT setval('public.ledger_entry_id_seq', 1)",
    "COPY partners TO PROGRAM 'true'",
    "GRANT SELECT ON partners TO PUBLIC",
    "SET ROLE drumbeat",
    "RESET ROLE",
    "SET SESSION AUTHORIZATION DEFAULT",
    "SET default_transaction_read_only = off",
    "COMMIT",
    "DO $$ BEGIN PERFORM 1; END $$",
    "VACUUM",
]


@pytest.mark.parametrize("text", WRITES)
def test_nothing_can_be_changed(world: World, text: str) -> None:
    before = contents()
    with pytest.raises(Refused):
        read(text, most=10)
    assert contents() == before


def contents() -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT key, name FROM partners_partner ORDER BY key")
        found = list(cursor.fetchall())
        cursor.execute("SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'p', 'v')")
        return [*found, *cursor.fetchall()]


SECRETS = [
    "SELECT password FROM public.people_account",
    "SELECT * FROM public.django_session",
    "SELECT secret FROM public.webhooks_endpoint",
    "SELECT * FROM public.forms_link",
    "SELECT text FROM public.outbox_message",
    "SELECT password FROM public.meetings_owncalendar",
    "SELECT secret FROM public.events_source",
    "SELECT * FROM public.procrastinate_jobs",
    "SELECT rolpassword FROM pg_authid",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT pg_ls_dir('/')",
    "SELECT lo_import('/etc/passwd')",
    "SELECT query_to_xml('SELECT password FROM public.people_account', true, true, '')",
    "SELECT set_config('role', 'drumbeat', true), query_to_xml('SELECT password FROM public.people_account', true, true, '')",
    "SELECT set_config('role', 'none', true), query_to_xml('SELECT password FROM public.people_account', true, true, '')",
    "SELECT set_config('session_authorization', 'drumbeat', true), query_to_xml('SELECT password FROM public.people_account', true, true, '')",
]


@pytest.mark.parametrize("text", SECRETS)
def test_no_secret_can_be_read(world: World, text: str) -> None:
    with pytest.raises(Refused):
        read(text, most=10)


def test_the_role_reaches_the_views_and_no_other_table(world: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT place.nspname, relation.relname FROM pg_class relation JOIN pg_namespace place ON place.oid = relation.relnamespace "
            "WHERE relation.relkind IN ('r', 'v', 'm', 'p', 'S') AND place.nspname !~ '^(pg_|information_schema)' "
            "AND has_schema_privilege(%(role)s, place.oid, 'USAGE') AND CASE WHEN relation.relkind = 'S' "
            "THEN has_sequence_privilege(%(role)s, relation.oid, 'USAGE, SELECT, UPDATE') "
            "ELSE has_any_column_privilege(%(role)s, relation.oid, 'SELECT, INSERT, UPDATE') END",
            {"role": schema.reader_role()},
        )
        assert set(cursor.fetchall()) == {(schema.SCHEMA, view.name) for view in VIEWS}
        cursor.execute(
            "SELECT rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls FROM pg_roles WHERE rolname = %s",
            [schema.reader_role()],
        )
        assert cursor.fetchall() == [(False,) * 5]


@pytest.mark.parametrize(
    ("text", "what", "mend"),
    [
        ("SELECT 1; SELECT 2", "two statements", "one SELECT"),
        ("SELECT 1; DROP TABLE public.people_account", "two statements", "one SELECT"),
        ("DELETE FROM partners", "begins with DELETE", "nothing can be changed"),
        (
            "SELECT *\nFROM partnes",
            'Relation "partnes" does not exist (line 2, column 6)',
            "Did you mean partners?",
        ),
        ("SELECT nam FROM partners", 'Column "nam" does not exist (line 1, column 8)', "name"),
        ("SELECT * FORM partners", 'near "FORM" (line 1, column 10)', "Mend the words there"),
        ("SELECT 1 / 0", "Division by zero", "Mend the words"),
        ("SELECT * FROM public.people_account", "Permission denied", "Only the views listed"),
    ],
)
def test_a_refusal_says_what_where_and_how_to_mend_it(world: World, text: str, what: str, mend: str) -> None:
    with pytest.raises(Refused) as refused:
        read(text, most=10)
    assert what in refused.value.what
    assert mend in refused.value.mend


@pytest.mark.parametrize(
    "text", ["SELECT pg_sleep(60)", "SELECT set_config('statement_timeout', '0', true), pg_sleep(60)"]
)
def test_nothing_runs_longer_than_it_may(world: World, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setitem(reading.SETTINGS, "statement_timeout", "300ms")
    with pytest.raises(Refused, match="was stopped"):
        read(text, most=10)


def test_rows_are_limited_and_it_says_so(world: World) -> None:
    found = read("SELECT n FROM generate_series(1, 10000) n", most=3)
    assert (found.rows, found.is_more) == ([(1,), (2,), (3,)], True)
    assert not read("SELECT 1", most=3).is_more


def test_each_question_is_in_the_log_with_what_came_of_it(world: World) -> None:
    at = world.at + timedelta(hours=1)
    inquire("SELECT key FROM partners", by=world.olga, at=at, most=2)
    with pytest.raises(Refused):
        inquire("SELECT 1; SELECT 2", by=world.olga, at=at, most=2)
    refused, answered = Inquiry.objects.order_by("-pk")
    assert (answered.text, answered.asked_by, answered.asked_at, answered.rows) == (
        "SELECT key FROM partners",
        world.olga,
        at,
        2,
    )
    assert answered.took_ms is not None and answered.refused == ""
    assert refused.rows is None and "two statements" in refused.refused


@pytest.mark.parametrize("who", ["alice", "dora", "adam"])
def test_only_partner_operations_ask(world: World, who: str) -> None:
    with pytest.raises(Refused, match="for partner operations"):
        inquire("SELECT 1", by=getattr(world, who), at=world.at, most=2)
    assert not Inquiry.objects.exists()


def test_a_role_that_reaches_more_than_the_views_is_given_no_answer(world: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute("GRANT SELECT ON people_account TO PUBLIC")
        try:
            with pytest.raises(Refused, match=r"more than the views: public\.people_account"):
                read("SELECT 1", most=1)
        finally:
            cursor.execute("REVOKE SELECT ON people_account FROM PUBLIC")
    assert trouble_of_reader() == ""


def test_a_superuser_is_no_reader(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    told = settings.DATABASES["default"]
    url = f"host={told['HOST']} user={told['USER']} dbname={connection.settings_dict['NAME']} password={told['PASSWORD'] or 'x'}"
    monkeypatch.setattr(settings, "READER_URL", url)
    with pytest.raises(Refused, match="may reach more than the views"):
        read("SELECT 1", most=1)


def test_views_are_laid_out_once_and_come_again_after_they_were_taken_down(world: World) -> None:
    take_down_views()
    assert laid_out() is None and has_role()
    with pytest.raises(Refused, match="does not exist"):
        read("SELECT * FROM partners", most=1)
    lay_out_views()
    lay_out_views()
    assert laid_out() == schema.digest()
    assert trouble_of_reader() == ""


def test_a_schema_of_that_name_that_isnt_ours_is_left_alone(world: World) -> None:
    take_down_views()
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {schema.SCHEMA}")
        cursor.execute(f"CREATE TABLE {schema.SCHEMA}.kept (n int)")
        lay_out_views()
        cursor.execute(f"SELECT count(*) FROM {schema.SCHEMA}.kept")
        cursor.execute(f"DROP SCHEMA {schema.SCHEMA} CASCADE")
    lay_out_views()
    assert laid_out() == schema.digest()


def test_who_may_make_no_role_lays_out_what_he_can_and_goes_on(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    take_down_views()
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE plain_owner")
        cursor.execute("SET ROLE plain_owner")
        try:
            lay_out_views()
        finally:
            cursor.execute("RESET ROLE")
            cursor.execute("DROP ROLE plain_owner")
    assert "Questions in SQL can't be answered: permission denied" in caplog.text
    lay_out_views()
    assert trouble_of_reader() == ""
