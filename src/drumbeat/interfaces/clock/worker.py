"""Runs the calls of one queue until SIGTERM: `python -m drumbeat.interfaces.clock.worker clock`, as the command line does.

The environment names the settings and the database.
"""

from __future__ import annotations

import asyncio
import sys

import django

GRACE = 5.0  # seconds that a call may take to end when the worker is asked to stop


def main(queue: str) -> None:
    django.setup()
    asyncio.run(run_queue(queue))


async def run_queue(queue: str) -> None:
    from procrastinate.contrib.django import app

    with app.replace_connector(app.connector.get_worker_connector()) as worker:  # type: ignore[attr-defined]
        async with worker.open_async():
            await worker.run_worker_async(
                queues=[queue], name=queue, delete_jobs="successful", shutdown_graceful_timeout=GRACE
            )


if __name__ == "__main__":
    main(sys.argv[1])
