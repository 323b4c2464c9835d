"""`vendor`, `fiscal-year` and `account`: what an operator sets up before anybody can sign in."""

from __future__ import annotations

import click

from .running import with_django

asks_password = click.option(
    "--password", prompt=True, hide_input=True, confirmation_prompt=True, envvar="DRUMBEAT_NEW_PASSWORD"
)


@click.command()
@click.option("--name", required=True, help="The firm that runs this installation.")
@click.option("--country", required=True, help="ISO 3166 code, such as DE.")
@click.option("--subdivision", default="", help="Such as BY, where holidays differ.")
@click.option("--zone", required=True, help="Such as Europe/Berlin.")
@click.option("--currency", default="EUR", show_default=True)
@click.option("--mail-from", required=True, help="The address from which letters are sent.")
@with_django()
def vendor(name: str, country: str, subdivision: str, zone: str, currency: str, mail_from: str) -> None:
    """Say who runs this installation."""
    from drumbeat.apps.people.actions import set_up_vendor
    from drumbeat.interfaces.kit.clock import moment

    done = set_up_vendor(
        name=name,
        country=country,
        subdivision=subdivision,
        zone=zone,
        currency=currency,
        mail_from=mail_from,
        at=moment(),
    )
    click.echo(f"{done.name} runs this installation, from {done.zone}.")


@click.command()
@click.option(
    "--starts", required=True, type=click.IntRange(1, 12), help="Month in which the fiscal year begins."
)
@click.option(
    "--pattern", default="months", show_default=True, type=click.Choice(["months", "4-4-5", "4-5-4", "5-4-4"])
)
@click.option(
    "--ends", default="nearest", show_default=True, type=click.Choice(["nearest", "last"]),
    help="Of weeks: on which weekday, seen from the end of the month before.",
)  # fmt: skip
@click.option(
    "--weekday",
    default="SA",
    show_default=True,
    type=click.Choice(["MO", "TU", "WE", "TH", "FR", "SA", "SU"]),
)
@with_django()
def fiscal_year(starts: int, pattern: str, ends: str, weekday: str) -> None:
    """Say which year `fiscal:` rules follow; live routines are planned anew."""
    from drumbeat.apps.people.actions import set_fiscal_year
    from drumbeat.apps.routines.actions import plan_moments
    from drumbeat.core.recurrence.rule import DAY_CODES
    from drumbeat.interfaces.kit.clock import moment

    at = moment()
    set_fiscal_year(starts=starts, pattern=pattern, anchor=ends, weekday=DAY_CODES.index(weekday), at=at)
    planned = plan_moments(at=at)
    click.echo(
        f"The fiscal year begins with month {starts}, in {pattern}. Of the moments to come {planned.created} are new, "
        f"{planned.moved} moved, {planned.cancelled} gone."
    )


@click.group()
def account() -> None:
    """Open, close and list the accounts of the staff."""


@account.command()
@click.argument("email")
@click.option("--name", required=True)
@click.option(
    "--role",
    required=True,
    type=click.Choice(["channel_manager", "director", "partner_operations", "administrator"]),
)
@click.option("--zone", required=True, help="Such as Europe/Berlin.")
@click.option("--country", required=True, help="ISO 3166 code, such as DE.")
@asks_password
@with_django()
def add(email: str, name: str, role: str, zone: str, country: str, password: str) -> None:
    """Open an account for EMAIL; asks for the first password."""
    from drumbeat.apps.people.actions import open_account
    from drumbeat.interfaces.kit.clock import moment

    opened = open_account(email, name, role, zone, country, password=password, by=None, at=moment())
    click.echo(f"{opened.name} can sign in as {opened.email}.")


@account.command()
@click.argument("email")
@asks_password
@with_django()
def password(email: str, password: str) -> None:
    """Set a new password for EMAIL."""
    from drumbeat.apps.people.actions import set_password
    from drumbeat.apps.people.queries import account_of
    from drumbeat.interfaces.kit.clock import moment

    set_password(account_of(email), password, by=None, at=moment())
    click.echo(f"The new password of {email} holds from now on.")


@account.command("handover")
@click.argument("email")
@click.option("--dry-run", is_flag=True, help="show who would get what, write nothing")
@with_django()
def hand_over_everything(email: str, dry_run: bool) -> None:
    """Hand all partners and open work of EMAIL over to the other channel managers, fairly spread."""
    from drumbeat.apps.people.queries import account_of, vendor_day
    from drumbeat.interfaces.kit.clock import moment
    from drumbeat.workflows.handover import hand_over_all, propose_handover

    person, at = account_of(email), moment()
    for share in propose_handover(person, vendor_day(at)).shares:
        hours = f"{share.minutes_before / 60:.1f} h, then {share.minutes_after / 60:.1f} h in four weeks"
        click.echo(f"{share.person}: {len(share.partners)} partners, {hours}")
    if dry_run:
        click.echo("nothing was written")
        return
    count = hand_over_all(person, by=None, at=at)
    click.echo(f"{count} partners handed over; {email} may be closed now")


@account.command()
@click.argument("email")
@with_django()
def close(email: str) -> None:
    """Let nobody sign in as EMAIL any more."""
    from drumbeat.apps.people.queries import account_of
    from drumbeat.interfaces.kit.clock import moment
    from drumbeat.workflows.handover import let_go

    let_go(account_of(email), by=None, at=moment())
    click.echo(f"{email} is closed.")


@account.command()
@click.argument("email")
@with_django()
def reopen(email: str) -> None:
    """Let EMAIL sign in again."""
    from drumbeat.apps.people.actions import reopen_account
    from drumbeat.apps.people.queries import account_of
    from drumbeat.interfaces.kit.clock import moment

    reopen_account(account_of(email), by=None, at=moment())
    click.echo(f"{email} is open.")


@account.command(name="list")
@with_django()
def list_accounts() -> None:
    """All accounts, with role and state."""
    from drumbeat.apps.people.models import Account

    for row in Account.objects.order_by("sort_name"):
        state = "open" if row.is_active else "closed"
        click.echo(f"{row.email:<36} {row.get_role_display():<20} {state:<7} {row.name}")
