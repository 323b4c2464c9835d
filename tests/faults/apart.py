"""A clock and worker of a machine of its own, for tests that cut it off: beats over and over until it is stopped, and comes back
when its database does.

Usage: python -m tests.faults.apart BEGAN SMTP_URL, with the wall seconds when all began. A second is ten minutes here, so that
leases end soon. `python -m tests.faults.apart prepare` makes the tables and the moments.
"""

from __future__ import annotations

import os
import sys
import time
from datetime import timedelta

BATCH, SPEED = 25, 600


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "drumbeat.config.settings")
    import django

    django.setup()
    if sys.argv[1] == "prepare":
        prepare()
    else:
        beat_on(float(sys.argv[1]), sys.argv[2])


def prepare() -> None:
    from django.core.management import call_command

    from drumbeat.apps.ledger.actions import make_months
    from tests.faults.test_kills import DUE
    from tests.faults.test_kills import prepare as plan

    call_command("migrate", verbosity=0)
    make_months(DUE.date(), DUE.date())
    print(plan())


def beat_on(began: float, smtp_url: str) -> None:
    from django.db import InterfaceError, OperationalError, connections

    from drumbeat.integrations.smtp import SmtpPost
    from tests.faults.test_kills import DUE

    post = SmtpPost(smtp_url, timeout=2)
    print("ready", flush=True)
    while True:
        at = DUE + timedelta(seconds=SPEED * (time.time() - began))
        try:
            moved = _beat(at, post)
        except (OperationalError, InterfaceError):
            connections.close_all()
            moved = 0
        if not moved:
            time.sleep(0.1)


def _beat(at, post) -> int:
    from drumbeat.apps.routines.actions.opening import open_batch
    from drumbeat.workflows.performers import perform_due
    from drumbeat.workflows.posting import expire_leases, send_queued

    opened = open_batch(at=at, limit=BATCH).occurrences
    performed = sum(perform_due(at=at, limit=BATCH).values())
    return opened + performed + send_queued(post, at=at, limit=BATCH).total + expire_leases(at=at)


if __name__ == "__main__":
    main()
