"""Django's own commands, on a database that answers."""

from __future__ import annotations

import sys

import click

from .running import bring_up_to_date, leave_database, on_database


@click.command(context_settings={"ignore_unknown_options": True}, add_help_option=False)
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def manage(words: tuple[str, ...]) -> None:
    """Django's own commands (shell, check, makemigrations …)."""
    with on_database():
        from django.core.management import execute_from_command_line

        execute_from_command_line([f"{sys.argv[0]} manage", *words])


@click.command()
def migrate() -> None:
    """Bring the database to this version's form."""
    with on_database():
        bring_up_to_date(verbosity=1)
        leave_database()
        click.echo("The database has this version's form.")
