"""Views and the role that reads them, laid out for a module in the tests' database and taken down again: roles outlive databases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection

from drumbeat.apps.inquiries import schema
from drumbeat.apps.inquiries.actions import lay_out_views, take_down_views


@pytest.fixture(scope="module")
def laid_out(django_db_setup: None, django_db_blocker) -> Iterator[None]:
    with django_db_blocker.unblock():
        lay_out_views()
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        take_down_views()
        cursor.execute(f'DROP OWNED BY "{schema.reader_role()}"')
        cursor.execute(f'DROP ROLE "{schema.reader_role()}"')
