"""What a person undertakes by word: proposed, then acknowledged, questioned or declined by its owner.

Only an acknowledged one is a promise of the book; from then on the verbs of the ledger keep, redate or waive it.
`by` is who notes it; None when the owner answered for himself, by a signed link.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from drumbeat.apps.events.actions import record_event
from drumbeat.apps.ledger import statements
from drumbeat.apps.ledger.access import may_change_commitment
from drumbeat.apps.ledger.models import Commitment, Standing
from drumbeat.apps.partners.models import Contact, Partner
from drumbeat.apps.partners.queries import manager_of
from drumbeat.apps.people.models import Account
from drumbeat.apps.people.queries import vendor_day
from drumbeat.core.commitments import PATIENCE, due_moment, insist_on_step
from drumbeat.core.refusal import Refused, insist

from .settling import keep_promises

State = Commitment.State


@transaction.atomic
def propose_commitment(
    text: str,
    owner: Contact | Account,
    due_on: date,
    *,
    origin: str,
    by: Account,
    at: datetime,
    origin_id: int | None = None,
    partner: Partner | None = None,
    measure: str = "",
) -> Commitment:
    """Writes down what was said; the owner has not acknowledged it yet. Due at 17:00 of the day where the owner is."""
    due_at = due_moment(due_on, owner.partner.tz if isinstance(owner, Contact) else owner.tz)
    insist(due_at > at, "The day is past", "Choose a later one", "due_on")
    commitment = Commitment.objects.create(
        text=text[:160],
        measure=measure[:160],
        partner=owner.partner if isinstance(owner, Contact) else partner,
        contact=owner if isinstance(owner, Contact) else None,
        person=owner if isinstance(owner, Account) else None,
        due_at=due_at,
        origin=origin,
        origin_id=origin_id,
        proposed_by=by,
        proposed_at=at,
    )
    _record("commitment.proposed", commitment, by, at)
    return commitment


@transaction.atomic
def acknowledge_commitment(commitment: Commitment, *, by: Account | None, at: datetime) -> Commitment:
    """The owner says yes: it is a promise now. Saying it twice does nothing."""
    commitment = _locked(commitment, by, at)
    if commitment.state == State.ACKNOWLEDGED:
        return commitment
    insist_on_step(commitment.state, State.ACKNOWLEDGED)
    insist(commitment.due_at > at, "The day is past already", "Propose another date", "due_on")
    commitment.promise_id = _promise(commitment, at)
    return _answered(commitment, State.ACKNOWLEDGED, by, at)


def _promise(commitment: Commitment, at: datetime) -> int:
    """Without a tolerance: the day itself is one. The vendor's side answers through its owner, the partner's is chased
    by who looks after it."""
    partner = commitment.partner
    chaser = manager_of(partner, vendor_day(at)) if commitment.contact_id and partner else None
    columns: dict[str, Any] = {
        "origin": commitment.origin,
        "owing": str(commitment.owing),
        "owed": str(commitment.owed),
        "partner": commitment.partner_id,
        "person": commitment.person_id or (chaser.pk if chaser else None),
        "due_at": commitment.due_at,
        "deadline_at": commitment.due_at,
        "miss_at": commitment.due_at + PATIENCE,
        "text": commitment.text,
        "at": at,
    }
    with connection.cursor() as cursor:
        cursor.execute(statements.WRITE_ONE, columns)
        return int(cursor.fetchone()[0])


@transaction.atomic
def question_commitment(
    commitment: Commitment, note: str, *, by: Account | None, at: datetime, wanted_on: date | None = None
) -> Commitment:
    """The owner asks back, or wants another day; who wrote it down answers."""
    insist(bool(note.strip() or wanted_on), "Nothing is asked", "Say what, or another day", "note")
    commitment = _locked(commitment, by, at)
    if commitment.state != State.QUESTIONED:
        insist_on_step(commitment.state, State.QUESTIONED)
    owner = commitment.owner
    zone = owner.partner.tz if isinstance(owner, Contact) else owner.tz
    commitment.wanted_due_at = due_moment(wanted_on, zone) if wanted_on else None
    if commitment.wanted_due_at and commitment.wanted_due_at <= at:
        raise Refused("The other day is past", "Choose a later one.", field="wanted_on")
    commitment.note = note.strip()[:300]
    return _answered(commitment, State.QUESTIONED, by, at)


@transaction.atomic
def decline_commitment(
    commitment: Commitment, note: str = "", *, by: Account | None, at: datetime
) -> Commitment:
    """The owner says no: it is no promise."""
    commitment = _locked(commitment, by, at)
    if commitment.state == State.DECLINED:
        return commitment
    insist_on_step(commitment.state, State.DECLINED)
    commitment.note = note.strip()[:300]
    return _answered(commitment, State.DECLINED, by, at)


@transaction.atomic
def agree_to_date(commitment: Commitment, *, by: Account, at: datetime) -> Commitment:
    """The owed side takes the day that the owner wanted: with it, the owner has acknowledged."""
    commitment = _locked(commitment, by, at)
    if commitment.state != State.QUESTIONED or not commitment.wanted_due_at:
        raise Refused("No other day is asked for", "Look at what the owner asked.")
    commitment.due_at, commitment.wanted_due_at = commitment.wanted_due_at, None
    commitment.save(update_fields=["due_at", "wanted_due_at"])
    return acknowledge_commitment(commitment, by=by, at=at)


@transaction.atomic
def keep_commitment(commitment: Commitment, *, by: Account, at: datetime) -> Commitment:
    """It is done, or was received: kept, or late after its moment."""
    commitment = _locked(commitment, by, at)
    insist(
        commitment.promise_id is not None, "Nobody has acknowledged this yet", "Ask its owner for a yes first"
    )
    assert commitment.promise_id
    keep_promises([commitment.promise_id], by=by, at=at)
    return commitment


@transaction.atomic
def withdraw_commitment(commitment: Commitment, *, by: Account, at: datetime) -> None:
    """A line written by mistake goes, while it is no promise."""
    commitment = _locked(commitment, by, at)
    insist(commitment.promise_id is None, "This is a promise already", "Ask to waive it")
    _record("commitment.withdrawn", commitment, by, at)
    commitment.delete()


def give_chase(partner: Partner, person: Account) -> int:
    """What the partner's people owe is chased by this person from now on; how many."""
    open_ones = Standing.objects.open().filter(promise__commitment__contact__isnull=False, partner=partner)
    return open_ones.update(person=person)


def _answered(commitment: Commitment, state: str, by: Account | None, at: datetime) -> Commitment:
    commitment.state, commitment.answered_by, commitment.answered_at = state, by, at
    commitment.save()
    _record(f"commitment.{state}", commitment, by, at)
    return commitment


def _locked(commitment: Commitment, by: Account | None, at: datetime) -> Commitment:
    related = ("contact__partner", "person", "partner")
    rows = Commitment.objects.select_for_update(of=("self",)).select_related(*related)
    locked = rows.filter(pk=commitment.pk).first()
    if locked is None:
        raise Refused("This commitment was taken back", "Look at the meeting's page.")
    if by is not None and not may_change_commitment(by, locked, at):
        raise Refused("This commitment is somebody else's", "Ask its owner or the director.")
    return locked


def _record(kind: str, commitment: Commitment, by: Account | None, at: datetime) -> None:
    told = {"partner": commitment.partner_id, "owing": str(commitment.owing)}
    record_event(kind, ("commitment", commitment.pk), by_id=by.pk if by else None, at=at, **told)
