"""`drumbeat`, the command line of everything. One file per family of commands, read only when one of them is called."""

from __future__ import annotations

import importlib
from typing import Any

import click

FAMILIES = {
    "demo": "demo:demo",
    "serve": "serving:serve",
    "migrate": "manage:migrate",
    "check": "check:check",
    "vendor": "account:vendor",
    "fiscal-year": "account:fiscal_year",
    "account": "account:account",
    "intake": "intake:intake",
    "figures": "figures:figures",
    "scorecards": "scorecards:scorecards",
    "routines": "routines:routines",
    "events": "events:events",
    "forms": "forms:forms",
    "cadence": "cadence:cadence",
    "capacity": "capacity:capacity",
    "mail": "mail:mail",
    "calendar": "calendar:calendar",
    "overrides": "exceptions:overrides",
    "reschedule": "exceptions:reschedule",
    "leave": "exceptions:leave",
    "partners": "exceptions:partners",
    "manage": "manage:manage",
}


class CommandLine(click.Group):
    """Knows where each command lives; turns a refusal into one line and exit code 1."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(FAMILIES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in FAMILIES:
            return None
        module, attribute = FAMILIES[cmd_name].split(":")
        command: click.Command = getattr(importlib.import_module(f"{__name__}.{module}"), attribute)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Exception as error:
            if refusal := refusal_text(error):
                raise click.ClickException(refusal) from None
            raise


def refusal_text(error: Exception) -> str:
    """What to print for an error that is an answer; empty when it is a fault of the program."""
    from drumbeat.config.database import DatabaseError
    from drumbeat.core.calendars import CalendarError
    from drumbeat.core.playbook.problems import RoutineErrors
    from drumbeat.core.refusal import Refused

    return str(error) if isinstance(error, CalendarError | DatabaseError | RoutineErrors | Refused) else ""


@click.group(cls=CommandLine)
@click.version_option(package_name="drumbeat", message="%(version)s")
def main() -> None:
    """The operating rhythm of partner channels."""
