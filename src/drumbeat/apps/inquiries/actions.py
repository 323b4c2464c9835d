"""Laying out what may be read, and asking: what is asked is in the log before it runs."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import DatabaseError, connection, transaction

from drumbeat.apps.people.models import Account
from drumbeat.core.refusal import Refused, insist

from . import schema
from .access import may_inquire
from .models import Inquiry
from .queries import has_role, laid_out
from .reading import Found, read

log = logging.getLogger(__name__)
MOST_LETTERS = 20_000


def lay_out_views() -> None:
    """Views and role as this version has them, as far as the rights of the one who asks reach. Safe twice."""
    if laid_out() == schema.digest():
        return
    try:
        with transaction.atomic():
            take_down_views()
            _run(schema.make_views())
            if not has_role():
                _as_far_as_allowed([schema.make_role()])
            is_read = has_role()
            if is_read:
                _as_far_as_allowed(schema.arm_role())
                _run(schema.let_read())
            _run([schema.mark(is_read=is_read)])
    except DatabaseError as error:
        log.warning("Questions in SQL can't be answered: %s", str(error).strip())


def take_down_views() -> None:
    """Before tables change their form: a view would hold their columns fast."""
    if (laid_out() or "").startswith(schema.OURS):
        _run([schema.drop_views()])


def _as_far_as_allowed(statements: Iterable[Any]) -> None:
    """A role that somebody else made is used as it is."""
    try:
        with transaction.atomic():
            _run(statements)
    except DatabaseError as error:
        log.warning("The role %s: %s", schema.reader_role(), str(error).strip())


def _run(statements: Iterable[Any]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement.as_string(cursor.connection))


def inquire(text: str, *, by: Account, at: datetime, most: int) -> Found:
    """The answer to one SELECT. Not one transaction: the log holds the question whatever becomes of it, and the answer is
    read elsewhere. Raises Refused, which the log tells too."""
    insist(may_inquire(by), "Questions in SQL are for partner operations", "Ask them")
    insist(bool(text.strip()), "Nothing is asked", "Write one SELECT", "text")
    insist(
        len(text) <= MOST_LETTERS, f"It has {len(text):,} letters", f"{MOST_LETTERS:,} are the most", "text"
    )
    insist("\0" not in text, "There is a zero byte in it", "Take it out", "text")
    inquiry = Inquiry.objects.create(text=text, asked_by=by, asked_at=at)
    try:
        found = read(text, most=most)
    except Refused as refusal:
        inquiry.refused = str(refusal)
        inquiry.save(update_fields=["refused"])
        raise
    inquiry.rows, inquiry.took_ms = len(found.rows), found.took_ms
    inquiry.save(update_fields=["rows", "took_ms"])
    return found
