"""The records of many partners, asked in plain SQL, are those that the general question finds."""

from __future__ import annotations

from datetime import timedelta

import pytest

from drumbeat.apps.ledger.actions import keep_promises, miss_promises
from drumbeat.apps.ledger.models import Side, Standing, Through
from drumbeat.apps.ledger.queries import records_of_partners, records_of_sides
from tests.apps.ledger.test_ledger import DEADLINE, DUE, JUNE, MISS, promised
from tests.apps.ledger.test_ledger import world as world
from tests.world import World

pytestmark = pytest.mark.django_db

SIDES = ("vendor", "partner")


@pytest.mark.parametrize(
    "at", [DUE - timedelta(hours=1), DUE, DEADLINE, DEADLINE + timedelta(hours=1), MISS + timedelta(days=90)]
)
def test_many_partners_at_once_have_the_records_of_each(world: World, at) -> None:
    for owing in Side.values:
        for through in Through.values:
            kept, missed, resting, _open = (promised(world, owing=owing, through=through) for _ in range(4))
            keep_promises([kept.pk], by=world.alice, at=DUE)
            miss_promises([missed.pk], by=world.alice, at=DUE, cause="partner")
            Standing.objects.filter(pk=resting.pk).update(rests_from=DUE)
    ids = [world.bergmann.pk, world.fjord.pk]
    scope = {"partner": ids}
    slowly = records_of_sides(dict.fromkeys(SIDES, scope), by="partner_id", at=at, **JUNE)
    assert records_of_partners(ids, at=at, **JUNE) == slowly
    assert slowly["partner"][world.bergmann.pk].people.missed


def test_months_outside_are_not_counted(world: World) -> None:
    promised(world)
    until = {"from_on": JUNE["from_on"] - timedelta(days=31), "until_on": JUNE["from_on"]}
    assert records_of_partners([world.bergmann.pk], at=MISS, **until) == {"vendor": {}, "partner": {}}
