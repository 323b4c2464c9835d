"""A meeting run live in a real browser, by keys: ticks, notes that save themselves, a commitment in one line, minutes."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from drumbeat.apps.meetings.models import AgendaPoint
from drumbeat.apps.messages.models import Message
from tests.interfaces.desk.scene import Scene

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_a_meeting(scene: Scene, page: Page, sign_in: Callable[[str], None], live_server) -> None:
    first, second = scene.meeting.points.all()
    sign_in("alice@polaris.example")
    page.goto(f"{live_server.url}/meetings/{scene.meeting.pk}/")
    page.keyboard.press("Space")
    expect(page.locator(f"#point-{first.pk}")).to_have_class(re.compile("talked"))
    page.keyboard.press("j")
    page.keyboard.press("n")
    page.keyboard.type("The list is dear")
    expect(page.locator(f"#text-{second.pk}-notes .saved")).to_contain_text("saved")
    AgendaPoint.objects.filter(pk=second.pk).update(notes="The list is dear\nDora was here", notes_version=2)
    page.keyboard.type(" but good")
    expect(page.locator(f"#field-{second.pk}-notes")).to_have_value(
        "The list is dear but good\nDora was here"
    )
    page.keyboard.press("Escape")
    page.keyboard.press("c")
    page.keyboard.type("Petra: name a reference customer")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("no date")
    page.locator("#line").press("End")
    page.keyboard.type(" by 26 June")
    page.keyboard.press("Enter")
    expect(
        page.locator("#commitments ~ ul, ul").filter(has_text="Name a reference customer").first
    ).to_be_visible()
    page.get_by_role("button", name="Send the minutes to both sides").click()
    expect(page.locator("#flash")).to_contain_text("go to both sides")
    letter = Message.objects.get(subject__startswith="Minutes:", contact=scene.world.petra)
    assert (
        "Dora was here" in letter.text and "Name a reference customer by Friday 26 June 2026" in letter.text
    )
