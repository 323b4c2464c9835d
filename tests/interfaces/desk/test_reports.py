"""Reports at the desk: drawn as known now, kept, led down to rows, compared and corrected."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from drumbeat.apps.deals.actions import submit_deal
from drumbeat.apps.people.models import Account
from drumbeat.apps.reports.compositions import COMPOSITIONS
from drumbeat.apps.reports.models import Edition

from .scene import Scene

Browser = Callable[[Account], Client]


def test_the_list_names_every_report(scene: Scene, browser: Browser) -> None:
    page = unescape(browser(scene.world.dora).get(reverse("reports")).content.decode())
    assert all(one.name in page for one in COMPOSITIONS.values())


@pytest.mark.parametrize("report", COMPOSITIONS)
def test_every_report_is_drawn_now_for_director_and_manager(
    scene: Scene, browser: Browser, report: str
) -> None:
    for person in (scene.world.dora, scene.world.alice):
        response = browser(person).get(reverse("report_now", args=[report]))
        assert response.status_code == 200
        assert COMPOSITIONS[report].name in unescape(response.content.decode())


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "yesterday"])
def test_a_day_that_nothing_is_known_of_is_now(scene: Scene, browser: Browser, day: str) -> None:
    url = reverse("report_now", args=["pipeline-review"])
    assert browser(scene.world.dora).get(url, {"as_of": day}).status_code == 200


def test_a_manager_asks_about_his_own_partners_alone(scene: Scene, browser: Browser) -> None:
    url = reverse("report_now", args=["partner-scorecard"])
    page = (
        browser(scene.world.alice).get(url, {"about": f"partner:{scene.world.kestrel.key}"}).content.decode()
    )
    assert "Kestrel" not in page
    theirs = (
        browser(scene.world.dora).get(url, {"about": f"partner:{scene.world.kestrel.key}"}).content.decode()
    )
    assert "Kestrel" in theirs


def test_what_is_shown_can_be_kept_and_read_as_files(scene: Scene, browser: Browser) -> None:
    client, url = browser(scene.world.alice), reverse("report_now", args=["pipeline-review"])
    assert client.get(url, {"form": "xlsx"}).content.startswith(b"PK")
    before = Edition.objects.count()
    kept = client.post(
        reverse("report_editions", args=["pipeline-review"]), {"about": f"person:{scene.world.alice.pk}"}
    )
    assert kept.status_code == 302
    assert Edition.objects.count() == before + 1
    assert Edition.objects.first().person == scene.world.alice


def test_a_figure_leads_to_its_rows_as_they_were(scene: Scene, browser: Browser) -> None:
    client, at = browser(scene.world.alice), scene.world.at
    submit_deal(scene.world.bergmann, "Nordlicht AG", Decimal(12_000), "EUR", by=None, at=at)
    client.post(
        reverse("report_editions", args=["pipeline-review"]), {"about": f"person:{scene.world.alice.pk}"}
    )
    edition = Edition.objects.first()
    page = client.get(reverse("report", args=[edition.pk])).content.decode()
    (url, *_) = (unescape(url) for url in re.findall(r'href="(/reports/\d+/rows/[^"]+)"', page))
    rows = client.get(url).content.decode()
    assert "Nordlicht AG" in rows
    assert (
        client.get(url.split("?")[0], {"of": "figure:sell_through||"}).status_code == 404
    )  # not of this edition
    assert client.get(url + "&export=csv").status_code == 200


def test_then_and_now_stand_side_by_side(scene: Scene, browser: Browser) -> None:
    client = browser(scene.world.alice)
    page = client.get(reverse("report_comparison", args=[scene.edition.pk])).content.decode()
    assert "Then and now" in page
    answer = client.post(reverse("report_correction", args=[scene.edition.pk]), follow=True).content.decode()
    assert "corrected" in answer or "otherwise" in answer
