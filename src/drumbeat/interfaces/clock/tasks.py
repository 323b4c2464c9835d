"""What the queue carries: ticks, chunks of work, nights. Never one job a row: rows are claimed by the verbs themselves.

A queueing lock keeps one job of a kind waiting at most, and each queue has one process, so a call never overlaps itself.
A killed process leaves its job behind as *doing*; the next call does what was left, and tidying removes the job.
The verbs are imported when called: the web process reads this file too, and needs none of them.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Status

from drumbeat.core.refusal import Refused
from drumbeat.interfaces.kit.clock import moment

from . import timetable

log = logging.getLogger(__name__)
KEPT_HOURS = 72


@app.periodic(cron=timetable.TICK)
@app.task(queue="clock", queueing_lock="tick")
def tick(timestamp: int) -> None:
    from drumbeat.workflows import beating

    with called_by_time():
        done = beating.tick(at=moment())
        if done.opened:
            with suppress(AlreadyEnqueued):
                work.configure(queueing_lock="work").defer(timestamp=timestamp)


@app.periodic(cron=timetable.WORK)
@app.task(queue="work", queueing_lock="work")
def work(timestamp: int) -> None:  # noqa: ARG001
    from drumbeat.workflows import beating

    from .letterbox import open_post

    with called_by_time(), open_post() as post:
        beating.work(at=moment(), post=post)


@app.periodic(cron=timetable.MAILBOX)
@app.task(queue="work", queueing_lock="mailbox")
def mailbox(timestamp: int) -> None:  # noqa: ARG001
    from drumbeat.workflows.reading_mail import read_mailbox

    from .letterbox import open_mailbox

    with called_by_time(), open_mailbox() as box:
        read_mailbox(box, at=moment())


@app.periodic(cron=timetable.NIGHT)
@app.task(queue="work", queueing_lock="night")
def night(timestamp: int) -> None:  # noqa: ARG001
    from drumbeat.workflows import beating

    with called_by_time():
        beating.pass_night(at=moment())


@app.periodic(cron=timetable.TIDYING)
@app.task(queue="clock", queueing_lock="tidying", pass_context=True)
async def tidying(context: JobContext, timestamp: int) -> None:  # noqa: ARG001
    jobs = context.app.job_manager
    for job in await jobs.get_stalled_jobs():
        await jobs.finish_job(job, status=Status.FAILED, delete_job=True)
    await jobs.delete_old_jobs(nb_hours=KEPT_HOURS, include_failed=True)


@contextmanager
def called_by_time() -> Iterator[None]:
    """A refusal becomes one line of the log: nobody is there to read more."""
    try:
        yield
    except Refused as refusal:
        log.warning("%s", refusal)
