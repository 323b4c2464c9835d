"""More of everything that a page may show, for the scene of the pages: what a busy year brings beside a quiet week."""

from __future__ import annotations

from datetime import date, timedelta

from drumbeat.apps.deals.models import Deal
from drumbeat.apps.forms.models import Answer
from drumbeat.apps.ledger.actions import ask_release, propose_commitment
from drumbeat.apps.meetings.models import AgendaPoint, Attendee, CalendarCopy, Meeting, OwnCalendar
from drumbeat.apps.messages.actions import keep_received, suppress_address, write_announcement
from drumbeat.apps.messages.models import Message, Suppression
from drumbeat.apps.operations.models import Pass, Process
from drumbeat.apps.packs.models import Remark
from drumbeat.apps.partners.actions import add_partner, assign_manager
from drumbeat.apps.partners.models import Contact, Partner
from drumbeat.apps.people.actions import ask_leave, open_account
from drumbeat.apps.people.models import Account
from drumbeat.apps.reports.actions import build_edition
from drumbeat.apps.reports.models import Edition
from drumbeat.apps.routines.actions import agree_override, open_due, plan_moments, subscribe
from drumbeat.apps.routines.models import Step, StepState
from drumbeat.apps.scorecards.actions import score_month
from drumbeat.apps.webhooks.models import Delivery, Endpoint, Room
from drumbeat.library import HERE as LIBRARY

from .scene import AT, PAUSE, START, Scene, arrange

WISH = (LIBRARY / "forms/one-wish.yaml").read_text()
DAY = timedelta(days=1)
COUNTRIES = ("DE", "FR", "ES", "IT", "PL", "SE")
NEWS = {"topic": "news", "subject": "x", "text": "x", "audience": 'partner.status == "active"'}


def grow(scene: Scene, name: str, number: int) -> None:
    """Adds `number` of each; `name` tells several rounds apart."""
    names = [f"{name}{n}" for n in range(number)]
    staff = [_colleague(name) for name in names]
    partners = [_partner(scene, n, name) for n, name in enumerate(names)]
    _routines(scene, partners)
    _meetings(scene, names, partners)
    _letters(scene, names)
    _editions(scene, names, partners)
    _webhooks(scene, names, staff)


def _colleague(name: str) -> Account:
    email = f"manager-{name}@polaris.example"
    person = open_account(
        email, f"Manager {name}", "channel_manager", "Europe/Berlin", "DE", by=None, at=START
    )
    ask_leave(person, date(2026, 8, 3), date(2026, 8, 10), by=person, at=AT)
    return person


def _partner(scene: Scene, number: int, name: str) -> Partner:
    """Alice's, in a country of its own, with two contacts; two more go to Bergmann."""
    country = COUNTRIES[number % len(COUNTRIES)]
    values = {
        "name": f"Further {name}",
        "type": "msp",
        "country": country,
        "status": "active",
        "tier": "gold",
    }
    partner = add_partner(values, by=None, at=START)
    assign_manager(partner, scene.world.alice, START.date(), by=None, at=START)
    Contact.objects.bulk_create(
        Contact(
            partner=where, name=f"Person {n} {name}", sort_name=f"person {n} {name}", roles=["sales_lead"],
            email=f"p{n}.{name}@{where.key}.example", joined_on=START.date(),
        )
        for where in (partner, scene.world.bergmann)
        for n in range(2)
    )  # fmt: skip
    return partner


def _routines(scene: Scene, partners: list[Partner]) -> None:
    """Calls and files of their own, agreed breaks, steps that failed or were answered, promises that are asked about."""
    for routine in (scene.weekly, scene.file):
        subscribe(routine, partners, on=START.date())
        plan_moments(at=START, routines=[routine])
    open_due(at=AT)
    for partner in partners:
        agree_override(partner.subscriptions.first(), PAUSE, by=None, at=AT)
        waiting = Step.objects.filter(occurrence__subscription__partner=partner).order_by("-pk")
        calls = waiting.filter(occurrence__subscription__routine=scene.weekly)
        ask_release(
            calls[0].occurrence.promise, "waive", by=scene.world.alice, at=AT, reason="holiday", note="Away"
        )
        Step.objects.filter(pk=calls[1].pk).update(state=StepState.FAILED, is_machine=True, error="no ink")
        Answer.objects.create(
            step_id=calls[2].pk, form="one-wish", text=WISH, changed_at=AT, submitted_at=AT,
            values={"wish": "Leads", "about": "leads"}, contact=partner.contacts.first(),
        )  # fmt: skip


def _meetings(scene: Scene, names: list[str], partners: list[Partner]) -> None:
    """One with each partner and more guests, points and commitments for the one there is; all lie on Alice's calendar."""
    world = scene.world
    for name, partner in zip(names, partners, strict=True):
        guest = world.bergmann.contacts.get(name=f"Person 0 {name}")
        arrange(world, partner, world.alice, [partner.contacts.first(), world.alice])
        Attendee.objects.create(meeting=scene.meeting, contact=guest)
        AgendaPoint.objects.create(meeting=scene.meeting, position=9, text=f"Point {name}", contact=guest)
        for owner, origin in ((guest, scene.meeting.pk), (partner.contacts.first(), None)):
            propose_commitment(
                f"Send {name}", owner, date(2026, 6, 12), origin="meeting", origin_id=origin, by=world.alice, at=AT
            )  # fmt: skip
    calendar, _ = OwnCalendar.objects.get_or_create(
        person=world.alice, defaults={"url": "https://dav.example/", "user": "a", "opened_at": AT}
    )
    bare = Meeting.objects.filter(organiser=world.alice, copies=None)
    CalendarCopy.objects.bulk_create(
        CalendarCopy(calendar=calendar, meeting=one, told_at=AT, state="foreign") for one in bare
    )


def _letters(scene: Scene, names: list[str]) -> None:
    for n, name in enumerate(names):
        suppress_address(f"{name}@gone.example", Suppression.Reason.BY_HAND, "", at=AT)
        write_announcement({"title": f"News {name}", **NEWS}, by=scene.world.olga, at=AT)
        keep_received(
            name, mailbox=name, validity=1, uid=n, kind="human reply", from_address="x@y.example", subject="Re: list",
            text="review", at=AT, partner=scene.world.bergmann, contact=scene.world.petra,
        )  # fmt: skip
        Message.objects.create(
            key=f"by-hand:{name}", partner=scene.world.bergmann, contact=scene.world.petra, to_name="Petra",
            to_address=scene.world.petra.email, subject="review", text="list", message_id=f"<{name}@x>",
            written_at=AT, next_attempt_at=AT, state="failed", error="550",
        )  # fmt: skip


def _editions(scene: Scene, names: list[str], partners: list[Partner]) -> None:
    """Reports and packs of new partners and of Bergmann, words to its pack, sales, scores of everybody."""
    bergmann = scene.world.bergmann
    for n, name in enumerate(names):
        Remark.objects.create(
            edition=scene.pack, section="asks", number=Remark.objects.count() + 1, text=name, written_at=AT
        )
        Deal.objects.create(
            partner=bergmann, customer=f"Review {name}", amount=1000, currency="EUR", submitted_at=AT - n * DAY, moved_at=AT
        )  # fmt: skip
    for partner in (partners[0], bergmann):
        build_edition("partner-scorecard", partner=partner, at=AT + len(Edition.objects.all()) * DAY / 1440)
    score_month(on=AT.date(), at=AT)


def _webhooks(scene: Scene, names: list[str], staff: list[Account]) -> None:
    for name, person in zip(names, staff, strict=True):
        for key, whose in ((name, scene.world.alice), (f"team-{name}", None), (f"own-{name}", person)):
            place = Endpoint.objects.create(key=key, url="https://x.example/", secret="s", added_at=AT)
            if key != name or whose:
                Room.objects.create(endpoint=place, form="slack", person=whose)
            Delivery.objects.create(
                key=key, endpoint=place, payload="{}", written_at=AT, next_attempt_at=AT, state="uncertain"
            )
        Endpoint.objects.create(key=f"place-{name}", url="https://x.example/", secret="s", added_at=AT)
        process = Process.objects.create(name=f"{name} clock", kind="clock", seen_at=AT)
        Pass.objects.create(process=process, kind="clock", at=AT, took_ms=12, done={"opened": 1})
