"""A process of its own that beats and works in small batches until there is nothing left, for tests that kill it.

Usage: python -m tests.faults.beating MOMENT SMTP_URL. Says `ready` when it begins.
"""

from __future__ import annotations

import os
import sys
from datetime import datetime

BATCH = 25


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "drumbeat.config.settings")
    import django

    django.setup()
    from drumbeat.apps.routines.actions.opening import open_batch
    from drumbeat.integrations.smtp import SmtpPost
    from drumbeat.workflows.performers import perform_due
    from drumbeat.workflows.posting import expire_leases, send_queued

    at, post = datetime.fromisoformat(sys.argv[1]), SmtpPost(sys.argv[2])
    print("ready", flush=True)
    while True:
        opened = open_batch(at=at, limit=BATCH).occurrences
        performed = sum(perform_due(at=at, limit=BATCH).values())
        sent = send_queued(post, at=at, limit=BATCH).total
        if not (opened or performed or sent or expire_leases(at=at)):
            return


if __name__ == "__main__":
    main()
