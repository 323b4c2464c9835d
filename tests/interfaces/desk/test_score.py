"""The score's page: it shows what the viewer may see, narrows by its address, exports, and asks a constant number of queries."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from drumbeat.apps.partners.actions import add_partner
from drumbeat.apps.people.models import Account
from drumbeat.apps.routines.actions import plan_moments, subscribe

from .scene import AT, Scene

Browser = Callable[[Account], Client]


def page(client: Client, **said: object) -> str:
    return client.get(reverse("score"), said).content.decode()


def test_rows_are_routines_with_their_rate_and_marks(scene: Scene, browser: Browser) -> None:
    text = page(browser(scene.world.dora))
    assert re.findall(r'<th scope="row"><a href="([^"]+)">', text) == [
        "/routines/their-file/",
        "/routines/weekly-word/",
    ]
    assert "Week of 8 Jun: " in text
    assert "line-accent" in text  # the now-line


def test_rows_are_partners_under_their_manager_or_tier(scene: Scene, browser: Browser) -> None:
    by_manager = page(browser(scene.world.dora), rows="partners")
    assert re.findall(r'rowgroup" colspan="3">([^<]+)', by_manager) == ["Alice Ahrens", "Bob Baker"]
    by_tier = page(browser(scene.world.dora), rows="partners", group="tier")
    assert re.findall(r'rowgroup" colspan="3">([^<]+)', by_tier) == ["Platinum", "Gold", "Silver"]
    assert f'href="{reverse("occurrence", args=[scene.mine.occurrence_id])}"' in page(
        browser(scene.world.dora), rows="partners", zoom="month"
    )


def test_a_channel_manager_sees_his_own_partners_alone(scene: Scene, browser: Browser) -> None:
    text = page(browser(scene.world.alice), rows="partners")
    assert "Bergmann" in text
    assert "Kestrel" not in text
    assert "Kestrel" not in page(browser(scene.world.alice), rows="partners", partner=scene.world.kestrel.pk)
    assert 'name="manager"' not in text


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ({"routine": "their-file"}, {"/routines/their-file/"}),
        ({"manager": "bob"}, {"/routines/their-file/", "/routines/weekly-word/"}),
        ({"tier": "registered"}, set()),
        ({"state": "waived"}, set()),
        (
            {"on": "1999-13-01", "zoom": "decade", "rows": "cows", "page": "x"},
            {"/routines/their-file/", "/routines/weekly-word/"},
        ),
    ],
)
def test_filters_stand_in_the_address(
    scene: Scene, browser: Browser, said: dict[str, str], shown: set[str]
) -> None:
    said = {name: str(scene.world.bob.pk) if name == "manager" else value for name, value in said.items()}
    text = page(browser(scene.world.dora), **said)
    assert set(re.findall(r'<th scope="row"><a href="([^"]+)">', text)) == shown
    assert shown or "No mark matches these filters" in text


def test_a_state_keeps_only_the_partners_where_it_is_found(scene: Scene, browser: Browser) -> None:
    text = page(browser(scene.world.dora), rows="partners", state="overdue")
    assert "overdue and open</title>" in text
    assert "10:00 · kept on time" not in text


def test_a_phone_is_shown_a_quarter(scene: Scene, browser: Browser) -> None:
    client = browser(scene.world.alice)
    told = client.get(reverse("score"), headers={"user-agent": "Mozilla/5.0 (Linux) Mobile"}).content.decode()
    assert "April to June 2026" in told


def test_steps_lead_to_the_stretch_before_and_after(scene: Scene, browser: Browser) -> None:
    client = browser(scene.world.alice)
    for zoom, before, after in (
        ("year", "2025", "2027"),
        ("quarter", "January to March", "July to September"),
        ("month", "May", "July"),
    ):
        text = page(client, zoom=zoom)
        for rel, title in (("prev", before), ("next", after)):
            address = re.search(rf'href="([^"]+)" rel="{rel}"', text)
            assert address
            assert (
                f"<strong>{title}"
                in client.get(reverse("score") + address[1].replace("&amp;", "&")).content.decode()
            )


def test_an_empty_house_is_taught(db: None, browser: Browser) -> None:
    from tests.world import build_world

    assert "Nothing to play yet" in page(browser(build_world().dora))


def test_marks_are_exported_one_a_line(scene: Scene, browser: Browser) -> None:
    answer = browser(scene.world.alice).get(reverse("score"), {"export": "csv", "zoom": "month"})
    rows = b"".join(answer).decode("utf-8-sig").splitlines()
    assert rows[0] == "Routine,Partner or manager,Due,State,Moved from,Occurrence"
    assert any(
        row.startswith("Weekly word,Bergmann Systemhaus,2026-06-09 10:00,due today,,/occurrences/")
        for row in rows
    )
    assert any(row.startswith("Weekly word,Bergmann Systemhaus,2026-06-30 10:00,to come,,") for row in rows)
    assert not any("Kestrel" in row for row in rows)


@pytest.mark.parametrize("rows", ["routines", "partners"])
def test_queries_are_constant(scene: Scene, browser: Browser, rows: str) -> None:
    client = browser(scene.world.dora)

    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page(client, rows=rows)
        return len(queries)

    before = (count(), count())[1]
    values = {"type": "var", "tier": "gold", "country": "DE", "status": "active", "joined_on": AT.date()}
    more = [add_partner(values | {"name": f"Neu {n} GmbH"}, by=None, at=AT) for n in range(5)]
    for routine in (scene.weekly, scene.file):
        subscribe(routine, more, on=AT.date())
        plan_moments(at=AT, routines=[routine])
    assert "Neu 4 GmbH" in page(client, rows="partners")
    assert count() == before
