"""Fixtures for all tests."""

from __future__ import annotations

import pytest
from hypothesis import settings

# Laws are about answers: how long one takes says more of the machine.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--days", type=int, default=20, help="how many days tests/faults/test_days.py lives through"
    )
    parser.addoption(
        "--recipients", type=int, default=120, help="readers of the announcement whose worker is killed"
    )
    parser.addoption("--seed", type=int, default=1, help="which days they are")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    from django.conf import settings as django_settings

    django_settings.DATABASES["default"].setdefault("TEST", {}).update(
        TEMPLATE="drumbeat_template", MIGRATE=False
    )


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line for what could not be looked at on this machine."""
    skipped = [
        report for report in terminalreporter.getreports("skipped") if "shared" in str(report.longrepr)
    ]
    if skipped:
        terminalreporter.write_line(
            f"{len(skipped)} tests skipped: ../shared is absent (DRUMBEAT_SHARED names another place)"
        )
    programs = {
        str(report.longrepr[2])
        for report in terminalreporter.getreports("skipped")
        if "apt-get" in str(report.longrepr)
    }
    for line in sorted(programs):
        terminalreporter.write_line(line.removeprefix("Skipped: "))
