"""`drumbeat overrides`, `drumbeat leave` and `drumbeat partners`: exceptions from the command line."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import click

from drumbeat.core.overriding import WEEKDAYS
from drumbeat.core.refusal import Refused
from drumbeat.interfaces.cli.running import with_django

if TYPE_CHECKING:
    from drumbeat.apps.partners.models import Partner
    from drumbeat.apps.people.models import Account

DAY = click.DateTime(["%Y-%m-%d"])
CLOCK = click.DateTime(["%H:%M"])
by_whom = click.option("--by", "by_email", required=True, help="mail address of who decides")


@click.group()
def overrides() -> None:
    """What was agreed for one subscription apart from its routine."""


@overrides.command("list")
@click.option("--routine", default="", help="key of one routine")
@with_django()
def list_overrides(routine: str) -> None:
    """All that hold now or later, with reason and end."""
    from drumbeat.apps.people.queries import vendor_day
    from drumbeat.apps.routines.models import Override
    from drumbeat.interfaces.kit.clock import moment

    on = vendor_day(moment())
    rows = Override.objects.not_over(on).select_related(
        "subscription__routine", "subscription__partner", "subscription__person"
    )
    for row in rows.filter(subscription__routine__key=routine) if routine else rows:
        ends = f"until {row.until_on}" if row.until_on else f"until told otherwise, review {row.review_on}"
        about = f"{row.subscription.routine.key} for {row.subscription.subject}"
        click.echo(f"{row.pk:>6} {about}: {row.get_kind_display()} from {row.from_on} {ends} ({row.reason})")


@overrides.command("agree")
@click.argument("routine")
@click.argument("partner")
@click.argument("kind", type=click.Choice(["pause", "opt_out", "timing", "people", "owner"]))
@click.option("--reason", required=True)
@click.option("--from", "from_on", type=DAY, help="first day; default today")
@click.option("--until", "until_on", type=DAY, help="the day after the last; default until told otherwise")
@click.option("--review-after", default=6, show_default=True, help="months, without --until")
@click.option("--weekday", type=click.Choice(WEEKDAYS))
@click.option("--time", "clock", type=CLOCK)
@click.option("--phase", type=int)
@click.option("--attendee", "attendees", multiple=True, help="role, or contact:ID")
@click.option("--recipient", "recipients", multiple=True, help="role, or contact:ID")
@click.option("--owner", "owner_email", help="mail address")
@click.option("--note", default="")
@by_whom
@with_django()
def agree(
    routine: str, partner: str, kind: str, reason: str, from_on: datetime | None, until_on: datetime | None,
    review_after: int, weekday: str | None, clock: datetime | None, phase: int | None, attendees: tuple[str, ...],
    recipients: tuple[str, ...], owner_email: str | None, note: str, by_email: str,
) -> None:  # fmt: skip
    """Agree on an override of ROUTINE for PARTNER."""
    from drumbeat.apps.people.queries import account_of, vendor_day
    from drumbeat.apps.routines.actions import Agreement, agree_override
    from drumbeat.apps.routines.models import Subscription
    from drumbeat.interfaces.kit.clock import moment

    at = moment()
    found = Subscription.objects.running().filter(routine__key=routine, partner__key=partner).first()
    if found is None:
        raise Refused(f"{partner} is not on {routine}", "Give the keys of a routine and of a partner on it.")
    agreed = Agreement(
        kind, from_on.date() if from_on else vendor_day(at), reason, until_on.date() if until_on else None, review_after,
        note, WEEKDAYS.index(weekday) if weekday else None, clock.time() if clock else None, phase, attendees, recipients,
        account_of(owner_email) if owner_email else None,
    )  # fmt: skip
    override = agree_override(found, agreed, by=account_of(by_email), at=at)
    click.echo(f"{override.pk}: {override.get_kind_display()} is agreed from {override.from_on}")


@overrides.command("end")
@click.argument("number", type=int)
@click.option("--on", "on", type=DAY, help="from this day the routine's own word counts; default today")
@by_whom
@with_django()
def end(number: int, on: datetime | None, by_email: str) -> None:
    """End the override NUMBER; one that hasn't begun is taken back."""
    from drumbeat.apps.people.queries import account_of, vendor_day
    from drumbeat.apps.routines.actions import end_override
    from drumbeat.apps.routines.models import Override
    from drumbeat.interfaces.kit.clock import moment

    override = Override.objects.filter(pk=number).first()
    if override is None:
        raise Refused(f"There is no override {number}", "Look at `drumbeat overrides list`.")
    day = on.date() if on else vendor_day(moment())
    end_override(override, day, by=account_of(by_email), at=moment())
    click.echo(f"{number} has ended by {day}")


@click.command()
@click.option("--from", "from_on", type=DAY, required=True, help="due from this day")
@click.option("--until", "until_on", type=DAY, required=True, help="the day after the last")
@click.option("--routine", default="", help="key of one routine")
@click.option("--manager", "manager_email", help="mail address: partners of this manager")
@click.option("--partner", "partner_keys", multiple=True, help="key of a partner")
@click.option("--by-days", default=0, help="working days later, or earlier with a minus")
@click.option("--to", "to_on", type=DAY, help="to this day, or the next worked there")
@click.option("--reason", required=True)
@click.option("--dry-run", is_flag=True, help="show what would move, write nothing")
@by_whom
@with_django()
def reschedule(
    from_on: datetime, until_on: datetime, routine: str, manager_email: str | None, partner_keys: tuple[str, ...],
    by_days: int, to_on: datetime | None, reason: str, dry_run: bool, by_email: str,
) -> None:  # fmt: skip
    """Move everything due in some days at once; where somebody was told, the owed side is asked."""
    from drumbeat.interfaces.kit.clock import moment
    from drumbeat.workflows import rescheduling

    manager = _account(manager_email) if manager_email else None
    choice = rescheduling.Choice(from_on.date(), until_on.date(), routine, manager, partner_keys)
    by, at, day = _account(by_email), moment(), to_on.date() if to_on else None
    for line in rescheduling.chosen_lines(choice, by_days=by_days, to_on=day, by=by, at=at):
        about = f"{line.subject.subscription.routine.key} for {line.subject.subscription.subject}"
        how = " (asked)" if line.is_asked else ""
        click.echo(f"{about}: {line.due_at:%Y-%m-%d %H:%M} to {line.to:%Y-%m-%d %H:%M} UTC{how}")
    if dry_run:
        click.echo("nothing was written")
        return
    moved = rescheduling.reschedule(choice, by_days=by_days, to_on=day, reason=reason, by=by, at=at)
    click.echo(f"{len(moved)} moved or asked for")


@click.command()
@click.argument("email")
@click.option("--from", "from_on", type=DAY, required=True)
@click.option("--until", "until_on", type=DAY, required=True, help="the day of return")
@click.option("--kind", default="holiday", show_default=True)
@click.option("--dry-run", is_flag=True, help="only show who would cover")
@with_django()
def leave(email: str, from_on: datetime, until_on: datetime, kind: str, dry_run: bool) -> None:
    """Enter an approved leave of EMAIL, with covers as proposed."""
    from django.db import transaction

    from drumbeat.apps.people.actions import ask_leave
    from drumbeat.apps.people.queries import account_of
    from drumbeat.interfaces.kit.clock import moment
    from drumbeat.workflows.covering import grant_leave, propose_cover

    person, at = account_of(email), moment()
    with transaction.atomic():
        asked = ask_leave(person, from_on.date(), until_on.date(), kind=kind, by=None, at=at)
        for share in propose_cover(asked).shares:
            names = ", ".join(partner.name for partner in share.partners) or "nobody"
            click.echo(f"{share.person} covers {names}")
        if dry_run:
            transaction.set_rollback(True)
        else:
            grant_leave(asked, by=None, at=at)
    click.echo("nothing was written" if dry_run else f"{person} is away until {until_on:%Y-%m-%d}")


@click.group()
def partners() -> None:
    """Close, merge and split partners."""


@partners.command()
@click.argument("key")
@click.option("--finish", is_flag=True, help="finish what is open instead of waiving it")
@by_whom
@with_django()
def close(key: str, finish: bool, by_email: str) -> None:
    """Close the partner KEY."""
    from drumbeat.interfaces.kit.clock import moment
    from drumbeat.workflows.closing import close_partner

    done = close_partner(_partner(key), finish=finish, by=_account(by_email), at=moment())
    click.echo(
        f"{key} is closed: {done.wound_up.subscriptions} subscriptions ended, {done.wound_up.occurrences} waived"
    )


@partners.command()
@click.argument("lost")
@click.argument("kept")
@by_whom
@with_django()
def merge(lost: str, kept: str, by_email: str) -> None:
    """Let the partner LOST become part of KEPT."""
    from drumbeat.interfaces.kit.clock import moment
    from drumbeat.workflows.closing import merge_partners

    done = merge_partners(_partner(lost), _partner(kept), by=_account(by_email), at=moment())
    moved = done.moved
    click.echo(
        f"{len(moved['occurrences'])} open occurrences and {len(moved['contacts'])} people went over to {kept}"
    )


@partners.command()
@click.argument("lost")
@by_whom
@with_django()
def split(lost: str, by_email: str) -> None:
    """Undo the merge of the partner LOST."""
    from drumbeat.interfaces.kit.clock import moment
    from drumbeat.workflows.closing import split_partners

    standing = _partner(lost).merges.filter(split_at=None).first()
    if standing is None:
        raise Refused(f"{lost} is part of no other partner", "Nothing is to be split.")
    split_partners(standing, by=_account(by_email), at=moment())
    click.echo(f"{lost} stands by itself again")


def _partner(key: str) -> Partner:
    from drumbeat.apps.partners.models import Partner

    found = Partner.objects.filter(key=key).first()
    if found is None:
        raise Refused(f"There is no partner {key!r}", "Give the key from its address.")
    return found


def _account(email: str) -> Account:
    from drumbeat.apps.people.queries import account_of

    return account_of(email)
