"""A clock that takes events in small batches until none is left, to be killed at any moment."""

from __future__ import annotations

import os
import sys
from datetime import datetime

BATCH = 10


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "drumbeat.config.settings")
    import django

    django.setup()
    from drumbeat.apps.events.models import Event
    from drumbeat.apps.routines.actions.opening import open_batch
    from drumbeat.workflows.triggering import take_batch

    at = datetime.fromisoformat(sys.argv[1])
    print("ready", flush=True)
    sys.stdin.readline()
    while Event.objects.waiting().exists() or open_batch(at=at, limit=BATCH).occurrences:
        take_batch(at=at, limit=BATCH)


if __name__ == "__main__":
    main()
