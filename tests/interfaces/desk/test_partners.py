"""Partners, their contacts and managers: pages show, forms change, refusals stand beside their field."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from django.test import Client
from django.urls import reverse

from drumbeat.apps.partners.actions import add_partner, assign_manager
from drumbeat.apps.partners.models import Contact, Partner
from drumbeat.apps.partners.queries import manager_of
from drumbeat.apps.people.models import Account
from drumbeat.apps.routines.actions import open_due, plan_moments, subscribe
from drumbeat.apps.sales.actions import record_sell_through

from .scene import AT, START, Scene

Browser = Callable[[Account], Client]
VALUES = {
    "name": "Nordwind GmbH", "type": "var", "status": "active", "tier": "gold", "country": "DE", "language": "de",
}  # fmt: skip


def rows_of(response) -> list[str]:
    return [row[0][1].text for row in response.context["list"].rows]


def test_a_manager_sees_his_partners_and_a_director_all(scene: Scene, browser: Browser) -> None:
    url = reverse("partners")
    assert rows_of(browser(scene.world.alice).get(url)) == ["Bergmann Systemhaus", "Fjord Data"]
    assert len(rows_of(browser(scene.world.dora).get(url))) == 4


def test_filters_of_the_list(scene: Scene, browser: Browser) -> None:
    client, url = browser(scene.world.dora), reverse("partners")
    assert rows_of(client.get(url, {"manager": "none"})) == ["Outsider Ltd"]
    assert rows_of(client.get(url, {"manager": scene.world.bob.pk})) == ["Kestrel Cloud"]
    assert rows_of(client.get(url, {"country": "NO", "tier": "platinum"})) == ["Fjord Data"]
    assert "No partners found" in client.get(url, {"q": "nowhere"}).content.decode()


def test_the_whole_list_as_a_file(scene: Scene, browser: Browser) -> None:
    response = browser(scene.world.alice).get(reverse("partners"), {"export": "csv"})
    text = b"".join(response).decode("utf-8-sig")
    assert text.splitlines()[0].startswith("Partner,We kept,They kept,Type")
    assert "Fjord Data,80" in text
    assert "Kestrel" not in text


def sell(scene: Scene, amount: int, *months: date) -> None:
    for month in months:
        record_sell_through(scene.world.bergmann, month, Decimal(amount), "EUR", received_at=AT)


def test_a_year_is_compared_with_the_one_before_only_where_figures_reach_back_to_its_beginning(
    scene: Scene, browser: Browser
) -> None:
    client, url = browser(scene.world.alice), reverse("partner", args=[scene.world.bergmann.key])
    sell(scene, 300, date(2025, 6, 1), date(2026, 5, 1))
    sell(scene, 200, date(2025, 5, 1))
    assert client.get(url).context["sold"] == {"amount": "€600", "change": ""}
    sell(scene, 300, date(2024, 6, 1))
    assert client.get(url).context["sold"] == {"amount": "€600", "change": "+20 %"}


def grow(scene: Scene, number: int) -> None:
    """More partners on the same routines, with managers and open steps."""
    for count in range(number):
        values = {"name": f"Further {count}", "type": "msp", "country": "DE", "status": "active"}
        partner = add_partner(values, by=None, at=START)
        assign_manager(partner, scene.world.alice, START.date(), by=None, at=START)
        subscribe(scene.weekly, [partner], on=START.date())
    plan_moments(at=START, routines=[scene.weekly])
    open_due(at=AT)


def test_pages_ask_a_constant_number_of_questions(
    scene: Scene, browser: Browser, django_assert_num_queries
) -> None:
    client = browser(scene.world.alice)
    pages = {
        "today": reverse("today"),
        "partners": reverse("partners"),
        "partner": reverse("partner", args=[scene.world.bergmann.key]),
        "contacts": reverse("contacts"),
        "promises": reverse("promises"),
        "routines": reverse("routines"),
        "routine": reverse("routine", args=["weekly-word"]),
        "subjects": reverse("routine_subjects", args=["weekly-word"]),
        "meetings": reverse("meetings"),
        "outbox": reverse("outbox"),
    }
    before = {name: count_queries(client, url) for name, url in pages.items()}
    grow(scene, 3)
    after = {name: count_queries(client, url) for name, url in pages.items()}
    assert after == before
    assert max(after.values()) <= 40


def count_queries(client: Client, url: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(url)  # fills what a process keeps: sessions, playbooks, calendars
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    return len(asked)


def test_adding_a_partner(scene: Scene, browser: Browser) -> None:
    response = browser(scene.world.olga).post(reverse("new_partner"), VALUES, follow=True)
    partner = Partner.objects.get(key="nordwind-gmbh")
    assert partner.zone == "Europe/Berlin"
    assert response.redirect_chain == [(f"/partners/{partner.key}/", 302)]
    assert "Nordwind GmbH is added" in response.content.decode()


def test_what_is_refused_stands_beside_its_field(scene: Scene, browser: Browser) -> None:
    client = browser(scene.world.olga)
    wrong = VALUES | {"country": "US", "subdivision": "Bavaria"[:6]}
    response = client.post(reverse("new_partner"), wrong)
    assert response.status_code == 200
    assert "subdivision" in response.context["form"].errors
    assert response.context["form"]["name"].value() == "Nordwind GmbH"
    assert not Partner.objects.filter(name="Nordwind GmbH").exists()
    missing = client.post(reverse("new_partner"), VALUES | {"name": " "})
    assert "name" in missing.context["form"].errors


def test_changing_a_partner_keeps_what_was_not_touched(scene: Scene, browser: Browser) -> None:
    partner, client = scene.world.bergmann, browser(scene.world.alice)
    url = reverse("partner_profile", args=[partner.key])
    values = {key: value for key, value in client.get(url).context["form"].initial.items() if value}
    client.post(url, values | {"city": "Stuttgart"})
    partner.refresh_from_db()
    assert (partner.city, partner.tier, partner.subdivision, partner.gives_pos) == (
        "Stuttgart",
        "gold",
        "BW",
        True,
    )


def test_a_contact_comes_changes_and_leaves(scene: Scene, browser: Browser) -> None:
    client, partner = browser(scene.world.alice), scene.world.bergmann
    values = {
        "name": "Ruth Egger",
        "email": "ruth@bergmann.example",
        "roles": ["seller", "marketing"],
        "joined_on": "2026-06-01",
    }
    client.post(reverse("new_contact", args=[partner.key]), values)
    contact = Contact.objects.get(name="Ruth Egger")
    assert contact.roles == ["seller", "marketing"]
    again = client.post(reverse("new_contact", args=[partner.key]), values)
    assert "email" in again.context["form"].errors
    client.post(reverse("contact", args=[contact.pk]), values | {"name": "Ruth Egger-Lang"})
    early = client.post(reverse("departure", args=[contact.pk]), {"left_on": "2020-01-01"})
    assert "left_on" in early.context["departure"].errors
    client.post(reverse("departure", args=[contact.pk]), {"left_on": "2026-06-08"})
    contact.refresh_from_db()
    assert (contact.name, str(contact.left_on)) == ("Ruth Egger-Lang", "2026-06-08")
    assert "left 8 Jun" in client.get(reverse("partner_people", args=[partner.key])).content.decode().replace(
        "yesterday", "8 Jun"
    )


def test_a_director_says_who_looks_after_a_partner(scene: Scene, browser: Browser) -> None:
    client, partner = browser(scene.world.dora), scene.world.outsider
    url = reverse("partner_assignment", args=[partner.key])
    refused = client.post(url, {"person": scene.world.dora.pk, "from_on": "2026-06-09"})
    assert "person" in refused.context["form"].errors
    client.post(url, {"person": scene.world.bob.pk, "from_on": "2026-06-09"})
    assert manager_of(partner, AT.date()) == scene.world.bob
    forbidden = browser(scene.world.alice).post(
        url, {"person": scene.world.alice.pk, "from_on": "2026-06-09"}
    )
    assert forbidden.status_code == 403
