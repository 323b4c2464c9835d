"""Today and its verbs: what stands there, what a button changes, what it refuses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from drumbeat.apps.ledger.models import Ask, Standing
from drumbeat.apps.people.models import Account
from drumbeat.apps.routines.models import Step

from .scene import AT, Scene

Browser = Callable[[Account], Client]


def sections(response) -> dict[str, dict]:
    return {section["id"]: section for section in response.context["sections"]}


def outcome(step: Step) -> str | None:
    return Standing.objects.get(promise=step.occurrence.promise_id).outcome


def test_a_line_says_what_for_whom_why_how_long_and_which_goal(scene: Scene, browser: Browser) -> None:
    found = sections(browser(scene.world.alice).get(reverse("today")))
    line = next(item for item in found["due"]["items"] if item["id"] == f"step-{scene.mine.pk}")
    assert line["what"] == "Call"
    assert line["who"] == "Bergmann Systemhaus"
    assert line["why"] == "We call every Tuesday · due today 10:00"
    assert (line["minutes"], line["goal"]) == (20, "On time and fair")
    assert {item["what"] for item in found["waiting"]["items"]} == {"Send the file"}


def test_the_partners_clock_stands_beside_ours_where_it_differs(scene: Scene, browser: Browser) -> None:
    scene.world.bob.zone = "Asia/Tokyo"
    scene.world.bob.save()
    found = sections(browser(scene.world.bob).get(reverse("today")))
    assert "today 18:00, theirs 10:00" in found["due"]["items"][0]["why"]


def test_done_and_taken_back_without_scripts(scene: Scene, browser: Browser) -> None:
    client, url = browser(scene.world.alice), reverse("completion", args=[scene.mine.pk])
    response = client.post(url, headers={"referer": "http://testserver/partners/bergmann-systemhaus/"})
    assert response["Location"] == "/partners/bergmann-systemhaus/"
    assert outcome(scene.mine) == "kept"
    page = client.get(reverse("today"))
    assert [item["id"] for item in page.context["just_done"]] == [f"step-{scene.mine.pk}"]
    assert client.post(url, {"_method": "delete"})["Location"] == "/today/"
    assert outcome(scene.mine) is None


def test_with_htmx_the_line_the_flash_and_the_counts_come_back(scene: Scene, browser: Browser) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/today/"}
    response = browser(scene.world.alice).post(reverse("completion", args=[scene.mine.pk]), headers=headers)
    text = response.content.decode()
    assert f'<li class="item done" id="step-{scene.mine.pk}">' in text
    for name in ("flash", "lede", "head-overdue", "head-due", "head-waiting", "record"):
        assert f'id="{name}" hx-swap-oob="true"' in text or f'id="{name}" role="status"' in text, name
    elsewhere = {"HX-Request": "true", "HX-Current-URL": "http://testserver/partners/bergmann-systemhaus/"}
    again = browser(scene.world.alice).delete(reverse("completion", args=[scene.mine.pk]), headers=elsewhere)
    assert 'id="record"' not in again.content.decode()


def test_it_does_not_lead_back_to_strangers(scene: Scene, browser: Browser) -> None:
    url = reverse("completion", args=[scene.mine.pk])
    response = browser(scene.world.alice).post(url, headers={"referer": "https://evil.example/today/"})
    assert response["Location"] == "/today/"


def test_undo_ends_after_ten_minutes(scene: Scene, browser: Browser, at_moment) -> None:
    client, url = browser(scene.world.alice), reverse("completion", args=[scene.mine.pk])
    client.post(url)
    at_moment(AT + timedelta(minutes=11))
    page = client.post(url, {"_method": "delete"}, follow=True)
    assert "within 10 minutes" in page.content.decode()
    assert outcome(scene.mine) == "kept"
    assert page.context["just_done"] == []


def test_postponing_inside_the_promise_and_not_beyond(scene: Scene, browser: Browser) -> None:
    client, url = browser(scene.world.alice), reverse("postponement", args=[scene.mine.pk])
    offered = client.get(url).context["moments"]
    assert [words for _, words in offered] == ["today 16:00", "Wed 09:00"]
    client.post(url, {"due_at": offered[0][0]})
    scene.mine.refresh_from_db()
    assert scene.mine.due_at.isoformat() == "2026-06-09T14:00:00+00:00"
    refused = client.post(url, {"other": "2026-06-30T10:00"}, follow=True)
    assert "The promise ends on" in refused.content.decode()
    garbage = client.post(url, {"due_at": "soon"}, follow=True)
    assert "Write it like" in garbage.content.decode()


def test_asking_and_the_answer(scene: Scene, browser: Browser) -> None:
    promise = scene.mine.occurrence.promise_id
    client, url = browser(scene.world.alice), reverse("asks", args=[promise])
    assert "reason" in client.post(url, {"kind": "waive"}).context["form"].errors
    redate = {"kind": "redate", "reason": "illness", "new_due_at": "2026-06-01T10:00"}
    assert "new_due_at" in client.post(url, redate).context["form"].errors
    client.post(url, redate | {"new_due_at": "2026-06-12T10:00"})
    ask = Ask.objects.get(promise=promise)
    assert client.post(reverse("decision", args=[ask.pk]), {"granted": "yes"}).status_code == 403
    page = browser(scene.world.dora).get(reverse("today"))
    assert {one.pk for one in page.context["asks"]} == {scene.ask.pk, ask.pk}
    browser(scene.world.dora).post(reverse("decision", args=[ask.pk]), {"granted": "yes"})
    assert Standing.objects.get(promise=promise).due_at.isoformat() == "2026-06-12T08:00:00+00:00"


@pytest.mark.parametrize("method", ["get", "put", "patch"])
def test_other_methods_are_refused(scene: Scene, browser: Browser, method: str) -> None:
    response = getattr(browser(scene.world.alice), method)(reverse("completion", args=[scene.mine.pk]))
    assert response.status_code == 405
    assert response["Allow"] == "POST, DELETE"


def test_the_menu_counts_what_stands_under_overdue(scene: Scene, browser: Browser) -> None:
    page = browser(scene.world.alice).get(reverse("today"))
    counts = {label: count for _, label, count, _ in page.context["menu"]}
    assert counts["Today"] == sections(page)["overdue"]["n"] > 0
