"""Partners join, change, get managers and contacts; and what is refused."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from drumbeat.apps.events.models import Event
from drumbeat.apps.partners.access import may_add_partner, may_assign, may_edit_partner, visible_to
from drumbeat.apps.partners.actions import (
    add_contact,
    add_partner,
    add_partners,
    add_territory,
    assign_manager,
    change_contact,
    change_partner,
    end_assignment,
    record_departure,
)
from drumbeat.apps.partners.models import Assignment, Contact, Partner
from drumbeat.apps.partners.queries import manager_of, managers_of
from drumbeat.apps.people.actions import close_account
from drumbeat.apps.people.models import Account
from drumbeat.core.refusal import Refused
from tests.world import AT, SINCE, World, build_world

pytestmark = pytest.mark.django_db
ACME = {"name": "Acme", "type": "var", "country": "DE"}


@pytest.fixture
def world() -> World:
    return build_world()


def test_a_partner_gets_a_key_a_sort_name_and_the_zone_of_its_place(world):
    acme = add_partner(
        ACME | {"name": " Ácme Corp ", "country": "us", "subdivision": "US-CA"}, by=world.olga, at=AT
    )
    assert (acme.key, acme.name, acme.sort_name) == ("acme-corp", "Ácme Corp", "acme corp")
    assert (acme.country, acme.subdivision, acme.zone) == ("US", "CA", "America/Los_Angeles")
    assert (acme.status, acme.tier, acme.external_id) == ("prospect", "none", None)
    event = Event.objects.get(kind="partner.joined", subject_id=acme.pk)
    assert event.by_id == world.olga.pk


def test_equal_names_get_different_keys_and_strange_ones_get_some(world):
    twins = add_partners([ACME, ACME, ACME | {"name": "株式会社"}], by=None, at=AT)
    assert [partner.key for partner in twins] == ["acme", "acme-2", "partner"]
    assert add_partner(ACME, by=None, at=AT).key == "acme-3"


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"name": " "}, "name", "empty"),
        ({"name": "x" * 161}, "name", "161 characters"),
        ({"name": "Ac\x00me"}, "name", "NUL"),
        ({"type": "dealer"}, "type", "Use one of var, msp"),
        ({"status": "dormant"}, "status", "Use one of prospect"),
        ({"tier": "bronze"}, "tier", "Use one of none"),
        ({"country": "Deutschland"}, "country", "no country"),
        ({"country": "UK"}, "country", "two letters"),
        ({"subdivision": "Bavaria"}, "subdivision", "ISO 3166-2"),
        ({"zone": "Berlin"}, "zone", "no time zone"),
        ({"country": "US"}, "zone", "several time zones"),
        ({"calendar": "DE-XX"}, "calendar", "holiday calendar"),
        ({"language": "deutsch"}, "language", "BCP 47"),
        ({"joined_on": "2026-02-30"}, "joined_on", "no day"),
        ({"territory": "nowhere"}, "territory", "no territory"),
        ({"gives_pos": "perhaps"}, "gives_pos", "yes or no"),
        ({"colour": "red"}, "colour", "no field"),
    ],
)
def test_a_wrong_value_is_refused_by_field_and_nothing_is_written(world, values, field, words):
    before = Partner.objects.count()
    with pytest.raises(Refused, match=words) as refusal:
        add_partners([ACME, ACME | values], by=None, at=AT)
    assert refusal.value.field == field
    assert Partner.objects.count() == before


@pytest.mark.parametrize("field", ["name", "type", "country"])
def test_a_needed_value_that_is_missing_is_refused(world, field):
    with pytest.raises(Refused) as refusal:
        add_partner({key: value for key, value in ACME.items() if key != field}, by=None, at=AT)
    assert refusal.value.field == field


def test_an_external_id_belongs_to_one_partner(world):
    add_partner(ACME | {"external_id": "A1"}, by=None, at=AT)
    with pytest.raises(Refused, match="Acme has the external id A1"):
        add_partner(ACME | {"external_id": "A1"}, by=None, at=AT)
    with pytest.raises(Refused, match="given twice"):
        add_partners([ACME | {"external_id": "A2"}] * 2, by=None, at=AT)
    with pytest.raises(Refused, match="Acme has the external id"):
        change_partner(world.fjord, {"external_id": "A1"}, by=None, at=AT)


def test_a_change_is_recorded_once_and_only_if_it_is_one(world):
    changed = change_partner(
        world.bergmann, {"tier": "platinum", "city": "Ulm", "name": "Bergmann"}, by=world.alice, at=AT
    )
    change_partner(changed, {"tier": "platinum", "city": "Ulm"}, by=world.alice, at=AT)
    assert (changed.tier, changed.city, changed.key) == ("platinum", "Ulm", "bergmann-systemhaus")
    tier = Event.objects.get(kind="partner.tier_changed")
    assert tier.payload == {"before": "gold", "after": "platinum"}
    assert Event.objects.get(kind="partner.changed").payload == {"fields": ["city", "name"]}


def test_a_partner_goes_into_a_territory_by_its_key(world):
    south = add_territory("south", "South", by=world.dora, at=AT)
    assert change_partner(world.bergmann, {"territory": "south"}, by=world.dora, at=AT).territory == south
    for key in ("south", "Süd", ""):
        with pytest.raises(Refused):
            add_territory(key, "South", by=None, at=AT)


def test_a_new_manager_ends_the_old_ones_assignment_that_day(world):
    assign_manager(world.bergmann, world.bob, date(2026, 4, 1), by=world.dora, at=AT)
    assert manager_of(world.bergmann, date(2026, 3, 31)) == world.alice
    assert manager_of(world.bergmann, date(2026, 4, 1)) == world.bob
    assert manager_of(world.bergmann, date(2024, 12, 31)) is None
    history = world.bergmann.assignments.values_list("person__email", "from_on", "until_on")
    assert list(history) == [
        ("bob@polaris.example", date(2026, 4, 1), None),
        ("alice@polaris.example", SINCE, date(2026, 4, 1)),
    ]
    event = Event.objects.filter(kind="manager.changed").latest("id")
    assert (event.payload["before"], event.payload["after"]) == (world.alice.pk, world.bob.pk)


def test_assigning_twice_changes_nothing(world):
    events = Event.objects.count()
    first = world.bergmann.assignments.get()
    assert assign_manager(world.bergmann, world.alice, date(2026, 4, 1), by=world.dora, at=AT) == first
    assert Event.objects.count() == events


def test_an_assignment_cant_begin_before_the_one_it_ends(world):
    with pytest.raises(Refused, match="later than 2024-12-31"):
        assign_manager(world.bergmann, world.bob, date(2024, 12, 31), by=world.dora, at=AT)
    assert manager_of(world.bergmann, date(2026, 3, 2)) == world.alice


def test_the_database_holds_one_open_assignment(world):
    with pytest.raises(IntegrityError, match="one_open_assignment"), transaction.atomic():
        Assignment.objects.create(partner=world.bergmann, person=world.bob, from_on=SINCE)


def test_only_channel_managers_with_an_open_account_get_partners(world):
    with pytest.raises(Refused, match="no channel manager"):
        assign_manager(world.bergmann, world.dora, SINCE, by=None, at=AT)
    close_account(world.bob, by=None, at=AT)
    with pytest.raises(Refused, match="no channel manager"):
        assign_manager(world.bergmann, Account.objects.get(pk=world.bob.pk), SINCE, by=None, at=AT)


def test_an_assignment_ends_without_successor(world):
    end_assignment(world.bergmann, date(2026, 4, 1), by=world.dora, at=AT)
    end_assignment(world.bergmann, date(2026, 4, 1), by=world.dora, at=AT)
    assert managers_of([world.bergmann.pk, world.kestrel.pk], date(2026, 4, 1)) == {
        world.kestrel.pk: world.bob.pk
    }
    assert managers_of([world.bergmann.pk], date(2026, 3, 31)) == {world.bergmann.pk: world.alice.pk}


def test_managers_of_more_partners_than_a_statement_holds_values(world):
    on, many = date(2026, 3, 31), [world.bergmann.pk, *range(10**6, 10**6 + 70_000)]
    assert (
        managers_of(many, on) == managers_of([world.bergmann.pk], on) == {world.bergmann.pk: world.alice.pk}
    )
    assert managers_of([], on) == {}


def test_contacts_come_change_and_go(world):
    values = {"name": "Änne Zahn", "email": "a@b.example", "roles": "seller, finance"}
    anne = add_contact(world.bergmann, values, by=world.alice, at=AT)
    assert (anne.roles, anne.joined_on, anne.sort_name) == (["seller", "finance"], AT.date(), "anne zahn")
    changed = change_contact(anne, {"roles": ["principal"]}, by=world.alice, at=AT)
    assert changed.roles == ["principal"]
    record_departure(changed, date(2026, 5, 1), by=world.alice, at=AT)
    record_departure(changed, date(2026, 5, 1), by=world.alice, at=AT)
    present = Contact.objects.filter(partner=world.bergmann)
    assert anne in present.present(date(2026, 4, 30))
    assert anne not in present.present(date(2026, 5, 1))
    assert anne not in present.present(date(2026, 3, 1))
    kinds = Event.objects.filter(subject_kind="contact", subject_id=anne.pk).order_by("id")
    assert list(kinds.values_list("kind", flat=True)) == ["contact.joined", "contact.changed", "contact.left"]
    with pytest.raises(Refused, match="left on 2026-05-01"):
        record_departure(changed, date(2026, 6, 1), by=None, at=AT)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": ""}, "name"),
        ({"email": "nobody"}, "email"),
        ({"email": "PETRA@bergmann-systemhaus.example"}, "email"),
        ({"roles": ["boss"]}, "roles"),
        ({"joined_on": "31.01.2026"}, "joined_on"),
    ],
)
def test_a_wrong_contact_is_refused_by_field(world, values, field):
    with pytest.raises(Refused) as refusal:
        add_contact(world.bergmann, {"name": "Anne"} | values, by=None, at=AT)
    assert refusal.value.field == field


def test_nobody_leaves_before_joining(world):
    with pytest.raises(Refused, match="joined on 2025-01-01"):
        record_departure(world.petra, date(2024, 12, 31), by=None, at=AT)


def test_who_sees_which_partners(world):
    everything = {world.bergmann, world.kestrel, world.fjord, world.outsider}
    assert set(visible_to(world.alice, AT)) == {world.bergmann, world.fjord}
    assert set(visible_to(world.bob, AT)) == {world.kestrel}
    assert set(visible_to(world.dora, AT)) == set(visible_to(world.olga, AT)) == everything
    assert not visible_to(world.adam, AT)


def test_a_handed_over_partner_is_seen_from_the_day_on_where_the_manager_is(world):
    assign_manager(world.bergmann, world.bob, date(2026, 4, 1), by=world.dora, at=AT)
    last_evening = AT.replace(month=3, day=31, hour=22, minute=30)  # 00:30 in Berlin, 23:30 in London
    assert world.bergmann not in visible_to(world.alice, last_evening)
    assert world.bergmann not in visible_to(world.bob, last_evening)
    assert world.bergmann in visible_to(world.bob, last_evening.replace(hour=23))


def test_a_closed_account_sees_nothing(world):
    close_account(world.bob, by=None, at=AT)
    assert not visible_to(Account.objects.get(pk=world.bob.pk), AT)


def test_who_may_do_what(world):
    assert not may_add_partner(world.alice) and may_add_partner(world.olga)
    assert may_edit_partner(world.alice) and not may_edit_partner(world.adam)
    assert may_assign(world.dora) and not may_assign(world.alice)
    for deed in (
        lambda: add_partner(ACME, by=world.alice, at=AT),
        lambda: assign_manager(world.outsider, world.alice, SINCE, by=world.alice, at=AT),
        lambda: change_partner(world.kestrel, {"tier": "gold"}, by=world.alice, at=AT),
        lambda: add_contact(world.kestrel, {"name": "Anne"}, by=world.alice, at=AT),
        lambda: record_departure(world.kate, date(2026, 4, 1), by=world.alice, at=AT),
        lambda: change_partner(world.kestrel, {"tier": "gold"}, by=world.adam, at=AT),
    ):
        with pytest.raises(Refused):
            deed()
