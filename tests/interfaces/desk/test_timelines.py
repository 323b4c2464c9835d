"""The pages of timelines: what they show, how they are narrowed, paged and exported, and at what cost."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import date

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from drumbeat.apps.partners.models import Partner
from drumbeat.apps.people.models import Account
from drumbeat.interfaces.desk import timelines
from drumbeat.workflows.closing import merge_partners

from .scene import AT, Scene

Browser = Callable[[Account], Client]


@pytest.fixture
def alice(scene: Scene, browser: Browser) -> Client:
    return browser(scene.world.alice)


def url_of(partner: Partner, query: str = "") -> str:
    return reverse("partner_timeline", args=[partner.key]) + query


def test_lines_stand_under_their_days_and_lead_to_their_things(scene: Scene, alice: Client) -> None:
    page = alice.get(url_of(scene.world.bergmann)).content.decode()
    assert "Today, 9 Jun" in page
    assert f'href="{reverse("message", args=[scene.letter.pk])}"' in page
    assert f'href="{reverse("promise", args=[scene.mine.occurrence.promise_id])}"' in page
    assert "Kestrel" not in page


def test_kind_and_days_narrow_and_nonsense_is_told(scene: Scene, alice: Client) -> None:
    mails = alice.get(url_of(scene.world.bergmann, "?kind=mail&from=2026-06-01")).content.decode()
    assert "Mail waiting" in mails and "Weekly word" not in mails
    odd = alice.get(url_of(scene.world.bergmann, "?kind=fax&from=soon&before=x~y~z")).content.decode()
    assert "no kind &#x27;fax&#x27;" in odd and "&#x27;soon&#x27; is no date" in odd
    none = alice.get(url_of(scene.world.bergmann, "?kind=approval")).content.decode()
    assert "Nothing of this kind" in none


def test_pages_follow_each_other(scene: Scene, alice: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timelines, "PAGE", 10)
    url, seen = url_of(scene.world.bergmann), 0
    while url:
        context = alice.get(url).context
        seen += sum(len(day["lines"]) for day in context["days"])
        older = context["older_url"]
        url = url_of(scene.world.bergmann, older) if older else ""
    assert seen == len(exported(alice, scene.world.bergmann))


def exported(client: Client, partner: Partner) -> list[dict[str, str]]:
    return json.loads(client.get(url_of(partner, "?export=json")).getvalue())


def test_the_same_lines_leave_as_csv_xlsx_and_json(scene: Scene, alice: Client) -> None:
    partner = scene.world.bergmann
    rows = exported(alice, partner)
    text = alice.get(url_of(partner, "?export=csv")).getvalue().decode("utf-8-sig")
    book = openpyxl.load_workbook(io.BytesIO(alice.get(url_of(partner, "?export=xlsx")).getvalue()))
    assert len(rows) == len(list(csv.DictReader(io.StringIO(text)))) == book.active.max_row - 1 > 20
    assert rows[0]["at"].startswith("2026-06-09T")
    assert {row["kind"] for row in rows} >= {"Mail", "Ledger", "Commitments", "Reports"}
    assert any(row["url"].startswith("http://testserver/promises/") for row in rows)


def test_queries_are_constant(scene: Scene, alice: Client) -> None:
    def count(partner: Partner) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert alice.get(url_of(partner)).status_code == 200
        return len(queries)

    assert count(scene.world.bergmann) == count(scene.world.fjord) <= 12


def test_the_story_of_a_merged_partner_is_told_on(scene: Scene, alice: Client) -> None:
    world = scene.world
    before = len(exported(alice, world.fjord))
    merge_partners(world.bergmann, world.fjord, by=world.dora, at=AT)
    assert len(exported(alice, world.fjord)) > before
    assert any("Petra" in row["who"] for row in exported(alice, world.fjord))


def test_a_contact_has_a_page_and_an_empty_one_teaches(scene: Scene, alice: Client) -> None:
    page = alice.get(reverse("contact_timeline", args=[scene.world.petra.pk])).content.decode()
    assert "Send the list" in page
    empty = alice.get(reverse("contact_timeline", args=[scene.world.nils.pk]) + f"?until={date(2020, 1, 1)}")
    assert "Nothing of this kind" in empty.content.decode()
