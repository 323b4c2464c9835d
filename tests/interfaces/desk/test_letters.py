"""The mails of a routine's text on their page: chosen by partner, language and step; as HTML in a frame, and as text."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from drumbeat.apps.routines.actions import publish_version, save_draft
from drumbeat.apps.routines.models import Version
from drumbeat.apps.routines.queries import draft_of
from drumbeat.library import routine_texts

from .scene import AT, Scene

KEY = "pos-chase"


@pytest.fixture
def alice(scene: Scene, browser) -> Client:
    publish_version(routine_texts()[KEY], by=None, at=AT)
    return browser(scene.world.alice)


def page(client: Client, key: str = KEY, **query: str) -> str:
    return client.get(reverse("routine_letters", args=[key]), query).content.decode()


def test_subject_readers_text_and_frame_of_each_mail(scene: Scene, alice: Client) -> None:
    shown = page(alice, partner=scene.world.bergmann.key)
    assert "Your sales file for" in shown and "sven@bergmann-systemhaus.example" in shown
    assert 'class="mail-frame"' in shown and "Hello Sven" in shown
    german = page(alice, partner=scene.world.bergmann.key, language="de")
    assert "Ihre Verkaufsdatei" in german and '<option value="de" selected>' in german


def test_the_frame_holds_the_letter_and_nothing_that_runs(scene: Scene, alice: Client) -> None:
    answer = alice.get(reverse("routine_letter", args=[KEY, "remind"]), {"language": "fr"})
    assert "Votre fichier" in answer.content.decode()
    assert (
        "sandbox" in answer["Content-Security-Policy"] and "script" not in answer["Content-Security-Policy"]
    )
    assert answer["X-Frame-Options"] == "SAMEORIGIN"


def test_others_partners_are_not_offered(scene: Scene, alice: Client) -> None:
    shown = page(alice, partner=scene.world.kestrel.key)
    assert "Kestrel" not in shown and "Bergmann" in shown


def test_a_draft_is_looked_at_before_it_is_published(scene: Scene, alice: Client) -> None:
    text = routine_texts()[KEY].replace("template: pos-reminder", "template: newsletter", 1)
    draft = draft_of(KEY)
    assert draft
    save_draft(KEY, text, seen=draft.stamp, by=scene.world.olga, at=AT)
    versions = Version.objects.count()
    assert "Draft" in page(alice) and page(alice) != page(alice, text="draft")
    assert "as drafted" in page(alice, text="draft") and Version.objects.count() == versions


def test_a_routine_without_mail_says_so(scene: Scene, alice: Client) -> None:
    assert "writes no mail" in page(alice, "weekly-word")
    assert alice.get(reverse("routine_letters", args=["nowhere"])).status_code == 404
