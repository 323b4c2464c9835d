"""Pairs of partners that may be one: found anew each night, decided by a person once."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from drumbeat.apps.partners.access import may_assign
from drumbeat.apps.partners.models import Double
from drumbeat.apps.partners.queries import firms
from drumbeat.apps.people.models import Account
from drumbeat.core.doubles import doubles
from drumbeat.core.refusal import insist

BATCH = 5_000
WHO = "Only a director or partner operations decides this", "Ask one to do it"


@transaction.atomic
def find_doubles(*, at: datetime) -> int:
    """What nobody has decided is told anew, and goes where nothing speaks for it any more; what was decided stays. How many
    are open now."""
    found = {(one.first, one.second): one for one in doubles(firms(at.date()))}
    gone = [
        one.pk for one in Double.objects.filter(decision="") if (one.first_id, one.second_id) not in found
    ]
    Double.objects.filter(pk__in=gone).delete()
    Double.objects.bulk_create(
        (
            Double(first_id=one.first, second_id=one.second, score=one.score, reasons=list(one.reasons), found_at=at)
            for one in found.values()
        ),
        batch_size=BATCH, update_conflicts=True, unique_fields=["first", "second"], update_fields=["score", "reasons"],
    )  # fmt: skip
    return Double.objects.undecided().count()


def set_apart(double: Double, *, by: Account, at: datetime) -> None:
    """They are two, and nobody is asked again."""
    _decide(double, Double.Decision.APART, by, at)


def note_same(double: Double, *, by: Account, at: datetime) -> None:
    """They are one; merging them is another verb."""
    _decide(double, Double.Decision.SAME, by, at)


def ask_again(double: Double, *, by: Account) -> None:
    """As if nobody had decided."""
    insist(may_assign(by), *WHO)
    Double.objects.filter(pk=double.pk).update(decision="", decided_at=None, decided_by=None)


def part_doubles(one: int, other: int, *, by: Account, at: datetime) -> None:
    """Two partners that were split after a merge are not the same."""
    first, second = sorted((one, other))
    Double.objects.filter(first=first, second=second).update(
        decision=Double.Decision.APART, decided_at=at, decided_by=by
    )


@transaction.atomic
def _decide(double: Double, decision: str, by: Account, at: datetime) -> None:
    insist(may_assign(by), *WHO)
    now = Double.objects.select_for_update().get(pk=double.pk)
    insist(
        now.decision in ("", decision),
        f"It was decided meanwhile: {now.get_decision_display()}",
        "Look at what was decided",
    )
    if not now.decision:
        Double.objects.filter(pk=double.pk).update(decision=decision, decided_at=at, decided_by=by)
