"""Every page of staff: labelled, ordered, without inline script or style, and not wider than a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.interfaces.desk.scene import Scene

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

# What a page gets wrong, as a list of sentences.
LOOK = """() => {
  const wrong = [];
  const all = (query) => [...document.querySelectorAll(query)];
  const name = (node) => (node.getAttribute("aria-label") || node.title || node.textContent || "").trim();
  if (!document.documentElement.lang) wrong.push("no language");
  if (all("h1").length !== 1) wrong.push(`${all("h1").length} first headings`);
  if (all("main").length !== 1) wrong.push("not one main");
  for (const node of all("button, a[href]")) if (!name(node)) wrong.push(`no name: ${node.outerHTML.slice(0, 80)}`);
  for (const node of all("input:not([type=hidden]), select, textarea"))
    if (!node.labels?.length && !node.getAttribute("aria-label")) wrong.push(`no label: ${node.name}`);
  for (const node of all("svg:not([aria-hidden])")) if (!name(node)) wrong.push("a drawing without words");
  const ids = all("[id]").map((node) => node.id);
  for (const id of new Set(ids.filter((id, place) => ids.indexOf(id) !== place))) wrong.push(`twice: #${id}`);
  for (const node of all("[style], style, script:not([src])")) wrong.push(`inline: ${node.outerHTML.slice(0, 80)}`);
  for (const form of all("form[method=post]"))
    if (!form.querySelector("[name=csrfmiddlewaretoken]")) wrong.push(`no token: ${form.action}`);
  const width = document.documentElement.scrollWidth;
  if (width > window.innerWidth) wrong.push(`${width} wide`);
  return wrong;
}"""


def test_pages_mind_their_manners(
    scene: Scene, page: Page, sign_in: Callable[[str], None], live_server
) -> None:
    partner = f"/partners/{scene.world.bergmann.key}/"
    paths = [
        "/today/", "/partners/", "/partners/?q=nowhere", partner, f"{partner}people/", f"{partner}figures/", f"{partner}profile/",
        f"{partner}contacts/new/", "/contacts/", f"/contacts/{scene.world.petra.pk}/", "/promises/",
        f"/promises/{scene.mine.occurrence.promise_id}/", f"/promises/{scene.mine.occurrence.promise_id}/asks/",
        f"/steps/{scene.mine.pk}/postponement/", "/routines/", "/routines/weekly-word/", "/routines/weekly-word/subjects/",
        "/routines/weekly-word/versions/", f"/occurrences/{scene.mine.occurrence_id}/", "/meetings/",
        f"/meetings/{scene.meeting.pk}/", "/reports/", f"/reports/{scene.edition.pk}/", "/outbox/", f"/outbox/{scene.letter.pk}/", f"/people/{scene.world.alice.pk}/",
    ]  # fmt: skip
    sign_in("alice@polaris.example")
    wrong = []
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        for path in paths:
            page.goto(live_server.url + path)
            wrong += [f"{path} at {width}: {one}" for one in page.evaluate(LOOK)]
    assert not wrong, "\n".join(wrong)
