"""What the machine has to do by a moment, by kind: a quick look, so that a beat with nothing to do costs next to nothing."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from drumbeat.apps.routines.statements import DUE_BY_KIND


def due_by_kind(at: datetime) -> dict[str, int]:
    """Kind -> steps that may be due; `condition` counts people's steps whose own `when` is to be judged."""
    with connection.cursor() as cursor:
        cursor.execute(DUE_BY_KIND, {"at": at})
        return dict(cursor.fetchall())
