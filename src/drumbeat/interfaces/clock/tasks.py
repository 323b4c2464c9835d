"""What the queue carries: ticks, chunks of work, nights. Never one job a row: rows are claimed by the verbs themselves.

A queueing lock keeps one job of a kind waiting at most, and each queue has one process, so a call never overlaps itself.
A killed process leaves its job behind as *doing*; the next call does what was left, and tidying removes the job.
The verbs are imported when called: the web process reads this file too, and needs none of them.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict

from asgiref.sync import sync_to_async
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Status

from drumbeat.interfaces.kit.clock import moment

from . import timetable
from .watch import watched

KEPT_HOURS = 72


@app.periodic(cron=timetable.TICK)
@app.task(queue="clock", queueing_lock="tick")
def tick(timestamp: int) -> None:
    from drumbeat.workflows import beating

    with watched("clock") as told:
        done = beating.tick(at=moment())
        told |= asdict(done)
        if done.opened:
            with suppress(AlreadyEnqueued):
                work.configure(queueing_lock="work").defer(timestamp=timestamp)


@app.periodic(cron=timetable.WORK)
@app.task(queue="work", queueing_lock="work")
def work(timestamp: int) -> None:  # noqa: ARG001
    from drumbeat.workflows import beating

    from .letterbox import open_hooks, open_post, open_shelves

    with watched("worker") as told, open_post() as post:
        told["moved"] = beating.work(at=moment(), post=post, hooks=open_hooks(), shelves=open_shelves())


@app.periodic(cron=timetable.MAILBOX)
@app.task(queue="work", queueing_lock="mailbox")
def mailbox(timestamp: int) -> None:  # noqa: ARG001
    from drumbeat.workflows.reading_mail import read_mailbox

    from .letterbox import open_mailbox

    with watched("mailbox") as told, open_mailbox() as box:
        told |= read_mailbox(box, at=moment())


@app.periodic(cron=timetable.REMINDERS)
@app.task(queue="work", queueing_lock="reminders")
def reminders(timestamp: int) -> None:  # noqa: ARG001
    from drumbeat.workflows.reminding import remind

    with watched("reminders") as told:
        told["reminded"] = remind(at=moment())


@app.periodic(cron=timetable.NIGHT)
@app.task(queue="work", queueing_lock="night")
def night(timestamp: int) -> None:  # noqa: ARG001
    from drumbeat.workflows import beating

    with watched("night") as told:
        told["passed"] = beating.pass_night(at=moment())


@app.periodic(cron=timetable.TIDYING)
@app.task(queue="clock", queueing_lock="tidying", pass_context=True)
async def tidying(context: JobContext, timestamp: int) -> None:  # noqa: ARG001
    await sync_to_async(forget)()
    jobs = context.app.job_manager
    for job in await jobs.get_stalled_jobs():
        await jobs.finish_job(job, status=Status.FAILED, delete_job=True)
    await jobs.delete_old_jobs(nb_hours=KEPT_HOURS, include_failed=True)


def forget() -> None:
    from drumbeat.apps.operations.actions import forget_passes

    forget_passes(at=moment())
