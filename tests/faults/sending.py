"""A worker of its own that sends what is queued in small batches until it is killed or nothing is left.

Usage: python -m tests.faults.sending MOMENT SMTP_URL. Says `ready` when it begins and `done` at the end.
"""

from __future__ import annotations

import os
import sys
from datetime import datetime

BATCH = 100


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "drumbeat.config.settings")
    import django

    django.setup()
    from drumbeat.integrations.smtp import SmtpPost
    from drumbeat.workflows.posting import send_queued

    at, post = datetime.fromisoformat(sys.argv[1]), SmtpPost(sys.argv[2])
    print("ready", flush=True)
    while send_queued(post, at=at, limit=BATCH).total:
        pass
    print("done", flush=True)


if __name__ == "__main__":
    main()
