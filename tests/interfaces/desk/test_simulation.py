"""Simulation and capacity on their pages: today beside a change, rows behind figures, files, refusals, phases moved and put
back; nothing is written by looking."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.test import Client

from drumbeat.apps.people.models import Account
from drumbeat.apps.routines.actions import plan_moments, publish_version
from drumbeat.apps.routines.models import Moment, Smoothing, Subscription, Version

from .scene import AT, WEEKLY, Scene

Browser = Callable[[Account], Client]
WINDOW = {"from": "2026-07-01", "until": "2026-10-01"}
MONTHLY = WEEKLY.replace("FREQ=WEEKLY;BYDAY=TU", "FREQ=MONTHLY;BYMONTHDAY=14").replace(
    "roll: following", "roll: following, spread: 9bd"
)


def text_of(response: Any) -> str:
    assert response.status_code == 200
    return response.content.decode()


def test_the_channel_as_it_is_with_figures_charts_and_tables(scene: Scene, browser: Browser) -> None:
    page = text_of(browser(scene.world.dora).get("/simulation/", WINDOW))
    assert "1 Jul 2026 until 1 Oct 2026" in page and page.count('class="load"') == 2
    assert "Alice Ahrens" in page and "With the change" not in page and "July 2026" in page


def test_a_published_routine_and_a_text_stand_beside_today_and_nothing_is_written(
    scene: Scene, browser: Browser
) -> None:
    dora, before = browser(scene.world.dora), (Version.objects.count(), Moment.objects.count())
    page = text_of(dora.get("/simulation/", WINDOW | {"routine": "weekly-word"}))
    assert "is live: beside today" in page and "With the change" in page
    page = text_of(dora.post("/simulation/", WINDOW | {"text": WEEKLY.replace("BYDAY=TU", "BYDAY=MO")}))
    assert 'name="rows" value="manager.' in page and "is live" in page
    page = text_of(dora.get("/simulation/", WINDOW | {"routine": "partner-pulse"}))
    assert "no such version" in page.lower()
    page = text_of(dora.get("/simulation/", WINDOW | {"routine": "newsletter"}))
    assert "is not live: beside today" in page
    assert (Version.objects.count(), Moment.objects.count()) == before


def test_a_wrong_text_and_a_wrong_window_are_told_in_words(scene: Scene, browser: Browser) -> None:
    dora = browser(scene.world.dora)
    assert "FREQ" in text_of(
        dora.post("/simulation/", WINDOW | {"text": WEEKLY.replace("WEEKLY;", "OFTEN;")})
    )
    page = text_of(dora.get("/simulation/", {"from": "2026-10-01", "until": "2026-07-01"}))
    assert "ends before it begins" in page.lower() or "ends before" in page.lower()
    assert text_of(
        dora.get("/simulation/", {"from": "x", "until": "\x00", "version": "9" * 30, "rows": "a.b,manager.x"})
    )


def test_rows_behind_a_figure_are_as_many_as_the_figure_says(scene: Scene, browser: Browser) -> None:
    dora = browser(scene.world.dora)
    told = json.loads(dora.get("/simulation/", WINDOW | {"export": "json"}).content)
    manager = next(n for n, row in enumerate(told["loads"]["rows"]) if row[0] == "Alice Ahrens") // 14
    counted = next(row[1] for row in told["managers"]["rows"] if row[0] == "Alice Ahrens")
    response = dora.get("/simulation/", WINDOW | {"rows": f"manager.{manager}"})
    assert len(response.context["rows"]) == min(counted, 200) > 10
    csv = b"".join(dora.get("/simulation/", WINDOW | {"export": "csv", "table": "months"})).decode()
    assert csv.startswith("\ufeffMonth,") and "August 2026" in csv


def test_the_simulation_asks_the_same_queries_with_more_partners(
    scene: Scene, browser: Browser, django_assert_max_num_queries: Any
) -> None:
    dora = browser(scene.world.dora)
    dora.get("/simulation/", WINDOW)
    with django_assert_max_num_queries(30):
        dora.get("/simulation/", WINDOW)


def test_capacity_suggests_phases_moves_them_and_puts_them_back(scene: Scene, browser: Browser) -> None:
    world, dora = scene.world, browser(scene.world.dora)
    publish_version(MONTHLY, by=None, at=AT)
    plan_moments(at=AT)
    Subscription.objects.update(phase=0)
    page = dora.get("/capacity/", {"manager": world.alice.pk})
    assert "partners fit one channel manager" in text_of(page) and "Alice Ahrens" in text_of(page)
    found, phases = page.context["suggestion"], dict(Subscription.objects.values_list("pk", "phase"))
    assert found["shifts"] and found["after"] < found["before"]
    stale = dora.post("/capacity/smoothings/", {"manager": world.alice.pk, "seal": "old"}, follow=True)
    assert "has changed since" in text_of(stale) and not Smoothing.objects.exists()
    done = dora.post("/capacity/smoothings/", {"manager": world.alice.pk, "seal": found["seal"]}, follow=True)
    assert "phases moved" in text_of(done)
    assert dict(Subscription.objects.values_list("pk", "phase")) != phases
    dora.post(f"/capacity/smoothings/{Smoothing.objects.get().pk}/", {"_method": "delete"})
    assert dict(Subscription.objects.values_list("pk", "phase")) == phases


def test_capacity_is_one_file_with_the_figures_of_its_page(scene: Scene, browser: Browser) -> None:
    dora = browser(scene.world.dora)
    told = json.loads(dora.get("/capacity/", {"export": "json"}).content)
    rows = dora.get("/capacity/").context["rows"]
    columns = told["managers"]["columns"]
    for row, line in zip(rows, told["managers"]["rows"], strict=True):
        named = dict(zip(columns, line, strict=True))
        assert named["Manager"] == row["person"].name and named["Partners now"] == row["partners"]
        assert (named["Needed in all"], named["Partners that fit"]) == (row["needed"], row["fits"])
    assert [name for name, _ in told["needs"]["rows"]] and len(told["everybody"]["rows"]) == 1
    csv = b"".join(dora.get("/capacity/", {"export": "csv"})).decode()
    assert csv.startswith("\ufeffManager,Working hours") and len(csv.splitlines()) == len(rows) + 1
