"""The command line as a whole: quick help, refusals in one line, the commands that set up and check."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from drumbeat.apps.people.models import Account, Vendor
from drumbeat.core.refusal import Refused
from drumbeat.interfaces.cli import FAMILIES
from drumbeat.interfaces.cli.account import add, close, list_accounts, password, reopen, vendor
from drumbeat.interfaces.cli.check import check

DRUMBEAT = Path(sys.executable).parent / "drumbeat"
VENDOR = {
    "name": "Polaris",
    "country": "DE",
    "subdivision": "",
    "zone": "Europe/Berlin",
    "currency": "EUR",
    "mail_from": "partners@polaris.example",
}


def drumbeat(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [DRUMBEAT, *words], env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )


def test_help_names_each_family_and_needs_no_django() -> None:
    code = (
        "import sys\nfrom drumbeat.interfaces.cli import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        "assert 'django' not in sys.modules and 'psycopg' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert all(f"  {family} " in done.stdout for family in FAMILIES)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("postgresql://nobody@127.0.0.1:1/drumbeat", "The database does not answer (connection failed"),
        ("mysql://root@localhost/drumbeat", "DRUMBEAT_DATABASE_URL is not a PostgreSQL address"),
    ],
)
def test_a_database_that_cannot_be_had_is_told_in_one_line(url: str, words: str) -> None:
    done = drumbeat("check", DRUMBEAT_DATABASE_URL=url)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1 and done.stderr.startswith(f"Error: {words}")


def test_an_unmigrated_database_is_refused_with_the_way_out() -> None:
    bare = make_conninfo(**{**conninfo_to_dict(os.environ["DRUMBEAT_DATABASE_URL"]), "dbname": "postgres"})
    done = drumbeat("account", "list", DRUMBEAT_DATABASE_URL=bare)
    assert done.returncode == 1
    assert done.stderr.startswith("Error: The database misses ")
    assert done.stderr.endswith("run `drumbeat migrate`\n")


@pytest.mark.django_db
def test_the_vendor_and_accounts_are_set_up(capsys) -> None:
    vendor.callback.__wrapped__(**VENDOR)
    assert Vendor.objects.get().zone == "Europe/Berlin"
    person = {
        "name": "Dora Dietrich",
        "role": "director",
        "zone": "Europe/Berlin",
        "country": "DE",
        "password": "one-beat-after-another",
    }
    add.callback.__wrapped__("dora@polaris.example", **person)
    password.callback.__wrapped__("DORA@polaris.example", "another-beat-today")
    assert Account.objects.get().check_password("another-beat-today")
    close.callback.__wrapped__("dora@polaris.example")
    list_accounts.callback.__wrapped__()
    assert "closed  Dora Dietrich" in capsys.readouterr().out
    reopen.callback.__wrapped__("dora@polaris.example")
    assert Account.objects.get().is_active


@pytest.mark.django_db
def test_an_unknown_account_is_refused() -> None:
    with pytest.raises(Refused, match=r"No account has the address nobody@polaris\.example"):
        close.callback.__wrapped__("nobody@polaris.example")


@pytest.mark.django_db
def test_check_tells_what_is_good_and_what_to_mend(capsys, settings) -> None:
    settings.SMTP_URL = ""
    with pytest.raises(SystemExit):
        check.callback.__wrapped__()
    out = capsys.readouterr().out
    assert "good  All migrations are applied" in out
    assert "bad   This installation has no vendor yet" in out
    assert "mind  No mail server is configured" in out
    vendor.callback.__wrapped__(**VENDOR)
    check.callback.__wrapped__()
    out = capsys.readouterr().out
    assert "good  Polaris runs this installation" in out and "bad" not in out
