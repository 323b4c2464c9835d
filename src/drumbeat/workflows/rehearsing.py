"""A routine's mails as they would go out to a real partner: its next occurrence is opened, its reports and meeting are made,
its letters worded, and all of it is taken back before anybody sees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from drumbeat.apps.events.models import Event
from drumbeat.apps.events.queries import dates_in, histories, of_itself, told_by
from drumbeat.apps.messages.bridge import html_for, language_for, text_for
from drumbeat.apps.messages.models import Message
from drumbeat.apps.messages.queries import letterhead
from drumbeat.apps.partners.models import Contact, Partner
from drumbeat.apps.partners.queries import manager_of
from drumbeat.apps.people.models import Account
from drumbeat.apps.people.queries import vendor
from drumbeat.apps.routines.actions import open_at_once, publish_version, subscribe
from drumbeat.apps.routines.bridge import Settings, agreements_of, moment_of, playbook_of
from drumbeat.apps.routines.models import Moment, Occurrence, Step, Subscription, Version
from drumbeat.core.foresight import next_moments
from drumbeat.core.planning import DateMissing, Opening, Wanted, triggered_moment
from drumbeat.core.playbook import Routine as Playbook
from drumbeat.core.refusal import Refused, insist

from .gathering import gather
from .performers import Performer, build_report
from .recipients import Person, recipients_of
from .scene import Scene
from .wording import sketched

# What a mail may speak of, made before it is worded.
MADE_BEFORE: dict[str, Performer] = {"report": build_report, "meeting": gather}
UNTOLD = timedelta(days=30)
LOOKED_AHEAD = 12  # dates; the next ones may be open already


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """One mail step: the letter as `to` would get it, what it asks for and nobody knows yet, and who else gets one. Where
    there would be none, `refused` says why."""

    key: str
    title: str
    due_at: datetime
    to: Person | None = None
    others: tuple[Person, ...] = ()
    subject: str = ""
    text: str = ""
    html: str = ""
    missing: tuple[str, ...] = ()
    refused: str = ""


def rehearse(text: str, partner: Partner, *, language: str = "", at: datetime) -> list[Rehearsed]:
    """The mail steps of a routine's text in their order, to the first reader each, in his language or in this one. Nothing
    stays written. Raises RoutineErrors where the text is wrong, and Refused where nothing would be opened."""
    with transaction.atomic():
        version = publish_version(text, by=None, at=at)
        occurrence = _opened(version, partner, at)
        _make(occurrence, at)
        letters = _letters(occurrence, language, at)
        transaction.set_rollback(True)
    return letters


def _opened(version: Version, partner: Partner, at: datetime) -> Occurrence:
    """Its next occurrence for this partner, or for who looks after it, opened now."""
    playbook = playbook_of(version)
    manager = manager_of(partner, at.date())
    subject = manager if playbook.is_of_person else partner
    insist(subject is not None, f"Nobody looks after {partner}", "Choose another partner.")
    assert subject
    subscription = _subscription(version, subject, at)
    event = _event(playbook, partner) if playbook.trigger else None
    wanted = (
        _wanted_by_event(playbook, subject, manager, event, at)
        if playbook.trigger
        else _wanted(playbook, subscription, subject, manager, at)
    )
    event_id = event.pk if event else 0
    Moment.objects.filter(subscription=subscription, nominal_on=wanted.nominal_on, event_id=event_id).delete()
    moment = moment_of(wanted, subscription=subscription, version=version, event_id=event_id)
    return open_at_once(moment, at=at)


def _subscription(version: Version, subject: Partner | Account, at: datetime) -> Subscription:
    subscribe(version.routine, [subject], on=at.date())
    owner = {"partner": subject} if isinstance(subject, Partner) else {"person": subject}
    return Subscription.objects.running().get(routine=version.routine, **owner)


def _wanted(
    playbook: Playbook,
    subscription: Subscription,
    subject: Partner | Account,
    manager: Account | None,
    at: datetime,
) -> Wanted:
    """The first to come that is not open yet."""
    found = next_moments(
        playbook, Settings(playbook, vendor()).of(subject, manager), phase=subscription.phase,
        anchor=subscription.started_on, at=at, count=LOOKED_AHEAD,
        overrides=agreements_of([subscription]).get(subscription.pk, ()),
    )  # fmt: skip
    opened = set(subscription.occurrences.values_list("nominal_on", flat=True))
    wanted = next((one for one in found if one.nominal_on not in opened), None)
    insist(wanted is not None, "The rule has no date to come", "Change its cadence.")
    assert wanted
    return wanted


def _event(playbook: Playbook, partner: Partner) -> Event | None:
    """The last one of its kinds that is about this partner, or about none."""
    assert playbook.trigger
    about = Q(partner_id=partner.pk) | Q(partner_id=None)
    return Event.objects.filter(about, kind__in=playbook.trigger.events).order_by("-at", "-pk").first()


def _wanted_by_event(
    playbook: Playbook,
    subject: Partner | Account,
    manager: Account | None,
    event: Event | None,
    at: datetime,
) -> Wanted:
    """As if the event happened now, with the days that it told then; a day that nobody told is a month from now."""
    told = {**told_by(histories([event.subject])[event.subject]), **of_itself(event)} if event else {}
    assert playbook.trigger
    kind, dates = event.kind if event else playbook.trigger.events[0], dates_in(told)
    setting = Settings(playbook, vendor()).of(subject, manager)
    while True:
        try:
            return triggered_moment(playbook, setting, Opening(kind, at, dates))
        except DateMissing as missing:
            dates[missing.name] = at.date() + UNTOLD


def _make(occurrence: Occurrence, at: datetime) -> None:
    """What can't be made is missing in the letters, which say so."""
    for step in _steps(occurrence):
        if step.kind in MADE_BEFORE:
            try:
                _perform(step, MADE_BEFORE[step.kind], at)
            except Refused:
                continue


@transaction.atomic
def _perform(step: Step, performer: Performer, at: datetime) -> None:
    scene = Scene([step], at)
    performer(step, scene)
    scene.effects.carry_out()


def _steps(occurrence: Occurrence) -> list[Step]:
    related = (
        "occurrence__version__routine",
        "occurrence__subscription__partner",
        "playbook_step",
        "promise",
    )
    steps = occurrence.steps.select_related(
        *related, "occurrence__subscription__person", "occurrence__promise", "meeting__organiser"
    )
    return list(steps.order_by("playbook_step__position"))


def _letters(occurrence: Occurrence, language: str, at: datetime) -> list[Rehearsed]:
    steps = [step for step in _steps(occurrence) if step.kind == "mail"]
    scene = Scene(steps, at)
    return [_letter(step, scene, language) for step in steps]


def _letter(step: Step, scene: Scene, language: str) -> Rehearsed:
    named = (step.playbook_step.key, step.playbook_step.title, step.due_at)
    try:
        to, *others = _theirs_first(recipients_of(step, scene))
        to.language = language or to.language
        (subject, text), missing = sketched(scene.text(step).template or "", step, to, scene)
    except Refused as refusal:
        return Rehearsed(*named, refused=f"{refusal.what}. {refusal.mend}")
    message = Message(
        subject=subject, text=text, language=language_for(to), contact=to if isinstance(to, Contact) else None,
        topic=scene.playbook(step).topic or "",
    )  # fmt: skip
    head = letterhead()
    html = html_for(message, scene.vendor, head)
    return Rehearsed(*named, to, tuple(others), subject, text_for(message, head), html, missing)


def _theirs_first(people: Sequence[Person]) -> list[Person]:
    return sorted(people, key=lambda person: isinstance(person, Account))
