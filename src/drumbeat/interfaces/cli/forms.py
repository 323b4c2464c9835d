"""`drumbeat forms`: the forms there are, whether a text is one, and forms of the vendor's own."""

from __future__ import annotations

from pathlib import Path

import click

from .running import with_django

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def forms() -> None:
    """Look at forms, check and add them."""


@forms.command("check")
@click.argument("file", type=FILE)
def check(file: Path) -> None:
    """Say whether a text is a form, or all that is wrong with it. Needs no database."""
    from drumbeat.core.formreading import read_form

    form = read_form(file.read_text(encoding="utf-8"), str(file))
    click.echo(f"{form.key}: {len(form.fields)} fields")


@forms.command("list")
@with_django()
def listed() -> None:
    """Print the forms that routines may name."""
    from drumbeat.apps.forms.queries import known_forms

    for key, form in sorted(known_forms().items()):
        click.echo(f"{key}\t{form.title}")


@forms.command("add")
@click.argument("file", type=FILE)
@with_django()
def add(file: Path) -> None:
    """Add a form of your own, or change it; answers keep the form that they were given to."""
    from drumbeat.apps.forms.actions import add_own_form
    from drumbeat.interfaces.kit.clock import moment

    own = add_own_form(file.read_text(encoding="utf-8"), by=None, at=moment(), source=str(file))
    click.echo(f"Added: {own.key}")
