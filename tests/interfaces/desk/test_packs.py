"""The pages of packs: prepared by one click, written to, kept, presented, and what the partner's version leaves out."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from drumbeat.apps.packs.models import Remark
from drumbeat.apps.people.models import Account
from drumbeat.apps.reports.models import Edition

from .scene import Scene

Browser = Callable[[Account], Client]


@pytest.fixture
def alice(scene: Scene, browser: Browser) -> Client:
    return browser(scene.world.alice)


def section_url(scene: Scene, section: str = "asks") -> str:
    return reverse("pack_section", args=[scene.pack.pk, section])


def test_one_click_prepares_a_pack(scene: Scene, alice: Client) -> None:
    before = Edition.objects.count()
    response = alice.post(reverse("partner_pack", args=[scene.world.bergmann.key]))
    edition = Edition.objects.latest("pk")
    assert Edition.objects.count() == before + 1 and edition.report == "quarter-pack"
    assert response["Location"] == reverse("pack", args=[edition.pk])
    page = alice.get(response["Location"]).content.decode()
    assert "Packs of this quarter" in page and "Commitments for the next quarter" in page
    assert alice.post(reverse("partner_pack", args=[scene.world.kestrel.key])).status_code == 404


def test_words_are_written_shown_as_text_and_kept_in_versions(scene: Scene, alice: Client) -> None:
    for number, text in enumerate(("First **words**", "Then <script>x</script>")):
        answer = alice.post(section_url(scene), {"text": text, "after": number})
        assert answer["Location"].endswith("#asks")
    page = alice.get(reverse("pack", args=[scene.pack.pk])).content.decode()
    assert "2 versions" in page and "Then &lt;script&gt;" in page and "<script>x" not in page
    versions = alice.get(section_url(scene)).content.decode()
    assert "<strong>words</strong>" in versions and "Version 2" in versions


def test_what_was_typed_stays_when_another_was_faster(scene: Scene, alice: Client, browser: Browser) -> None:
    browser(scene.world.dora).post(section_url(scene), {"text": "Dora's", "after": 0})
    answer = alice.post(section_url(scene), {"text": "Alice's long thought", "after": 0})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Alice&#x27;s long thought" in page and "Dora Dietrich wrote to this section meanwhile" in page
    assert Remark.objects.get().text == "Dora's"


def test_the_partners_version_leaves_out_what_is_internal(scene: Scene, alice: Client) -> None:
    alice.post(section_url(scene, "quarter"), {"text": "Between us", "after": 0, "is_internal": "on"})
    url = reverse("pack_presentation", args=[scene.pack.pk])
    ours, theirs = (alice.get(url + query).content.decode() for query in ("", "?for=partner"))
    assert "Between us" in ours and "Between us" not in theirs
    assert " in figures" in ours and " in figures" not in theirs
    assert "/promises/" not in theirs, "nothing leads into the house"
    file = alice.get(reverse("pack_slides", args=[scene.pack.pk]) + "?for=partner")
    assert file["Content-Type"] == "application/pdf" and file.content.startswith(b"%PDF")


def test_other_reports_are_no_packs(scene: Scene, alice: Client) -> None:
    assert alice.get(reverse("pack", args=[scene.edition.pk])).status_code == 404
    assert alice.get(section_url(scene, "weather")).status_code == 404


def test_queries_do_not_grow_with_words(scene: Scene, alice: Client) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            alice.get(reverse("pack", args=[scene.pack.pk]))
        return len(queries)

    count()
    before = count()
    for section in ("asks", "quarter", "commitments"):
        alice.post(section_url(scene, section), {"text": "Words", "after": 0})
    assert count() == before <= 20
