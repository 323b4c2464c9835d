"""Kinds of mail, what each says, and that nothing from outside makes the reader fall."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drumbeat.core.mailreading import Reading, read_mail
from drumbeat.core.mailreading.letter import MOST_BYTES
from drumbeat.core.refusal import Refused

HEAD = (
    "From: {sender}\nTo: jonas@vendor.example\nSubject: {subject}\nMessage-ID: <m1@partner.example>\n{more}\n"
)


def mail(
    body: str, *, sender: str = "Karin <karin@bergmann.example>", subject: str = "Re: Report", more: str = ""
) -> Reading:
    return read_mail((HEAD.format(sender=sender, subject=subject, more=more) + body).encode())


def test_a_reply_says_what_it_answers() -> None:
    reading = mail(
        "Yes.\n\n> Tuesday?\n",
        more="In-Reply-To: <a@v>\nReferences: <r1@v> <a@v>\nDate: Tue, 24 Nov 2026 10:00:00 +0100\n",
    )

    assert (reading.kind, reading.text, reading.about) == ("human reply", "Yes.", "<a@v>")
    assert reading.references == ("<r1@v>", "<a@v>")
    assert reading.sender == ({"name": "Karin", "email": "karin@bergmann.example"},)
    assert reading.sent_at and reading.sent_at.isoformat() == "2026-11-24T09:00:00+00:00"


def test_the_words_of_a_failure_notice() -> None:
    reading = mail(
        "Hi. This is the qmail-send program.\n<zoe@partner.example>:\n192.0.2.1 does not like recipient.\n"
        "Remote host said: 550 5.1.1 no such user\n\n--- Below this line is a copy of the message.\n\nMessage-ID: <ours@v>\n",
        sender="MAILER-DAEMON@mx.example",
        subject="failure notice",
    )
    failure = reading.failures[0]

    assert (reading.kind, reading.about, reading.is_automatic) == ("bounce", "<ours@v>", True)
    assert (failure.address, failure.status, failure.reply) == ("zoe@partner.example", "5.1.1", "550")
    assert (failure.reason, failure.is_hard, failure.is_permanent) == ("userunknown", True, True)


@pytest.mark.parametrize(
    ("more", "subject"),
    [
        ("Auto-Submitted: auto-replied\n", "Re: Report"),
        ("X-Autoreply: yes\n", "Re: Report"),
        ("Precedence: auto_reply\n", "Re: Report"),
        ("In-Reply-To: <a@v>\n", "Automatische Antwort: Report"),
        ("In-Reply-To: <a@v>\n", "Abwesenheitsnotiz"),
        ("In-Reply-To: <a@v>\n", "Réponse automatique : Report"),
        ("In-Reply-To: <a@v>\n", "Respuesta automática: Report"),
        ("In-Reply-To: <a@v>\n", "Resposta automática: Report"),
        ("In-Reply-To: <a@v>\n", "自動応答: 報告"),
        ("In-Reply-To: <a@v>\n", "Out of Office: back on Monday"),
    ],
)
def test_machines_that_answer_for_people_are_known(more: str, subject: str) -> None:
    reading = mail("I am away.", subject=subject, more=more)

    assert (reading.kind, reading.is_automatic) == ("auto-reply", True)


@pytest.mark.parametrize(
    "more", ["Auto-Submitted: auto-generated\n", "Precedence: bulk\n", "List-Unsubscribe: <mailto:u@l>\n"]
)
def test_other_machines_give_no_human_reply(more: str) -> None:
    reading = mail("Yes.", more="In-Reply-To: <a@v>\n" + more)

    assert (reading.kind, reading.is_automatic) == ("other", True)


def test_a_forwarded_notice_is_a_persons_mail() -> None:
    reading = mail("<a@b.example>:\n550 5.1.1 unknown user\n", subject="Fwd: failure notice")

    assert reading.failures == ()


def test_a_complaint_names_who_complained() -> None:
    reading = mail(
        "--x\nContent-Type: text/plain\n\nabuse\n--x\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\n"
        "Original-Rcpt-To: zoe@partner.example\n\n--x\nContent-Type: message/rfc822\n\nMessage-ID: <ours@v>\n\nx\n--x--\n",
        more='Content-Type: multipart/report; report-type="feedback-report"; boundary="x"\n',
    )

    assert reading.complaint
    assert (reading.kind, reading.complaint.addresses, reading.about) == (
        "complaint",
        ("zoe@partner.example",),
        "<ours@v>",
    )


def test_a_calendar_reply_is_one() -> None:
    reading = mail(
        "BEGIN:VCALENDAR\nMETHOD:REPLY\nBEGIN:VEVENT\nUID:u\nATTENDEE;PARTSTAT=ACCEPTED:mailto:z@p.example\nEND:VEVENT\nEND:VCALENDAR\n",
        more="Content-Type: text/calendar; method=REPLY\n",
    )

    assert (reading.kind, reading.calendar_method) == ("calendar reply", "REPLY")


def test_too_large_and_empty_files_are_refused() -> None:
    for raw in (b"", b" \n", b"x" * (MOST_BYTES + 1), b"\0\1\2" * 50):
        with pytest.raises(Refused):
            read_mail(raw)


def test_nesting_is_bounded() -> None:
    nested = "\n--b{0}\nContent-Type: multipart/mixed; boundary=b{1}\n"
    body = "".join(nested.format(number, number + 1) for number in range(100))
    with pytest.raises(Refused, match="deep"):
        mail(body, more="Content-Type: multipart/mixed; boundary=b0\n")


@pytest.mark.parametrize(
    "piece",
    [
        "a@b.c ",
        "<",
        "> ",
        "550 ",
        "On 2026-01-01 a\n",
        "From: a\nTo: b\n",
        "<a@b.c>: x\n",
        "=?utf-8?q?",
        "user unknown ",
    ],
)
@pytest.mark.parametrize("subject", ["failure notice", "Re: x"])
def test_repetition_costs_less_than_a_second(piece: str, subject: str) -> None:
    started = time.process_time()
    mail(
        piece * (400_000 // len(piece)),
        sender="MAILER-DAEMON@x.example",
        subject=subject,
        more=f"X-Y: {piece.strip()}\n",
    )

    assert time.process_time() - started < 1


@settings(max_examples=300)
@given(
    st.binary(max_size=600),
    st.sampled_from(
        [
            "text/plain",
            "text/html",
            "message/delivery-status",
            "multipart/report; boundary=b",
            "text/calendar",
        ]
    ),
)
def test_whatever_comes_is_read_or_refused(body: bytes, kind: str) -> None:
    head = f"From: MAILER-DAEMON@x.example\nSubject: failure\nContent-Type: {kind}\n\n--b\n"
    try:
        assert read_mail(head.encode() + body).kind
    except Refused as refusal:
        assert str(refusal)
