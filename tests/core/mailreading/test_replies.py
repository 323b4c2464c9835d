"""The new words of replies, as the mail programs of six languages write them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drumbeat.core.mailreading.htmltext import text_of_html
from drumbeat.core.mailreading.replies import has_quotation, new_text

KARIN = "Karin Bergmann"
REPLIES = {
    "German, Apple Mail, signature": (
        "Ja, passt uns.\n\nViele Grüße\nKarin Bergmann\nBergmann Systemhaus GmbH\nTel. +49 711 123456\n\n"
        "Am 24.11.2026 um 09:12 schrieb Jonas Weber <jonas@vendor.example>:\n> Passt Ihnen Dienstag?\n> Grüße",
        "Ja, passt uns.",
    ),
    "German, Outlook": (
        "Hallo Jonas,\n\npasst.\n\nMit freundlichen Grüßen\nKarin\n\nVon: Jonas Weber <jonas@vendor.example>\n"
        "Gesendet: Dienstag, 24. November 2026 09:12\nAn: Karin Bergmann\nBetreff: Monatsbericht\n\nGuten Tag",
        "Hallo Jonas,\n\npasst.",
    ),
    "German, Outlook on a telephone": (
        "Danke!\n\nHolen Sie sich Outlook für iOS\n________________________________\nVon: Jonas Weber <j@v.example>\n"
        "Gesendet: Dienstag\nAn: K\nBetreff: x\n\nText",
        "Danke!",
    ),
    "French, Gmail": (
        "D'accord pour mardi.\n\nCordialement,\nLuc\n\n"
        "Le mar. 24 nov. 2026 à 09:12, Jonas Weber <jonas@vendor.example> a écrit :\n\n> Bonjour",
        "D'accord pour mardi.",
    ),
    "Spanish, Gmail, wrapped": (
        "De acuerdo.\n\nEl mar, 24 nov 2026 a las 9:12, Jonas Weber (<jonas@vendor.example>)\nescribió:\n\n> Hola\n",
        "De acuerdo.",
    ),
    "Portuguese, telephone": (
        "Confirmado.\n\nEnviado do meu iPhone\n\n"
        "Em ter., 24 de nov. de 2026 às 09:12, Jonas Weber <jonas@vendor.example> escreveu:\n> Olá",
        "Confirmado.",
    ),
    "Japanese, Gmail": (
        "承知しました。\n火曜日でお願いします。\n\nよろしくお願いいたします。\n田中\n\n"
        "2026年11月24日(火) 9:12 Jonas Weber <jonas@vendor.example>:\n> こんにちは",
        "承知しました。\n火曜日でお願いします。",
    ),
    "Japanese, Outlook": (
        "承知しました。\n\n-----元のメッセージ-----\n差出人: Jonas\n送信日時: 2026\n宛先: 田中\n件名: 報告",
        "承知しました。",
    ),
    "between the lines": (
        "> Can you do Tuesday?\nYes.\n> And the report?\nIt follows on Friday.\n\nBest,\nAnn",
        "Yes.\nIt follows on Friday.",
    ),
    "below": (
        "On Tue, Nov 24, 2026 at 9:12 AM Jonas Weber <jonas@vendor.example> wrote:\n> Can you do Tuesday?\n\n"
        "Yes, Tuesday is fine.\n\n-- \nAnn Lee\nExample Inc",
        "Yes, Tuesday is fine.",
    ),
    "closing, contact data, small print": (
        "Thanks for the plan. Let us talk about Q1.\nAnn will call you on Monday.\n\nKind regards,\n\n"
        "Karin Bergmann | Channel Lead\nT: +1 555 123 4567\nwww.example.com\n\n"
        "This e-mail is confidential and intended solely for the addressee. If you are not, delete it.",
        "Thanks for the plan. Let us talk about Q1.\nAnn will call you on Monday.",
    ),
    "only the own name": ("Fine with us.\nKarin", "Fine with us."),
    "nothing to take away": (
        "From Monday on we sell: switches.\nThanks to you.",
        "From Monday on we sell: switches.\nThanks to you.",
    ),
    "nothing but a closing": ("Thanks", "Thanks"),
}


@pytest.mark.parametrize("name", REPLIES)
def test_only_the_new_words_stay(name: str) -> None:
    text, wanted = REPLIES[name]

    assert new_text(text, KARIN) == wanted
    assert new_text(text.replace("\n", "\r\n"), KARIN) == wanted


def test_html_quotations_are_marked() -> None:
    text = text_of_html(
        "<p>Yes &amp; thanks</p><style>p{}</style><div>On Tue, Ann &lt;a@b.example&gt; wrote:</div>"
        "<blockquote>Can you?<br>Really?</blockquote><script>alert(1)</script>"
    )

    assert has_quotation(text)
    assert new_text(text) == "Yes & thanks"


@settings(max_examples=200)
@given(st.text(alphabet="> -_\n:@.On wrote<>Von Betreff 1Grüße", max_size=400))
def test_new_words_are_words_of_the_text(text: str) -> None:
    assert set(new_text(text, KARIN).split()) <= set(text.split())
