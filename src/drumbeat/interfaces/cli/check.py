"""`check`: whether this installation is fit for work, one line a finding, so that an operator mends before users see."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import click

from .running import with_django

OLDEST_SERVER = 15
FEWEST_MONTHS = 2


@dataclass(frozen=True, slots=True)
class Finding:
    """`good`, `mind` (works, but look at it) or `bad` (mend it first)."""

    grade: str
    text: str


@click.command()
@with_django(migrated=False)
def check() -> None:
    """Look whether database, ledger and mail are fit for work."""
    findings = [*database(), *ledger(), *reader(), *vendor(), *mail()]
    for finding in findings:
        click.echo(f"{finding.grade:<5} {finding.text}")
    if any(finding.grade == "bad" for finding in findings):
        raise SystemExit(1)


def database() -> Iterator[Finding]:
    from django.db import connection

    from drumbeat.interfaces.kit.readiness import missing_migrations

    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        version = cursor.fetchone()[0]
    is_young_enough = int(version.split(".")[0]) >= OLDEST_SERVER
    yield (
        Finding("good", f"PostgreSQL {version} answers")
        if is_young_enough
        else Finding("bad", f"PostgreSQL {version} is too old: {OLDEST_SERVER} or newer is needed")
    )
    missing = missing_migrations()
    yield (
        Finding("bad", f"{len(missing)} migrations are missing: run drumbeat migrate")
        if missing
        else Finding("good", "All migrations are applied")
    )


def ledger() -> Iterator[Finding]:
    """Who could change the book, and for how many months it has room."""
    from drumbeat.apps.ledger.queries import months_left, owns_ledger
    from drumbeat.interfaces.kit.clock import moment

    yield (
        Finding("mind", "One database role does all: the ledger is guarded by its triggers alone")
        if owns_ledger()
        else Finding("good", "The application's role can't change the ledger")
    )
    left = months_left(moment())
    yield (
        Finding("good", f"The ledger has room for {left} months to come")
        if left >= FEWEST_MONTHS
        else Finding("bad", f"The ledger has room for {left} months to come: run drumbeat migrate")
    )


def reader() -> Iterator[Finding]:
    """Whether questions in SQL can be answered; everything else works without them."""
    from drumbeat.apps.inquiries.queries import trouble_of_reader

    trouble = trouble_of_reader()
    yield (
        Finding("mind", trouble)
        if trouble
        else Finding("good", "Questions in SQL are answered by a role that only reads")
    )


def vendor() -> Iterator[Finding]:
    from drumbeat.apps.people.models import Vendor

    found = Vendor.objects.first()
    yield (
        Finding("good", f"{found.name} runs this installation")
        if found
        else Finding("bad", "This installation has no vendor yet: run drumbeat vendor --help")
    )


def mail() -> Iterator[Finding]:
    from django.conf import settings

    yield (
        Finding("good", "A mail server is configured")
        if settings.SMTP_URL
        else Finding("mind", "No mail server is configured: letters stay queued (DRUMBEAT_SMTP_URL)")
    )
    yield (
        Finding("good", "A mailbox for answers and bounces is configured")
        if settings.IMAP_URL
        else Finding("mind", "No mailbox is configured: answers and bounces aren't read (DRUMBEAT_IMAP_URL)")
    )
    if settings.MAIL_PROVIDER:
        yield _provider(settings.MAIL_PROVIDER, settings.MAIL_WEBHOOK_SECRET)


def _provider(name: str, secret: str) -> Finding:
    from drumbeat.core.refusal import Refused
    from drumbeat.integrations.providers import Provider

    try:
        Provider.of(name, secret)
    except Refused as refusal:
        return Finding("bad", str(refusal))
    return Finding("good", f"Webhooks of {name} are taken")
