"""Outbox, meetings, reports, routines, occurrences and people: they show what is there, and their buttons change it."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from drumbeat.apps.meetings.models import Meeting
from drumbeat.apps.messages.models import Message
from drumbeat.apps.people.models import Account

from .scene import Scene

Browser = Callable[[Account], Client]


def text_of(client: Client, name: str, *arguments: object) -> str:
    return client.get(reverse(name, args=arguments)).content.decode()


def in_state(letter: Message, state: str) -> Message:
    Message.objects.filter(pk=letter.pk).update(state=state, error="550 no such mailbox", attempts=3)
    return letter


def test_a_list_offers_its_filters(scene: Scene, browser: Browser) -> None:
    text = text_of(browser(scene.world.alice), "partners")
    for name in ("q", "type", "status", "tier", "country", "territory", "manager", "sort"):
        assert f'name="{name}"' in text, name


def test_a_person_settles_an_uncertain_message(scene: Scene, browser: Browser) -> None:
    client, letter = browser(scene.world.alice), in_state(scene.letter, "uncertain")
    assert "Nobody knows whether this left" in text_of(client, "message", letter.pk)
    client.post(reverse("settlement", args=[letter.pk]), {"was_sent": "yes"})
    letter.refresh_from_db()
    assert letter.state == "sent"
    again = client.post(reverse("settlement", args=[letter.pk]), {"was_sent": "no"}, follow=True)
    assert "not uncertain" in again.content.decode()


def test_a_failed_message_is_tried_again(scene: Scene, browser: Browser) -> None:
    client, letter = browser(scene.world.alice), in_state(scene.letter, "failed")
    assert "550 no such mailbox" in text_of(client, "message", letter.pk)
    client.post(reverse("attempt", args=[letter.pk]))
    letter.refresh_from_db()
    assert letter.state == "queued"


def test_letters_are_shown_as_text_and_their_files_are_only_saved(scene: Scene, browser: Browser) -> None:
    client = browser(scene.world.alice)
    Message.objects.filter(pk=scene.letter.pk).update(text="**Hello** <script>alert(1)</script>")
    shown = text_of(client, "message", scene.letter.pk)
    assert "<strong>Hello</strong>" in shown
    assert "<script>alert" not in shown
    file = client.get(reverse("attachment", args=[scene.letter.attachments.first().pk]))
    assert file["Content-Disposition"] == 'attachment; filename="invitation.ics"'
    assert b"BEGIN:VCALENDAR" in file.content


def test_a_meeting_is_answered_moved_and_cancelled(scene: Scene, browser: Browser) -> None:
    client, meeting = browser(scene.world.alice), scene.meeting
    guest = meeting.attendees.get(contact=scene.world.petra)
    client.post(reverse("attendee_answer", args=[guest.pk]), {"answer": "accepted"})
    guest.refresh_from_db()
    assert guest.answer == "accepted"
    url, move = reverse("meeting_time", args=[meeting.pk]), {"act": "move", "minutes": "90"}
    assert "past" in client.post(url, move | {"starts_at": "2026-06-01T10:00"}).content.decode()
    client.post(url, move | {"starts_at": "2026-06-12T10:00"})
    meeting.refresh_from_db()
    assert meeting.starts_at.isoformat() == "2026-06-12T08:00:00+00:00"
    file = client.get(reverse("invitation", args=[meeting.pk])).content.decode()
    assert "SEQUENCE:1" in file
    client.post(reverse("cancellation", args=[meeting.pk]))
    assert Meeting.objects.get(pk=meeting.pk).state == "cancelled"
    assert "METHOD:CANCEL" in client.get(reverse("invitation", args=[meeting.pk])).content.decode()


def test_minutes_are_written_and_shown_as_text(scene: Scene, browser: Browser) -> None:
    client, meeting = browser(scene.world.alice), scene.meeting
    client.post(reverse("minutes", args=[meeting.pk]), {"text": "**Agreed**: price list <script>x</script>"})
    page = text_of(client, "meeting", meeting.pk)
    assert "<strong>Agreed</strong>" in page
    assert "<script>x" not in page
    assert (
        browser(scene.world.bob).post(reverse("minutes", args=[meeting.pk]), {"text": "x"}).status_code == 404
    )


def test_an_edition_is_a_page_a_pdf_and_a_table(scene: Scene, browser: Browser) -> None:
    client = browser(scene.world.alice)
    page = text_of(client, "report", scene.edition.pk)
    assert "Bergmann Systemhaus" in page
    assert page.count("<svg") > 2
    pdf = client.get(reverse("report_file", args=[scene.edition.pk, "pdf"]))
    assert pdf.content.startswith(b"%PDF")
    told = client.get(reverse("report_file", args=[scene.edition.pk, "json"])).json()
    assert "Open promises of both sides" in [table["title"] for table in told["tables"]]
    assert client.get(reverse("report_file", args=[scene.edition.pk, "exe"])).status_code == 404


def test_a_routine_in_words(scene: Scene, browser: Browser) -> None:
    text = text_of(browser(scene.world.alice), "routine", "weekly-word")
    for words in (
        "Every Tuesday, moved to the next working day, at 10:00 in the partner’s zone",
        "We call every Tuesday.",
        "−1 working day",
        "Bergmann Systemhaus",
    ):
        assert words in text
    assert "Kestrel" not in text
    versions = text_of(browser(scene.world.alice), "routine_versions", "weekly-word")
    assert "kept_by: call" in versions


def test_an_occurrence_tells_its_steps_and_why_it_falls_there(scene: Scene, browser: Browser) -> None:
    text = text_of(browser(scene.world.alice), "occurrence", scene.mine.occurrence_id)
    assert "the rule gives Tue 9 Jun 2026" in text
    assert f'action="{reverse("completion", args=[scene.mine.pk])}"' in text


def test_an_administrator_opens_and_closes_accounts(scene: Scene, browser: Browser) -> None:
    client = browser(scene.world.adam)
    values = {
        "email": "eva@polaris.example", "name": "Eva Ernst", "role": "channel_manager", "country": "DE", "zone": "Europe/Berlin",
        "language": "en", "works_from": "09:00", "works_until": "17:00", "routine_minutes_a_day": "300",
    }  # fmt: skip
    weak = client.post(reverse("new_person"), values | {"password": "short"})
    assert "password" in weak.context["form"].errors
    client.post(reverse("new_person"), values | {"password": "a-long-word-for-eva"})
    eva = Account.objects.get(email="eva@polaris.example")
    client.post(reverse("person_closure", args=[eva.pk]))
    eva.refresh_from_db()
    assert not eva.is_active
    client.post(reverse("person_closure", args=[eva.pk]), {"_method": "delete"})
    eva.refresh_from_db()
    assert eva.is_active


def test_everyone_tends_his_own_hours_and_nothing_else(scene: Scene, browser: Browser) -> None:
    client, alice = browser(scene.world.alice), scene.world.alice
    url = reverse("person", args=[alice.pk])
    assert set(client.get(url).context["form"].fields) == {"zone", "language", "works_from", "works_until"}
    client.post(
        url,
        {
            "zone": "Asia/Tokyo",
            "language": "ja",
            "works_from": "10:00",
            "works_until": "18:00",
            "role": "director",
        },
    )
    alice.refresh_from_db()
    assert (alice.zone, alice.role) == ("Asia/Tokyo", "channel_manager")


def test_what_is_seldom_needed_unfolds_and_stands_open_where_one_is(scene: Scene, browser: Browser) -> None:
    alice = browser(scene.world.alice)
    page = alice.get(reverse("today"))
    shown, folded = ([label for _, label, _, _ in page.context[name]] for name in ("menu", "seldom"))
    assert len(shown) == 8 and "Outbox" in folded and "People" not in shown + folded
    assert "<details><summary>Less often" in page.content.decode()
    assert "<details open><summary>Less often" in alice.get(reverse("outbox")).content.decode()


def test_an_administrator_sees_no_business_in_the_menu(scene: Scene, browser: Browser) -> None:
    page = browser(scene.world.adam).get(reverse("people"))
    assert [label for _, label, _, _ in page.context["menu"]] == ["People", "Operations", "Endpoints"]
    assert page.context["search_url"] == ""
