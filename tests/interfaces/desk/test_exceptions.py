"""Pages of exceptions: agreed, moved, ended, covered, closed and upgraded as a person does it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from drumbeat.apps.people.models import Account, Leave
from drumbeat.apps.routines.actions import publish_version
from drumbeat.apps.routines.models import Moment, Occurrence, Override, Step
from drumbeat.workflows.covering import grant_leave

from .scene import AT, WEEKLY, Scene, open_call

Browser = Callable[[Account], Client]


def text(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def test_another_day_is_agreed_seen_everywhere_and_undone(scene: Scene, browser: Browser) -> None:
    alice, subscription = browser(scene.world.alice), scene.mine.occurrence.subscription
    url = reverse("subscription", args=[subscription.pk])
    form = {
        "kind": "timing",
        "weekday": "3",
        "at": "15:00",
        "reason": "trial",
        "from_on": "2026-06-10",
        "review_after": "6",
    }
    page = text(alice.post(url, form, follow=True))
    assert "Agreed: Thursday at 15:00 instead, from 10 Jun 2026 until told otherwise" in page
    assert "Thursday instead of Tuesday" in page
    for name, args in (
        ("partner", [scene.world.bergmann.key]),
        ("routine", ["weekly-word"]),
        ("overrides", []),
    ):
        expected = "Pause" if name == "routine" else "Thursday at 15:00 instead"
        assert name == "routine" or expected in text(alice.get(reverse(name, args=args)))
    refused = text(alice.post(url, form | {"weekday": "2"}))
    assert "Other day or time is agreed from 2026-06-10 until told otherwise." in refused
    undone = alice.post(
        reverse("override", args=[Override.objects.latest("pk").pk]), {"_method": "delete"}, follow=True
    )
    assert "Taken back" in text(undone) and "Thursday instead" not in text(alice.get(url))


@pytest.mark.parametrize("keep", [True, False])
def test_one_for_review_is_kept_or_ended(scene: Scene, browser: Browser, keep: bool) -> None:
    row = scene.override
    Override.objects.filter(pk=row.pk).update(from_on="2025-12-01", until_on=None, review_on="2026-06-01")
    dora = browser(scene.world.dora)
    assert "still wanted? review was due" in text(
        dora.get(reverse("subscription", args=[row.subscription_id]))
    )
    assert "Pause" in text(dora.get(reverse("overrides") + "?review=yes"))
    dora.post(reverse("override", args=[row.pk]), {"keep": "yes"} if keep else {})
    row.refresh_from_db()
    assert (row.until_on is None) == keep


def test_the_list_of_exceptions_exports_and_counts_its_queries(
    scene: Scene, browser: Browser, django_assert_max_num_queries
) -> None:
    dora = browser(scene.world.dora)
    with django_assert_max_num_queries(12):
        text(dora.get(reverse("overrides")))
    exported = b"".join(dora.get(reverse("overrides") + "?export=csv").streaming_content).decode()
    assert exported.count("Season or holidays") == 2


def test_what_is_to_come_moves_and_is_put_back(scene: Scene, browser: Browser) -> None:
    alice = browser(scene.world.alice)
    moment = Moment.objects.filter(subscription=scene.mine.occurrence.subscription).earliest("due_at")
    url = reverse("moment_move", args=[moment.pk])
    assert "Nobody was told yet" in text(alice.get(url))
    sunday = f"{moment.due_at + timedelta(days=5):%Y-%m-%d}T10:00"
    assert "is a day off there. The next working day is" in text(alice.post(url, {"to": sunday}))
    to = f"{moment.due_at + timedelta(days=1):%Y-%m-%d}T11:30"
    assert "Moved to" in text(alice.post(url, {"to": to}, follow=True))
    moment.refresh_from_db()
    assert moment.touched_by == scene.world.alice
    assert "Put back" in text(alice.post(url, {"_method": "delete"}, follow=True))


def test_an_open_one_moves_from_its_page(scene: Scene, browser: Browser) -> None:
    alice, occurrence = browser(scene.world.alice), scene.mine.occurrence
    page = text(alice.get(reverse("occurrence", args=[occurrence.pk])))
    assert reverse("occurrence_move", args=[occurrence.pk]) in page
    alice.post(reverse("occurrence_move", args=[occurrence.pk]), {"to": "2026-06-10T14:00"})
    assert f"{Occurrence.objects.get(pk=occurrence.pk).due_at:%m-%d %H}" == "06-10 12"


def test_a_leave_is_asked_approved_with_covers_and_seen_on_today(scene: Scene, browser: Browser) -> None:
    world = scene.world
    alice, dora, bob = (browser(person) for person in (world.alice, world.dora, world.bob))
    asked = alice.post(
        reverse("new_leave"), {"from_on": "2026-06-09", "until_on": "2026-06-12", "kind": "illness"}
    )
    leave = Leave.objects.latest("pk")
    assert asked["Location"] == reverse("leave", args=[leave.pk])
    assert "A director decides" in text(alice.get(asked["Location"]))
    page = text(dora.get(asked["Location"]))
    assert "Proposed cover" in page and f'name="cover-{world.bergmann.pk}"' in page
    chosen = {f"cover-{one.pk}": world.bob.pk for one in (world.bergmann, world.fjord)}
    dora.post(reverse("leave_approval", args=[leave.pk]), chosen)
    assert "for Alice Ahrens (on leave until" in text(bob.get(reverse("today")))
    assert open_call(world.bergmann).assignee == world.bob
    alice.post(reverse("leave_approval", args=[leave.pk]), {"_method": "delete"})
    assert open_call(world.bergmann).assignee == world.alice


def test_a_leave_is_declined_and_nobody_approves_the_own(scene: Scene, browser: Browser) -> None:
    url = reverse("leave_approval", args=[scene.leave.pk])
    assert browser(scene.world.alice).post(url).status_code == 403
    browser(scene.world.dora).post(url, {"granted": "no"})
    scene.leave.refresh_from_db()
    assert scene.leave.state == "declined"


def test_a_partner_merges_its_old_address_leads_on_and_it_is_split(scene: Scene, browser: Browser) -> None:
    dora, world = browser(scene.world.dora), scene.world
    url = reverse("partner_closure", args=[world.fjord.key])
    assert "There is no partner with this key" in text(dora.post(url, {"way": "merge", "kept": "nobody"}))
    dora.post(url, {"way": "merge", "kept": world.bergmann.key})
    old = reverse("partner", args=[world.fjord.key])
    assert dora.get(old)["Location"] == reverse("partner", args=[world.bergmann.key])
    assert "Earlier as" in text(dora.get(old, follow=True))
    assert "Split them again" in text(dora.get(url))
    dora.post(url, {"_method": "delete"})
    assert dora.get(old).status_code == 200


def test_a_partner_closes_and_comes_back(scene: Scene, browser: Browser) -> None:
    dora, url = browser(scene.world.dora), reverse("partner_closure", args=[scene.world.fjord.key])
    dora.post(url, {"way": "waive"})
    assert not Moment.objects.filter(subscription__partner=scene.world.fjord).exists()
    dora.post(url, {"_method": "delete"})
    assert Moment.objects.filter(subscription__partner=scene.world.fjord).exists()


def test_an_upgrade_is_shown_and_done(scene: Scene, browser: Browser) -> None:
    dora, url = browser(scene.world.dora), reverse("upgrade", args=["weekly-word"])
    assert "Everything open runs with version 1" in text(dora.get(url))
    publish_version(
        WEEKLY.replace("step: prepare", "step: think").replace("needs: [prepare]", "needs: [think]"),
        by=None,
        at=AT,
    )
    before = Step.objects.count()
    page = text(dora.get(url))
    assert "prepare" in page and Step.objects.count() == before
    dora.post(url, {"all": "yes"})
    assert "Everything open runs with version 2" in text(dora.get(url))


def test_everything_of_a_person_is_handed_over(scene: Scene, browser: Browser) -> None:
    dora, alice = browser(scene.world.dora), scene.world.alice
    grant_leave(scene.leave, by=scene.world.dora, at=AT)
    url = reverse("person_handover", args=[alice.pk])
    assert "Bob Baker" in text(dora.get(url))
    assert "Nothing hangs on Alice Ahrens" in text(dora.post(url, follow=True))
    refused = browser(scene.world.adam).post(
        reverse("person_closure", args=[scene.world.bob.pk]), follow=True
    )
    assert "Bob Baker still has" in text(refused)


def test_many_are_shown_then_moved_or_waived(scene: Scene, browser: Browser) -> None:
    dora, url = browser(scene.world.dora), reverse("moves")
    fields = {"from_on": "2026-06-16", "until_on": "2026-06-17", "by_days": "1", "reason": "holiday"}
    page = text(dora.get(url, fields))
    assert page.count("<b>Weekly word</b>") == 3 and not Moment.objects.exclude(touched_at=None).exists()
    assert "3 moved, 0 asked for" in text(dora.post(url, fields, follow=True))
    assert "Waive the open ones" not in text(browser(scene.world.alice).get(url, fields))
    assert browser(scene.world.alice).post(url, fields | {"act": "waive"}).status_code == 200
    assert "promises waived" in text(dora.post(url, fields | {"act": "waive"}, follow=True))
