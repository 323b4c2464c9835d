"""Runs a command with Django set up on a database that answers. Knows nothing of what the command does."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

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
    """The database answers inside the block; settings and child processes find it in the environment."""
    from drumbeat.config.database import serving

    with serving() as url:
        reach(url)
        os.environ["DRUMBEAT_DATABASE_URL"] = url
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "drumbeat.config.settings")
        yield url


def reach(url: str) -> None:
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


def leave_database() -> None:
    """The pool's threads would complain about a server that stops before them."""
    from django.db import connection

    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]


def missing_migrations() -> list[str]:
    """Names of the migrations that this version has and the database has not."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def refuse_unmigrated() -> None:
    from drumbeat.config.database import DatabaseError

    if missing := missing_migrations():
        raise DatabaseError(
            f"The database misses {len(missing)} migrations, {missing[0]} first; run `drumbeat migrate`"
        )
