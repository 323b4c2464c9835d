"""Fixtures for all tests."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    from django.conf import settings

    settings.DATABASES["default"].setdefault("TEST", {}).update(TEMPLATE="drumbeat_template", MIGRATE=False)
