"""Runs a command with Django set up on a database that answers. Knows nothing of what the command does."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

MONTHS_AHEAD = timedelta(days=92)
Command = Callable[..., Any]


def with_django(*, migrated: bool = True) -> Callable[[Command], Command]:
    """Decorate a command, under `@click.command()`: its body may import models and call verbs."""

    def decorate(command: Command) -> Command:
        @functools.wraps(command)
        def run(*args: Any, **kwargs: Any) -> Any:
            with on_database():
                set_up_django()
                try:
                    if migrated:
                        refuse_unmigrated()
                    return command(*args, **kwargs)
                finally:
                    leave_database()

        return run

    return decorate


@contextmanager
def on_database() -> Iterator[str]:
    """The database answers inside the block."""
    from drumbeat.config.database import serving

    with serving() as url:
        point_at(url)
        yield url


def point_at(url: str) -> None:
    """Settings and child processes find the database in the environment."""
    refuse_silent(url)
    os.environ["DRUMBEAT_DATABASE_URL"] = url
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "drumbeat.config.settings")


def refuse_silent(url: str) -> None:
    """A clear word within seconds; the pool would wait long and say less."""
    import psycopg

    from drumbeat.config.database import DatabaseError, django_settings

    django_settings(url)
    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.OperationalError as error:
        reason = str(error).strip().splitlines()[0]
        raise DatabaseError(
            f"The database does not answer ({reason}); start the server or mend DRUMBEAT_DATABASE_URL"
        ) from None


def set_up_django() -> None:
    import django

    django.setup()


def bring_up_to_date(*, verbosity: int = 0) -> None:
    """Django set up, all migrations applied, and room in the ledger for the months to come."""
    set_up_django()
    from django.core.management import call_command

    from drumbeat.apps.inquiries.actions import lay_out_views, take_down_views
    from drumbeat.apps.ledger.actions import make_months
    from drumbeat.interfaces.kit.clock import moment
    from drumbeat.interfaces.kit.readiness import missing_migrations

    if missing_migrations():
        take_down_views()
        call_command("migrate", verbosity=verbosity)
    lay_out_views()
    make_months(moment().date(), (moment() + MONTHS_AHEAD).date())


def leave_database() -> None:
    """The pool's threads would complain about a server that stops before them."""
    from django.db import connection

    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]


def refuse_unmigrated() -> None:
    from drumbeat.config.database import DatabaseError
    from drumbeat.interfaces.kit.readiness import missing_migrations

    if missing := missing_migrations():
        raise DatabaseError(
            f"The database misses {len(missing)} migrations, {missing[0]} first; run `drumbeat migrate`"
        )
