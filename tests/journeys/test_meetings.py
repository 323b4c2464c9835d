"""A meeting run live in a real browser, by keys: ticks, notes that save themselves, a commitment in one line, minutes; the partner says
yes by link, and what falls overdue stands in the partner's record alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from drumbeat.apps.ledger.models import Commitment
from drumbeat.apps.ledger.queries import on_time_record
from drumbeat.apps.meetings.models import AgendaPoint
from drumbeat.apps.messages.models import Message
from tests.interfaces.desk.scene import AT, Scene

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_a_meeting(scene: Scene, page: Page, sign_in: Callable[[str], None], live_server, settings) -> None:
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

    answer_by_link(page, letter.text, live_server.url)
    said = Commitment.objects.get(text="Name a reference customer")
    assert said.promise
    settings.CLOCK_OFFSET += (said.due_at - AT + timedelta(hours=2)).total_seconds()
    page.goto(f"{live_server.url}/partners/{scene.world.bergmann.key}/")
    expect(page.locator(f"#commitment-{said.pk}")).to_contain_text("2 h late")
    page.goto(f"{live_server.url}/promises/?side=partner&outcome=overdue")
    expect(page.locator("main")).to_contain_text("Name a reference customer")
    year = {"from_on": date(2026, 6, 1), "until_on": date(2026, 7, 1), "partner": scene.world.bergmann}
    later = said.due_at + timedelta(hours=2)
    assert on_time_record(side="partner", at=later, routine="", **year).people.overdue == 1
    assert on_time_record(side="vendor", at=later, routine="", **year).people.judged == 0


def answer_by_link(page: Page, letter: str, server: str) -> None:
    """As the partner does: without an account, in another browser."""
    path = "/answers/" + letter.split("/answers/")[1].split()[0]
    browser = page.context.browser
    assert browser
    theirs = browser.new_context(viewport={"width": 390, "height": 800}).new_page()
    theirs.goto(server + path)
    line = theirs.locator("li").filter(has_text="Name a reference customer")
    line.get_by_role("button", name="Yes, I will").click()
    expect(line).to_contain_text("It is a promise now")
    theirs.context.close()
