"""`drumbeat`, the command line of everything."""

from __future__ import annotations

import os
import sys

import click

from drumbeat.config.database import serving


@click.group()
def main() -> None:
    """The operating rhythm of partner channels."""


@main.command(context_settings={"ignore_unknown_options": True}, add_help_option=False)
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def manage(words: tuple[str, ...]) -> None:
    """Django's own commands (migrate, shell, check …)."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "drumbeat.config.settings")
    with serving() as url:
        os.environ["DRUMBEAT_DATABASE_URL"] = url
        from django.core.management import execute_from_command_line

        execute_from_command_line([sys.argv[0], *words])
