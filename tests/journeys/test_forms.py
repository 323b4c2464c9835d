"""From the mail to the record in a browser: a contact fills in by link on a phone; an approval is given by a key on Today."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page

from drumbeat.apps.ledger.models import Side
from drumbeat.apps.ledger.queries import on_time_record
from drumbeat.apps.messages.models import Message
from drumbeat.apps.people.actions import set_password
from drumbeat.apps.routines.actions import complete_step
from drumbeat.workflows.performers import perform_due
from tests.interfaces.portal.test_links import path_to
from tests.workflows.channel import DAY, DUE, HOUR, START, outcome, run, step_of, text_of
from tests.workflows.test_asking import APPROVED
from tests.world import World, build_world

from .conftest import PASSWORD

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
AT = DUE - 2 * HOUR
PROGRESS = "{step: word, kind: form, title: How does it go, by: sales_lead, form: deal-progress, due: 0}"


@pytest.fixture
def world(transactional_db: None, settings) -> World:
    settings.CLOCK_OFFSET = (AT - datetime.now(UTC)).total_seconds()
    world = build_world(at=START)
    for person in (world.alice, world.dora):
        set_password(person, PASSWORD, by=None, at=START)
    return world


def keep_picture(page: Page, name: str) -> None:
    """Where somebody wants to look at it."""
    if folder := os.environ.get("DRUMBEAT_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_from_the_mail_to_the_partner_s_record(world: World, page: Page, live_server) -> None:
    text = text_of(PROGRESS).replace("by: vendor, to: partner", "by: partner, to: vendor")
    [occurrence] = run(text, [world.bergmann], AT)
    perform_due(at=AT)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(live_server.url + path_to(Message.objects.get()))
    keep_picture(page, "portal-form-390")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert not page.get_by_label("What happens in these thirty days").is_visible()
    page.get_by_label("The offer is out").check()
    page.get_by_role("group", name="Do you need thirty days more").get_by_label("Yes").check()
    page.get_by_label("What happens in these thirty days").fill("The customer decides after the holidays.")
    page.get_by_role("button", name="Send").click()
    page.get_by_text("You answered on").wait_for()
    keep_picture(page, "portal-answered-390")
    assert outcome(occurrence) == "kept"
    record = on_time_record(
        side=Side.PARTNER,
        at=DUE + DAY,
        from_on=DUE.date(),
        until_on=(DUE + DAY).date(),
        partner=world.bergmann,
    )
    assert record.people.kept == 1


def test_an_approval_by_a_key_on_today(
    world: World, page: Page, sign_in: Callable[[str], None], live_server
) -> None:
    [occurrence] = run(text_of(APPROVED), [world.bergmann], AT)
    complete_step(step_of(occurrence, "write"), by=world.olga, at=AT)
    perform_due(at=AT)
    sign_in(world.dora.email)
    page.keyboard.press("j")
    keep_picture(page, "today-before")
    page.keyboard.press("d")
    page.get_by_label("Reason, if not").wait_for(timeout=5000)
    keep_picture(page, "today-approval")
    page.keyboard.press("Escape")
    page.locator(".item [data-key=e]").first.click()
    page.get_by_text("Approved: The text").wait_for()
    assert outcome(occurrence) == "kept"
    page.goto(f"{live_server.url}/occurrences/{occurrence.pk}/")
    assert "Dora Dietrich: approved" in page.content()
    keep_picture(page, "occurrence")
