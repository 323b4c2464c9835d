"""The builder's pages: form and text are the same thing, problems stand at their field, nothing is lost."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from drumbeat.apps.people.models import Account
from drumbeat.apps.routines.models import Moment, Routine, RoutineDraft
from drumbeat.core.playbook.editing import values_of
from drumbeat.library import routine_texts

from .forms import sent_of
from .scene import AT, WEEKLY, Scene

Browser = Callable[[Account], Client]


@pytest.fixture
def olga(scene: Scene, browser: Browser) -> Client:
    return browser(scene.world.olga)


def fields(html: str) -> dict[str, list[str]]:
    return sent_of(html, "builder")


def page(client: Client, key: str = "weekly-word", **said: object) -> str:
    return client.get(reverse("draft", args=[key]), said).content.decode()


def post(client: Client, key: str = "weekly-word", **sent: object) -> str:
    return client.post(reverse("draft", args=[key]), sent, follow=True).content.decode()


def test_forms_sent_back_untouched_change_no_letter(scene: Scene, olga: Client) -> None:
    for key, text in routine_texts().items():
        olga.post(reverse("new_draft"), {"source": key})
        olga.post(reverse("draft", args=[key]), fields(page(olga, key)))
        assert RoutineDraft.objects.get(key=key).text == text


def test_a_changed_field_changes_its_line(scene: Scene, olga: Client) -> None:
    sent = fields(page(olga)) | {"title": ["Weekly talk"], "steps.1.minutes": ["25"], "grace.amount": ["2"]}
    text = post(olga, **sent)
    draft = RoutineDraft.objects.get(key="weekly-word")
    changed = WEEKLY.replace("title: Weekly word", "title: Weekly talk").replace("minutes: 20", "minutes: 25")
    assert draft.text == changed.replace("grace: 1bd", "grace: 2bd")
    assert "Saved" in text
    assert "Nothing to mend." in text


def test_an_offset_is_told_in_words_and_sent_in_parts(scene: Scene, olga: Client) -> None:
    assert "1 working day before" in page(olga)
    sent = fields(page(olga)) | {
        "steps.0.due.amount": ["3"],
        "steps.0.due.unit": ["bh"],
        "steps.0.due.clock": ["08:30"],
    }
    assert "3 business hours before, at 08:30" in post(olga, **sent)
    assert values_of(RoutineDraft.objects.get().text)["steps"][0]["due"] == "-3bh@08:30"
    sent = fields(page(olga)) | {
        "steps.0.due.anchor": ["step.call"],
        "steps.0.due.side": ["after"],
        "steps.0.due.clock": [""],
    }
    post(olga, **sent)
    assert values_of(RoutineDraft.objects.get().text)["steps"][0]["due"] == "step.call+3bh"


def test_a_problem_stands_at_its_field_with_line_reason_and_mend(scene: Scene, olga: Client) -> None:
    text = post(
        olga, **(fields(page(olga)) | {"cadence.rule": ["FREQ=WEEKLY;BYDAY=XX"], "steps.1.minutes": ["900"]})
    )
    assert "2 to mend" in text
    for name in ("cadence.rule", "steps.1.minutes"):
        field = text[text.index(f'data-name="{name}"') :]
        assert (
            len(
                field[field.index('class="problem"') : field.index("</span>", field.index('class="problem"'))]
            )
            > 40
        )
    assert re.search(r"<b>steps.call.minutes</b>, line \d+", text)
    assert 'id="step-1" data-at="1" open' in text
    assert "FREQ=WEEKLY;BYDAY=XX" in RoutineDraft.objects.get().text


def test_steps_are_added_moved_and_taken_away_by_buttons(scene: Scene, olga: Client) -> None:
    def titles() -> list[str]:
        return [step["title"] for step in values_of(RoutineDraft.objects.get().text)["steps"]]

    post(olga, **fields(page(olga)), act="add:1")
    assert titles() == ["Prepare", "New step", "Call"]
    post(olga, **fields(page(olga)), act="move:0:2")
    assert titles() == ["New step", "Call", "Prepare"]
    post(olga, **fields(page(olga)), act="remove:0")
    assert titles() == ["Call", "Prepare"]
    post(olga, **fields(page(olga)), act="remove:9")
    assert titles() == ["Call", "Prepare"]


def test_the_text_is_the_same_thing(scene: Scene, olga: Client) -> None:
    assert "title: Weekly word" in page(olga, tab="text")
    post(
        olga, stamp="0", shown="text", text=WEEKLY.replace("Weekly word", "Weekly «word» & more"), tab="form"
    )
    assert "Weekly «word» &amp; more" in page(olga)
    broken = post(olga, stamp="1", shown="text", text="title: {a\n")
    assert "1 to mend" in broken
    assert "title: {a" in page(olga)  # what no form can show is shown as text


def test_points_of_a_list_may_hold_commas(scene: Scene, olga: Client) -> None:
    text = WEEKLY.replace("title: Call,", 'title: Call, checklist: ["Figures, both sides", Deals],')
    post(olga, stamp="0", shown="text", text=text)
    post(olga, **fields(page(olga)))
    assert RoutineDraft.objects.get().text == text
    post(
        olga,
        **(fields(page(olga)) | {"steps.1.checklist": ["Figures, both sides\r\nDeals\r\n\r\nNext date"]}),
    )
    points = values_of(RoutineDraft.objects.get().text)["steps"][1]["checklist"]
    assert points == ["Figures, both sides", "Deals", "Next date"]


def test_two_at_once_are_told_and_nothing_is_written_over(
    scene: Scene, olga: Client, browser: Browser
) -> None:
    dora = browser(scene.world.dora)
    hers, his = fields(page(olga)), fields(page(dora))
    post(olga, **(hers | {"title": ["Olga's"]}))
    told = post(dora, **(his | {"title": ["Dora's"]}))
    assert "Olga Olsen has saved this draft" in told
    assert "title: Dora&#x27;s" in told
    assert values_of(RoutineDraft.objects.get().text)["title"] == "Olga's"


def test_typing_gets_only_what_follows_it(scene: Scene, olga: Client) -> None:
    sent = fields(page(olga)) | {"audience": ['partner.tier == "gold"']}
    answer = olga.post(
        reverse("draft", args=["weekly-word"]), sent, headers={"HX-Request": "true", "HX-Target": "live"}
    )
    text = answer.content.decode()
    assert text.strip().startswith("{#") or '<div id="live">' in text
    assert "<form" not in text
    assert 'name="stamp" value="1"' in text
    assert answer["HX-Trigger-After-Swap"] == "audience-changed"
    told = olga.get(reverse("draft_audience", args=["weekly-word"])).content.decode()
    assert "Fits 1 of 4 partners now" in told
    assert "Bergmann Systemhaus" in told


def test_the_next_twelve_are_shown_with_their_reasons(scene: Scene, olga: Client) -> None:
    text = page(olga, partner=scene.world.kestrel.pk)
    assert len(re.findall(r"the rule gives Tue ", text)) == 12
    assert "<b>25 min</b> of ours each time" in text
    assert "10:00 in Europe/London" in text


def test_a_channel_manager_looks_and_changes_nothing(scene: Scene, browser: Browser) -> None:
    alice = browser(scene.world.alice)
    text = page(alice)
    assert "You may look at this draft." in text
    assert "disabled" in text
    assert alice.post(reverse("draft", args=["weekly-word"]), {"stamp": 0}).status_code == 403
    for name in ("draft_publication", "retirement"):
        assert alice.post(reverse(name, args=["weekly-word"])).status_code == 403


def test_a_draft_is_compared_published_and_gone(scene: Scene, olga: Client) -> None:
    post(olga, **(fields(page(olga)) | {"cadence.at": ["11:00"]}))
    text = olga.get(reverse("draft_publication", args=["weekly-word"])).content.decode()
    assert "<strong>3 on it.</strong>" in text
    assert "<del>10:00</del> → <ins>11:00</ins>" in text
    assert '<tr class="added">' in text
    stale = olga.post(reverse("draft_publication", args=["weekly-word"]), {"stamp": 7}, follow=True)
    assert "has saved this draft" in stale.content.decode()
    done = olga.post(
        reverse("draft_publication", args=["weekly-word"]), {"stamp": 1}, follow=True
    ).content.decode()
    assert "version 2 is in force" in done
    assert not RoutineDraft.objects.exists()
    compared = olga.get(reverse("version_comparison", args=["weekly-word"])).content.decode()
    assert "When, at" in compared
    assert 'value="1" selected' in compared


def test_a_routine_begins_from_nothing_from_another_and_from_a_file(scene: Scene, olga: Client) -> None:
    url = reverse("new_draft")
    assert "needs a title" in olga.post(url, {"key": "new-one"}).content.decode()
    assert "is taken" in olga.post(url, {"key": "weekly-word", "title": "X"}).content.decode()
    assert olga.post(url, {"key": "new-one", "title": "New one"})["Location"] == "/routines/new-one/draft/"
    assert "Nothing to mend." in page(olga, "new-one")
    olga.post(url, {"key": "copy-word", "title": "A copy", "source": "weekly-word"})
    copy = RoutineDraft.objects.get(key="copy-word").text
    assert copy == WEEKLY.replace("weekly-word", "copy-word").replace("Weekly word", "A copy")
    file = olga.get(reverse("version_file", args=["weekly-word", 1]))
    assert file.content.decode() == WEEKLY
    olga.post(url, {"file": SimpleUploadedFile("x.yaml", WEEKLY.replace("20", "21").encode())})
    assert RoutineDraft.objects.get(key="weekly-word").text == WEEKLY.replace("20", "21")
    refused = olga.post(url, {"file": SimpleUploadedFile("x.yaml", b"\xff\xfe")})
    assert refused.status_code == 400
    assert "no UTF-8" in refused.content.decode()


def test_retiring_says_before_what_it_ends_and_can_be_undone(scene: Scene, olga: Client) -> None:
    url = reverse("retirement", args=["weekly-word"])
    text = olga.get(url).content.decode()
    assert "3 subscriptions end today" in text
    assert "retiring breaks no promise" in text
    assert "3 subscriptions ended" in olga.post(url, follow=True).content.decode()
    assert Routine.objects.get(key="weekly-word").status == "retired"
    assert "is live" in olga.post(url, {"_method": "delete"}, follow=True).content.decode()
    assert Moment.objects.filter(subscription__routine=scene.weekly).exists()


def test_a_mark_is_moved_by_a_small_form(scene: Scene, browser: Browser) -> None:
    alice = browser(scene.world.alice)
    moment = Moment.objects.filter(subscription__partner=scene.world.bergmann, due_at__gt=AT).earliest(
        "due_at"
    )
    url = reverse("moment_date", args=[moment.pk])
    shown = alice.get(url, {"to": "2026-06-12", "step": "1"}, headers={"HX-Request": "true"}).content.decode()
    assert 'data-to="2026-06-15"' in shown
    assert "day off" in alice.get(url, {"to": "2026-06-14"}).content.decode()
    refused = alice.post(url, {"to": "2026-06-14"})
    assert refused.status_code == 400
    assert "day off" in refused.content.decode()
    done = alice.post(url, {"to": "2026-06-18", "back": "http://testserver/score/?zoom=month"}, follow=True)
    assert "is moved to 18 Jun" in done.content.decode()
    assert done.redirect_chain == [("http://testserver/score/?zoom=month", 302)]
    moment.refresh_from_db()
    assert moment.due_at.date().isoformat() == "2026-06-18"
    assert "moved from" in alice.get(reverse("score"), {"zoom": "month", "rows": "partners"}).content.decode()


def test_queries_of_a_draft_are_constant(scene: Scene, olga: Client) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            page(olga)
        return len(queries)

    post(olga, **fields(page(olga)))
    before = (count(), count())[1]
    for _ in range(5):
        post(olga, **fields(page(olga)), act="add:0")
    assert count() == before


def test_reminders_and_the_second_pair_of_eyes_are_filled_in_row_by_row(scene: Scene, olga: Client) -> None:
    key = "deal-decision"
    olga.post(reverse("new_draft"), {"source": key})
    sent = fields(page(olga, key))
    assert sent["steps.3.remind.amount"] == ["4", "2", ""]
    sent |= {
        "steps.3.remind.amount": ["", "90", "0"],
        "steps.3.remind.unit": ["bh", "min", "bh"],
        "steps.3.remind.to": ["channel_manager", "director", "channel_manager"],
        "steps.3.second.approvers": ["partner_operations"],
        "steps.3.second.when": [""],
    }
    post(olga, key, **sent)
    decide = values_of(RoutineDraft.objects.get(key=key).text)["steps"][3]
    assert decide["remind"] == ["-90min director", "0 channel_manager"]
    assert decide["second"] == {"approvers": ["partner_operations"]}
    post(
        olga,
        key,
        **(fields(page(olga, key)) | {"steps.3.second.approvers": [""], "steps.3.remind.amount": [""] * 3}),
    )
    decide = values_of(RoutineDraft.objects.get(key=key).text)["steps"][3]
    assert "second" not in decide and "remind" not in decide
    assert "Nothing to mend." in page(olga, key)


def test_reminders_that_are_none_are_shown_as_they_were_written(scene: Scene, olga: Client) -> None:
    key = "deal-decision"
    olga.post(reverse("new_draft"), {"source": key})
    text = RoutineDraft.objects.get(key=key).text.replace("-4bh channel_manager", "tomorrow director")
    RoutineDraft.objects.filter(key=key).update(text=text)
    shown = page(olga, key)
    assert "tomorrow director\n-2bh director</textarea>" in shown
    olga.post(reverse("draft", args=[key]), fields(shown))
    assert RoutineDraft.objects.get(key=key).text == text
