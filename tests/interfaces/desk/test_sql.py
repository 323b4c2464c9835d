"""The page of SQL: an answer as page and files, what is refused, and the log. What the role may do is tested with it."""

from __future__ import annotations

import io
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from drumbeat.apps.inquiries.models import Inquiry
from drumbeat.apps.people.models import Account
from tests.apps.inquiries.conftest import laid_out as laid_out
from tests.world import World, build_world

from .scene import AT

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("laid_out")]
ASKED = (
    "SELECT key, length(name) AS letters, '=1+1' AS formula, jsonb '[1]' AS list FROM partners ORDER BY key"
)


@pytest.fixture
def world(db: None, at_moment: Callable) -> World:
    at_moment(AT)
    return build_world(at=AT)


def post(client: Client, text: str, form: str = "page"):
    return client.post(reverse("sql"), {"text": text, "form": form})


def test_an_answer_is_a_page_and_files_and_stands_in_the_log(
    world: World, browser: Callable[[Account], Client]
) -> None:
    client = browser(world.olga)
    page = unescape(post(client, ASKED).content.decode())
    assert "bergmann-systemhaus" in page and ">19</td>" in page and "Olga" in page
    csv = b"".join(post(client, ASKED, "csv").streaming_content).decode()
    assert "bergmann-systemhaus,19,'=1+1,[1]" in csv
    sheet = load_workbook(io.BytesIO(b"".join(post(client, ASKED, "xlsx").streaming_content))).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0] == ["key", "letters", "formula", "list"]
    assert ["bergmann-systemhaus", 19, "=1+1", "[1]"] in rows
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert list(Inquiry.objects.values_list("asked_by", "rows")) == [(world.olga.pk, len(rows) - 1)] * 3
    again = client.get(reverse("sql"), {"again": Inquiry.objects.first().pk}).content.decode()
    assert "letters" in again and client.get(reverse("sql"), {"again": "x"}).status_code == 200


def test_a_refusal_keeps_what_was_written(world: World, browser: Callable[[Account], Client]) -> None:
    response = post(browser(world.olga), "DELETE FROM partners")
    page = unescape(response.content.decode())
    assert response.status_code == 400
    assert "Only one SELECT is answered" in page and "DELETE FROM partners</textarea>" in page


def test_others_are_told_that_they_may_not(world: World, browser: Callable[[Account], Client]) -> None:
    for person in (world.alice, world.dora, world.adam):
        assert post(browser(person), "SELECT 1").status_code == 403
    assert not Inquiry.objects.exists()
