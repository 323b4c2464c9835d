"""`drumbeat routines export`, `import`, `compare`, `duplicate` and `retire`: routines as files, and what becomes of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from drumbeat.core.refusal import Refused
from drumbeat.interfaces.cli.running import with_django

if TYPE_CHECKING:
    from drumbeat.apps.routines.models import Routine

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
SIGNS = {"kept": " ", "added": "+", "taken": "-"}


@click.command("export")
@click.argument("key")
@click.option("--version", "number", type=int, help="an older version; default the one in force")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="a file; default the screen"
)
@click.option("--tidy", is_flag=True, help="write it anew in the order of the house, without comments")
@with_django()
def export_routine(key: str, number: int | None, output: Path | None, tidy: bool) -> None:
    """Write the text of the routine KEY, letter for letter as it was published."""
    from drumbeat.core.playbook import read_routine
    from drumbeat.core.playbook.writing import write_routine

    text = _text(key, str(number) if number else "")
    text = write_routine(read_routine(text).routine) if tidy else text
    if output is None:
        click.echo(text, nl=False)
        return
    output.write_text(text, encoding="utf-8", newline="")
    click.echo(f"{output}: {key}")


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option("--publish", "publishes", is_flag=True, help="publish them at once, all or none")
@with_django()
def import_routines(files: tuple[Path, ...], publishes: bool) -> None:
    """Keep routine FILES as drafts, to be looked at and published in the browser."""
    from django.db import transaction

    from drumbeat.apps.routines.actions import publish_version
    from drumbeat.interfaces.kit.clock import moment

    texts = {file: file.read_bytes().decode("utf-8") for file in files}
    with transaction.atomic():
        for file, text in texts.items():
            if publishes:
                version = publish_version(text, by=None, at=moment(), source=str(file))
                click.echo(f"{version.routine.key}: version {version.number}")
            else:
                click.echo(f"{_as_draft(text, str(file))}: kept as a draft")


def _as_draft(text: str, source: str) -> str:
    from drumbeat.apps.routines.actions import save_draft, start_draft
    from drumbeat.apps.routines.queries import draft_of
    from drumbeat.core.playbook.editing import values_of
    from drumbeat.interfaces.kit.clock import moment

    key = str(values_of(text).get("routine", ""))
    if not key:
        raise Refused(f"{source} names no routine", "Begin it with a line routine: and a key.")
    known = draft_of(key)
    if known is None:
        start_draft(key, text, by=None, at=moment())
    elif known.is_saved:
        raise Refused(f"There is a draft of {key} already", "Publish it or throw it away first.")
    else:
        save_draft(key, text, seen=0, by=None, at=moment())
    return key


@click.command()
@click.argument("key")
@click.argument("before")
@click.argument("after")
@with_django()
def compare(key: str, before: str, after: str) -> None:
    """Tell what differs between the versions BEFORE and AFTER of the routine KEY; `draft` stands for its draft."""
    from drumbeat.core.playbook.comparing import changes_between, compare_lines

    old, new = _text(key, before), _text(key, after)
    for change in changes_between(old, new):
        click.echo(str(change))
    click.echo()
    for line in compare_lines(old, new):
        click.echo(f"{SIGNS[line.kind]} {line.text}")


@click.command()
@click.argument("key")
@click.argument("new_key")
@click.argument("title")
@with_django()
def duplicate(key: str, new_key: str, title: str) -> None:
    """Begin a draft of the routine KEY under NEW_KEY and TITLE."""
    from drumbeat.apps.routines.actions import start_draft
    from drumbeat.core.playbook.filling import under_another_name
    from drumbeat.interfaces.kit.clock import moment

    start_draft(new_key, under_another_name(_text(key, ""), new_key, title), by=None, at=moment())
    click.echo(f"{new_key}: kept as a draft")


@click.command()
@click.argument("key")
@click.option("--yes", is_flag=True, help="do it")
@with_django()
def retire(key: str, yes: bool) -> None:
    """Say what retiring the routine KEY would end, and with --yes end it. Open promises stay to be kept."""
    from drumbeat.apps.routines.actions import retire_routine
    from drumbeat.apps.routines.models import Occurrence
    from drumbeat.interfaces.kit.clock import moment

    routine = _routine(key)
    running = routine.subscriptions.running().count()
    opened = Occurrence.objects.open().filter(subscription__routine=routine).count()
    verb = "end" if yes else "would end"
    if yes:
        retire_routine(routine, by=None, at=moment())
    click.echo(f"{key}: {running} subscriptions {verb}; {opened} open occurrences stay to be kept")
    if not yes:
        click.echo("nothing was written; --yes retires it")


def _routine(key: str) -> Routine:
    from drumbeat.apps.routines.models import Routine

    found = Routine.objects.filter(key=key).exclude(version=None).select_related("version").first()
    if found is None:
        raise Refused(f"There is no routine {key!r}", "Look at drumbeat routines list.")
    return found


def _text(key: str, number: str) -> str:
    """Of a version by its number, of the draft, or of the version in force."""
    from drumbeat.apps.routines.queries import draft_of

    if number == "draft":
        draft = draft_of(key)
        if draft is None or not draft.is_saved:
            raise Refused(f"There is no draft of {key}", "Name two versions.")
        return draft.text
    routine = _routine(key)
    if not number:
        assert routine.version
        return routine.version.text
    version = routine.versions.filter(number=int(number)).first() if number.isdigit() else None
    if version is None:
        numbers = ", ".join(str(one) for one in routine.versions.values_list("number", flat=True))
        raise Refused(f"{key} has no version {number}", f"There are {numbers}.")
    return version.text


COMMANDS = (export_routine, import_routines, compare, duplicate, retire)
