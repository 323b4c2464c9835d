"""A text becomes a version; a routine goes live or retires. Versions are written once."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from drumbeat.apps.events.actions import record_event
from drumbeat.apps.ledger.models import Side, Through
from drumbeat.apps.people.models import Account
from drumbeat.apps.routines.models import PlaybookStep, Routine, Version
from drumbeat.apps.routines.queries.shelves import shelves_now
from drumbeat.core.playbook import Routine as Playbook
from drumbeat.core.playbook import Step as PlaybookText
from drumbeat.core.playbook import kept_by, read_routine

from .subroutines import refuse_bad_subroutines
from .subscribing import end_subscriptions


@transaction.atomic
def publish_version(text: str, *, by: Account | None, at: datetime, source: str = "") -> Version:
    """The next version of the routine that the text names, made if new. The same text again is the same version.

    Raises RoutineErrors with all that is wrong; then nothing is written. Occurrences keep the version they ran with.
    """
    playbook = read_routine(text, source, shelves=shelves_now()).routine
    refuse_bad_subroutines(playbook, source)
    routine, _ = Routine.objects.select_for_update().get_or_create(
        key=playbook.key, defaults={"title": playbook.title, "subject": playbook.subject}
    )
    version = routine.versions.filter(digest=playbook.digest).first() or _write_version(
        routine, playbook, by, at
    )
    if routine.version_id != version.pk:
        routine.version, routine.title = version, playbook.title
        routine.review_on = _months_later(at.date(), playbook.review_every)
        routine.save()
        record_event(
            "routine.published",
            ("routine", routine.pk),
            by_id=by.pk if by else None,
            at=at,
            number=version.number,
        )
    return version


def _write_version(routine: Routine, playbook: Playbook, by: Account | None, at: datetime) -> Version:
    last = routine.versions.aggregate(last=Max("number"))["last"] or 0
    version = Version.objects.create(
        routine=routine,
        number=last + 1,
        text=playbook.text,
        digest=playbook.digest,
        published_at=at,
        published_by=by,
        owner=playbook.owner,
        owing=playbook.promise.by,
        owed=playbook.promise.to,
        kept_through=_through(kept_by(playbook)),
        catch_up=playbook.catch_up,
        overlap=playbook.overlap,
    )
    branched = {key for step in playbook.steps for key in step.otherwise}
    PlaybookStep.objects.bulk_create(
        PlaybookStep(
            version=version,
            position=position,
            key=step.key,
            kind=step.kind,
            title=step.title,
            by=step.by,
            side=_waiting_side(step),
            minutes=step.minutes,
            needs=list(dict.fromkeys((*step.needs, *step.attach))),
            starts_held=step.key in branched,
            has_condition=step.when is not None and step.kind != "branch",
            keeps=step.key == playbook.promise.kept_by,
            promised=step.promised,
        )
        for position, step in enumerate(playbook.steps)
    )
    return version


def _through(step: PlaybookText) -> str:
    if step.kind == "meeting":
        return Through.MEETING
    return Through.MACHINE if step.kind in ("mail", "report", "branch", "webhook") else Through.PERSON


def _waiting_side(step: PlaybookText) -> str:
    """Whom the house waits for: a wait without a contact role waits for the partner all the same."""
    return Side.PARTNER if step.kind == "wait" else step.side


def _months_later(on: date, months: int) -> date:
    years, month = divmod(on.month - 1 + months, 12)
    return date(on.year + years, month + 1, 1)


@transaction.atomic
def start_routine(routine: Routine, *, by: Account | None, at: datetime) -> None:
    """Live: its audience is subscribed by the next enrolment."""
    _set_status(routine, Routine.Status.LIVE, "routine.started", by, at)


@transaction.atomic
def retire_routine(routine: Routine, *, by: Account | None, at: datetime) -> int:
    """No new occurrence is opened: subscriptions end, moments to come go; what is open is finished on its version.
    Returns how many subscriptions ended."""
    _set_status(routine, Routine.Status.RETIRED, "routine.retired", by, at)
    running = list(routine.subscriptions.running())
    end_subscriptions(running, at=at)
    return len(running)


def _set_status(routine: Routine, status: str, event: str, by: Account | None, at: datetime) -> None:
    if routine.status == status:
        return
    routine.status = status
    routine.save(update_fields=["status"])
    record_event(event, ("routine", routine.pk), by_id=by.pk if by else None, at=at)
