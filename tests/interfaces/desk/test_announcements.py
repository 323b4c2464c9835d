"""Pages of outgoing mail: an announcement from draft to sent, the letterhead, suppressed addresses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from drumbeat.apps.messages.actions import suppress_address
from drumbeat.apps.messages.models import Announcement, Letterhead, Message, Suppression
from drumbeat.apps.partners.models import Contact
from drumbeat.apps.people.models import Account

from .scene import AT, Scene

Browser = Callable[[Account], Client]
FIELDS: dict[str, Any] = {
    "title": "Release",
    "topic": "news",
    "audience": 'partner.country == "DE"',
    "subject": "News for {{ partner.name }}",
    "text": "Hello {{ contact.first_name }}",
    "without": "",
}


def written(client: Client) -> Announcement:
    answer = client.post(reverse("new_announcement"), FIELDS)
    announcement = Announcement.objects.get()
    assert answer["Location"] == reverse("announcement", args=[announcement.pk])
    return announcement


def page_of(client: Client, announcement: Announcement) -> str:
    return client.get(reverse("announcement", args=[announcement.pk])).content.decode()


def test_one_writes_it_another_sends_it(scene: Scene, browser: Browser) -> None:
    olga, dora = browser(scene.world.olga), browser(scene.world.dora)
    announcement = written(olga)
    text = page_of(olga, announcement)
    assert "Petra Bergmann" in text and "News for Bergmann Systemhaus" in text and "Hello Petra" in text
    assert "bergmann-systemhaus.example has 2 readers and takes 1 minute." in text
    olga.post(reverse("announcement_approval", args=[announcement.pk]))
    assert "looks at it and sends it" in page_of(olga, announcement)
    assert "Approve and send" in page_of(dora, announcement)
    dora.post(reverse("announcement_dispatch", args=[announcement.pk]))
    letters = Message.objects.filter(announcement=announcement)
    assert letters.count() == 2
    sent = page_of(dora, announcement)
    assert "bergmann-systemhaus.example" in sent and "60 letters a minute" in sent
    assert "frozen when it was sent" in sent and "Hello " in sent, "what one reader got stands there"
    shown = dora.get(reverse("outbox"), {"announcement": announcement.pk}).content.decode()
    assert shown.count("News for Bergmann") == 2


def test_nobody_is_asked_to_send_what_nobody_would_get(scene: Scene, browser: Browser) -> None:
    olga = browser(scene.world.olga)
    olga.post(reverse("new_announcement"), {**FIELDS, "audience": 'partner.country == "NZ"'})
    text = page_of(olga, Announcement.objects.get())
    assert "Nobody yet" in text and "Ask a director" not in text


LIVE = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "live"}


def test_who_gets_it_is_shown_while_it_is_written(scene: Scene, browser: Browser) -> None:
    """An unfinished form shows what it can, and saves nothing."""
    olga, url = browser(scene.world.olga), reverse("new_announcement")
    opened = olga.get(url).content.decode()
    assert "4 would get it now" in opened and "Nils Nordmann (Fjord Data)" in opened
    unfinished = {"audience": 'partner.country == "DE"', "roles": ["principal"], "topic": "news"}
    live = olga.post(url, unfinished, **LIVE).content.decode()
    assert "1 would get it now" in live and "Petra Bergmann" in live and "<html" not in live
    out = olga.post(url, {**FIELDS, "without": scene.world.sven.email}, **LIVE).content.decode()
    assert "1 left out" in out and "named as left out" in out and "Hello Petra" in out
    wrong = olga.post(url, {**FIELDS, "audience": "partner.tier =="}, **LIVE).content.decode()
    assert "Write a rule such as" in wrong
    missing = olga.post(url, {**FIELDS, "text": "{{ shoe.size }}"}, **LIVE).content.decode()
    assert "Nothing is known for shoe.size" in missing
    assert not Announcement.objects.exists()


def test_without_scripts_a_button_shows_who_gets_it(scene: Scene, browser: Browser) -> None:
    shown = browser(scene.world.olga).post(reverse("new_announcement"), FIELDS | {"act": "look"})
    assert "2 would get it now" in shown.content.decode() and not Announcement.objects.exists()


def test_the_letter_is_looked_at_as_one_reader_gets_it(scene: Scene, browser: Browser) -> None:
    olga = browser(scene.world.olga)
    announcement, sven = written(olga), scene.world.sven
    shown = olga.get(reverse("announcement", args=[announcement.pk]), {"reader": sven.pk}).content.decode()
    assert "Hello Sven" in shown and f"letter.html?reader={sven.pk}" in shown
    frame = olga.get(reverse("announcement_letter", args=[announcement.pk]), {"reader": sven.pk})
    assert b"Hello Sven" in frame.content and "sandbox" in frame["Content-Security-Policy"]


def test_what_is_wrong_is_said_beside_its_field(scene: Scene, browser: Browser) -> None:
    answer = browser(scene.world.olga).post(
        reverse("new_announcement"), {**FIELDS, "text": "{{ shoe.size }}"}
    )
    assert "Nothing is known for shoe.size" in answer.content.decode()
    assert not Announcement.objects.exists()


def test_the_page_asks_the_same_for_two_readers_and_for_many(scene: Scene, browser: Browser) -> None:
    client = browser(scene.world.olga)
    announcement = written(client)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            page_of(client, announcement)
        return len(seen)

    few = queries()
    Contact.objects.bulk_create(
        Contact(partner=scene.world.bergmann, name=f"P {n}", sort_name=f"p {n}", email=f"p{n}@x.example", joined_on=AT.date())
        for n in range(60)
    )  # fmt: skip
    assert queries() == few
    assert "and 22 more" in page_of(client, announcement)


def test_the_letterhead_is_set_once_and_takes_only_pictures(scene: Scene, browser: Browser) -> None:
    client = browser(scene.world.olga)
    told = {"colour": "#b42318", "sender_line": "Polaris GmbH", "postal_address": "Weg 1", "a_minute": 30}
    assert client.post(reverse("letterhead"), told).status_code == 302
    head = Letterhead.objects.get()
    assert (head.colour, head.a_minute, head.needs_approval) == ("#b42318", 30, False)
    assert "is no colour" in client.post(reverse("letterhead"), {**told, "colour": "red"}).content.decode()


def test_a_suppressed_address_is_lifted(scene: Scene, browser: Browser) -> None:
    client = browser(scene.world.olga)
    assert "No address is suppressed" in client.get(reverse("suppressions")).content.decode()
    suppress_address("gone@x.example", Suppression.Reason.HARD_BOUNCE, "550 5.1.1", at=AT)
    assert "gone@x.example" in client.get(reverse("suppressions")).content.decode()
    client.post(reverse("suppression", args=[Suppression.objects.get().pk]), {"_method": "delete"})
    assert not Suppression.objects.in_force().exists()
