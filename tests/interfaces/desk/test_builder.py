"""The report builder in a browser without scripts: picked, drawn, saved, shared, duplicated, retired; and what it refuses."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from drumbeat.apps.partners.actions import add_partner
from drumbeat.apps.people.models import Account
from drumbeat.apps.reports.models import Edition
from drumbeat.apps.routines.actions import publish_version, start_routine
from drumbeat.apps.savedreports.models import SavedReport
from drumbeat.core.playbook import RoutineErrors

from .scene import AT, WEEKLY, Scene

Browser = Callable[[Account], Client]
PICKED = {
    "metric": ["promises_judged", "on_time_rate"], "by": ["partner_name"], "window": "this_year", "against": "", "chart": "bars",
}  # fmt: skip
NAMED = {**PICKED, "title": "Judged by partner", "purpose": "For the talk", "readers": ["channel_manager"]}


def page(client: Client, url: str, **told: Any) -> str:
    response = client.get(url, told)
    assert response.status_code == 200
    return unescape(response.content.decode())


def save(client: Client, **changes: Any) -> SavedReport:
    assert client.post(reverse("new_report"), {**NAMED, **changes}).status_code == 302
    return SavedReport.objects.latest("pk")


def test_what_is_picked_is_drawn_and_saved_and_read(scene: Scene, browser: Browser) -> None:
    client = browser(scene.world.olga)
    drawn = page(client, reverse("new_report"), **PICKED)
    assert "Promises judged by partner" in drawn and "Kestrel" in drawn and drawn.count("<svg") == 2
    report = save(client)
    shown = page(client, reverse("report_now", args=[report.key]))
    assert "Judged by partner" in shown and "Kestrel" in shown
    assert "mine, shared" in page(client, reverse("reports"))
    for form, start in (
        ("pdf", b"%PDF"),
        ("xlsx", b"PK"),
        ("json", b"{"),
        ("csv", b"PK"),
        ("md", b"**In total"),
    ):
        response = client.get(reverse("report_now", args=[report.key]), {"form": form})
        assert response.content.startswith(start)


def test_a_manager_is_told_of_his_own_partners_alone(scene: Scene, browser: Browser) -> None:
    report = save(browser(scene.world.olga), readers=["channel_manager", "director"])
    alice, url = browser(scene.world.alice), reverse("report_now", args=[report.key])
    shown = page(alice, url)
    assert "Bergmann" in shown and "Kestrel" not in shown
    asked = {"about": f"partner:{scene.world.kestrel.key}"}
    assert "Kestrel" not in page(alice, url, **asked)
    assert "Kestrel" not in page(alice, reverse("new_report"), **PICKED, **asked)
    rows = reverse("report_rows_now", args=[report.key])
    of = f"figure:promises_judged|2026-01-01|2026-06-10|partner={scene.world.kestrel.key}"
    assert "No rows lie behind" in page(alice, rows, of=of, **asked)
    assert "No rows lie behind" not in page(browser(scene.world.dora), rows, of=of)
    alice.post(reverse("report_editions", args=[report.key]), asked)
    assert Edition.objects.latest("pk").person == scene.world.alice


def test_figures_lead_down_to_rows(scene: Scene, browser: Browser) -> None:
    client = browser(scene.world.olga)
    report = save(client)
    shown = page(client, reverse("report_now", args=[report.key]))
    link = next(
        part.split('"')[0] for part in shown.split('href="') if "/rows/?" in part and "partner%3D" in part
    )
    assert "row" in page(client, link)
    assert client.get(link + "&export=csv")["Content-Type"].startswith("text/csv")
    for bad in ("figure:nonsense|x|y", "partner:1", "figure:sell_through", "figure:cells|||stage=won"):
        assert client.get(reverse("report_rows_now", args=[report.key]), {"of": bad}).status_code == 404


def test_filters_offer_only_values_of_partners_that_the_reader_sees(scene: Scene, browser: Browser) -> None:
    asked = {**PICKED, "dimension": "partner_name", "value": "Bergmann Systemhaus"}
    assert 'value="Kestrel' in page(browser(scene.world.dora), reverse("new_report"), **asked)
    assert 'value="Kestrel' not in page(browser(scene.world.alice), reverse("new_report"), **asked)


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"metric": "sell_throgh"}, "There is no metric 'sell_throgh'. Did you mean sell_through?"),
        ({"by": "stage"}, "Promises judged can't be split by stage. It can be split by year"),
        (
            {"window": "given", "from_on": "2026-03-01", "last_on": "2026-02-01"},
            "The window ends before it begins",
        ),
        ({"window": "given", "from_on": "soon"}, "A day of the window is missing"),
        ({"most": "900"}, "Show 1 to 200"),
        ({"chart": "lines"}, "Lines go over time. Split by month"),
    ],
)
def test_bad_input_is_told_at_its_field_and_saved_by_nobody(
    scene: Scene, browser: Browser, sent: dict[str, Any], told: str
) -> None:
    client = browser(scene.world.dora)
    assert told in page(client, reverse("new_report"), **{**PICKED, **sent})
    refused = client.post(reverse("new_report"), {**NAMED, **sent})
    assert refused.status_code == 400 and told in unescape(refused.content.decode())
    assert 'value="Judged by partner"' in unescape(refused.content.decode())
    assert not SavedReport.objects.exists()


def test_a_manager_builds_nothing_that_is_told_of_all_alone(scene: Scene, browser: Browser) -> None:
    asked = {"metric": "quota", "window": "last_month"}
    assert "the whole channel alone" in page(browser(scene.world.alice), reverse("new_report"), **asked)
    report = save(browser(scene.world.olga), metric="quota", by="", chart="")
    assert "the whole channel alone" in page(
        browser(scene.world.alice), reverse("report_now", args=[report.key])
    ).replace("About the", "the")


def test_a_private_one_is_its_owners_alone_and_a_copy_is_the_copiers(scene: Scene, browser: Browser) -> None:
    alice, dora = browser(scene.world.alice), browser(scene.world.dora)
    private = save(alice, readers=[])
    for url in (reverse("report_now", args=[private.key]), reverse("built_report", args=[private.key])):
        assert dora.get(url).status_code == 404
    assert dora.get(reverse("new_report"), {"from": private.key}).status_code == 404
    shared = save(alice, title="Shared", readers=["director"])
    assert dora.get(reverse("built_report", args=[shared.key]))["Location"].endswith(f"?from={shared.key}")
    assert "Shared, copy" in page(dora, reverse("new_report"), **{"from": shared.key})
    change = {**NAMED, "title": "Taken over"}
    dora.post(reverse("built_report", args=[shared.key]), change)
    assert not SavedReport.objects.filter(title="Taken over").exists()
    alice.post(reverse("built_report", args=[shared.key]), change)
    assert SavedReport.objects.get(key=shared.key).title == "Taken over"


def test_it_is_retired_only_when_no_routine_builds_it(scene: Scene, browser: Browser) -> None:
    client = browser(scene.world.olga)
    report = save(client)
    step = f"  - {{step: build, kind: report, title: Build, report: {report.key}, due: 0}}\n"
    text = WEEKLY.replace("weekly-word", "our-report")
    routine = publish_version(text + step, by=None, at=AT).routine
    start_routine(routine, by=None, at=AT)
    url = reverse("built_report", args=[report.key])
    refused = client.post(url, {"_method": "delete"}, follow=True)
    assert "is built by Weekly word" in unescape(refused.content.decode())
    publish_version(text, by=None, at=AT)
    client.post(url, {"_method": "delete"})
    assert client.get(reverse("report_now", args=[report.key])).status_code == 404
    with pytest.raises(RoutineErrors, match="there is no report own-judged-by-partner"):
        publish_version(text + step, by=None, at=AT)


def test_more_partners_cost_no_more_questions(scene: Scene, browser: Browser) -> None:
    client = browser(scene.world.olga)
    few = asked(client)
    for n in range(12):
        add_partner({"name": f"More {n}", "type": "var", "country": "DE", "status": "active"}, by=None, at=AT)
    assert asked(client) == few


def asked(client: Client) -> int:
    with CaptureQueriesContext(connection) as queries:
        page(client, reverse("new_report"), **PICKED)
    return len(queries)
