"""Mails in the reader's language: every text ships in six, asks for the same values, and falls back to English."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from drumbeat.apps.messages.models import Message
from drumbeat.apps.routines.models import StepState
from drumbeat.core.markup import html_of
from drumbeat.core.placeholders import names_in, odd_braces
from drumbeat.core.playbook import AGENDAS
from drumbeat.library import HERE, agenda_point, languages, message_templates, message_text, spoken, word
from drumbeat.workflows.performers import perform_due
from tests.workflows.channel import DAY, DUE, MAIL, START, library, run, step_of, text_of
from tests.world import World

SIX = ("de", "en", "es", "fr", "ja", "pt")


def _asked(text: str) -> set[str]:
    """The values that a text asks for; by which of his names it greets the reader is the language's business."""
    return {"contact" if name.startswith("contact.") else name for name in names_in(text)}


def test_all_texts_ship_in_six_languages() -> None:
    assert languages() == SIX
    for template in message_templates():
        assert not [code for code in SIX if not (HERE / "messages" / f"{template}.{code}.md").exists()]


@pytest.mark.parametrize("language", SIX)
def test_a_text_asks_in_each_language_for_what_it_asks_in_english(language: str) -> None:
    for template in sorted(message_templates()):
        text = message_text(template, language)
        assert _asked(text) == _asked(message_text(template)), template
        assert text.startswith("Subject: ") and not odd_braces(text), template
        assert "<script" not in html_of(text)


def test_the_words_between_are_there_in_each_language() -> None:
    for key in (
        "approved",
        "declined",
        "sent_back",
        "decided",
        "overdue_since",
        "due",
        "minutes_ask",
        "rhythm_week",
    ):
        assert len({word(key, language) for language in SIX}) == len(SIX), key
    for key in ("minutes_there", "commitment", "commitment_measure"):
        gaps = {tuple(sorted(re.findall(r"{(\w*)}", word(key, language)))) for language in SIX}
        assert len(gaps) == 1, "each leaves the same places for names"


@pytest.mark.parametrize("language", sorted(set(SIX) - {"en"}))
def test_points_of_meetings_with_partners_are_told_in_each_language(language: str) -> None:
    for agenda in ("weekly-call", "plan-checkin", "quarter-review"):
        assert all(agenda_point(point, language) != point for point in AGENDAS[agenda]), agenda
    assert agenda_point("The price list", language) == "The price list", "what people wrote stays"


@pytest.mark.parametrize(
    ("asked", "given"), [("de-AT", "de"), ("pt-BR", "pt"), ("nl", "en"), ("", "en"), ("../../x", "en")]
)
def test_a_language_falls_back_to_its_base_and_then_to_english(asked: str, given: str) -> None:
    assert spoken(asked) in (asked, given)
    assert message_text("newsletter", asked) == (HERE / "messages" / f"newsletter.{given}.md").read_text()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("contact", "partner", "subject"),
    [
        ("", "de", "Ihre Verkaufsdatei für Mai 2026, bitte bis 2. Juni 2026"),
        ("fr", "de", "Votre fichier de ventes, mai 2026, avant le 2 juin 2026"),
        ("ja", "de", "2026年5月の販売データのお願い（期限：2026年6月2日）"),
        ("nl", "de", "Your sales file for May 2026, please, by 2 June 2026"),
    ],
)
def test_the_contacts_language_decides_then_the_partners(
    world: World, contact: str, partner: str, subject: str
) -> None:
    world.bergmann.language, world.sven.language = partner, contact
    world.bergmann.save()
    world.sven.save()
    run(text_of(MAIL), [world.bergmann], DUE)
    perform_due(at=DUE)
    assert Message.objects.get().subject == subject


@pytest.mark.django_db
def test_a_missing_value_stops_the_send_says_which_and_is_tried_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from drumbeat.workflows import wording

    values = dict(wording.VALUES)
    monkeypatch.setattr(wording, "VALUES", {**values, "file.period": lambda telling: None})
    [occurrence] = run(text_of(MAIL), [world.bergmann], DUE)
    perform_due(at=DUE)
    step = step_of(occurrence, "word")
    assert "no value for file.period" in step.error and step.state == StepState.OPEN
    assert not Message.objects.exists()
    monkeypatch.setattr(wording, "VALUES", values)
    perform_due(at=step.next_attempt_at + timedelta(minutes=1))
    assert step_of(occurrence, "word").state == StepState.HANDED and Message.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("language", SIX)
def test_the_partners_routines_run_in_every_language(world: World, language: str) -> None:
    for contact in (world.petra, world.sven):
        contact.language = language
        contact.save()
    run(library("weekly-partner-call"), [world.bergmann], START + 20 * DAY)
    for days in range(20):
        perform_due(at=START + days * DAY)
    letters = list(Message.objects.exclude(contact=None))
    assert letters and not [letter for letter in letters if "{{" in letter.text + letter.subject]
