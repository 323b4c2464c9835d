"""Queries that are written once: the rows of Django's own, whatever the arguments, and what can't be an argument."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db.models import QuerySet

from drumbeat.apps.asking import kept
from drumbeat.apps.partners.models import Contact, Partner
from drumbeat.apps.partners.queries import countries
from tests.world import World, build_world

written = 0


def present(partner: int, on: date) -> QuerySet[Any, tuple[Any, ...]]:
    global written
    written += 1
    return (
        Contact.objects.present(on)
        .filter(partner=partner)
        .exclude(name="100 % O'Hara")
        .values_list("pk", "name")
    )


@pytest.fixture
def world(db: None) -> World:
    return build_world()


def test_the_rows_are_those_of_django_whatever_the_arguments(world: World) -> None:
    Contact.objects.create(partner=world.kestrel, name="100 % O'Hara", joined_on=date(2026, 1, 1))
    ask_present = kept(present)
    for partner in Partner.objects.all():
        for on in (date(2020, 1, 1), date(2026, 6, 1), date(2030, 1, 1)):
            assert ask_present(partner.pk, on) == list(present(partner.pk, on))
            assert ask_present(on=on, partner=partner.pk) == list(present(partner.pk, on))


def test_django_writes_it_once(world: World) -> None:
    global written
    ask_present, written = kept(present), 0
    for day in range(1, 5):
        ask_present(world.bergmann.pk, date(2026, 6, day))
    assert written == 1


def test_what_is_no_value_is_refused(world: World) -> None:
    @kept
    def first(name: str, most: int) -> QuerySet[Any, tuple[Any, ...]]:
        return Partner.objects.filter(name=name).values_list("pk")[:most]

    with pytest.raises(AssertionError, match="first has an argument that is no value"):
        first("Bergmann", 3)


def test_countries_are_named_once_in_order(world: World) -> None:
    assert countries() == sorted(set(Partner.objects.values_list("country", flat=True)))
    Partner.objects.all().delete()
    assert countries() == []
