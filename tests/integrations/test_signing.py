"""Letters are fit for DKIM: what a mail server signs when it takes them verifies where they arrive, whatever stands in names and
subjects. The signer is not the house's."""

from __future__ import annotations

import re
from dataclasses import replace
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.utils import parseaddr

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given, settings
from hypothesis import strategies as st

from drumbeat.integrations.letters import Address, File, Letter
from drumbeat.integrations.providers import marks
from drumbeat.integrations.smtp import SmtpPost
from drumbeat.integrations.wire import wire_form

from .servers import Sink, listening
from .test_smtp import ICS, LETTER

SIGNED = (
    "from to subject date message-id reply-to list-id list-unsubscribe list-unsubscribe-post auto-submitted "
    "mime-version content-type"
)
HEADERS = [name.encode() for name in SIGNED.split()]
ONCE = (
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Reply-To",
    "MIME-Version",
    "Content-Type",
)  # RFC 5322, 3.6
LONGEST_LINE = 998
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PRIVATE = KEY.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
)
PUBLIC = KEY.public_key().public_bytes(
    serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
)
UNSUBSCRIBE = "https://drumbeat.example.com/preferences/" + 30 * "abcdefghij" + "/?topic=news"
OPTIONAL = replace(LETTER, unsubscribe=UNSUBSCRIBE)
KINDS = {
    "agreed": LETTER,
    "optional": OPTIONAL,
    "with an invitation": replace(
        LETTER, files=(File("i.ics", "text/calendar; method=REQUEST", lambda: ICS),)
    ),
    "with a logo": replace(LETTER, logo=File("logo", "image/png", lambda: b"\x89PNG" * 999)),
    "with a long line": replace(LETTER, text="x" * 5000 + "\n.\n..\n\nFrom here\n"),
    "in Japanese": replace(LETTER, subject="月次レポート" * 20, text="こんにちは。" * 200),
}


def signed(text: bytes) -> bytes:
    """As a relay adds it above the letter; each header is signed once more than it is there, so that none may be added."""
    own = dkim.sign(
        text, b"relay", b"polaris.example", PRIVATE,
        canonicalize=(b"relaxed", b"simple"), include_headers=[*HEADERS, b"from", b"subject"],
    )  # fmt: skip
    assert isinstance(own, bytes)
    return own + text


def verifies(text: bytes) -> bool:
    from base64 import b64encode

    record = b"v=DKIM1; k=rsa; p=" + b64encode(PUBLIC)
    return dkim.verify(text, dnsfunc=lambda name, timeout=5: record)


def header_of(text: bytes) -> bytes:
    return text.partition(b"\r\n\r\n")[0]


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_signed_where_it_is_taken_verifies_where_it_arrives(kind: str) -> None:
    sink = Sink()
    with listening(sink) as url:
        post = SmtpPost(url, timeout=5)
        envelope = post.seal(KINDS[kind])
        post.deliver(envelope)
        post.close()
    arrived = sink.accepted[0].original_content
    assert isinstance(arrived, bytes)
    assert arrived == envelope.text, "not a byte is changed between sealing and arriving"
    assert verifies(signed(arrived))
    assert not verifies(signed(arrived).replace(b"Subject: ", b"Subject: free ", 1))


def test_one_click_is_part_of_what_is_signed() -> None:
    """RFC 8058, 4: both headers must be covered by the signature."""
    text = signed(wire_form(OPTIONAL))
    covered = re.search(rb"h=([^;]+);", text)
    assert covered
    names = {name.strip().lower() for name in covered[1].split(b":")}
    assert {b"list-unsubscribe", b"list-unsubscribe-post", b"from", b"subject"} <= names
    assert not verifies(text.replace(b"/preferences/", b"/elsewhere/", 1))


TEXTS = st.text(st.characters(blacklist_categories=("Cs",)), max_size=300)


@settings(max_examples=60)
@given(
    subject=TEXTS, name=TEXTS, body=TEXTS, provider=st.sampled_from(["", "mailgun", "mailjet", "postmark"])
)
def test_no_name_or_subject_makes_a_header_unfit(subject: str, name: str, body: str, provider: str) -> None:
    letter: Letter = replace(
        OPTIONAL,
        subject=" ".join(subject.split()),
        text=body,
        recipient=Address(" ".join(name.split()), "zoe@bergmann.example"),
    )
    try:
        text = wire_form(letter, marks(provider, letter.message_id))
    except ValueError:
        return  # it is refused before it leaves, and says why
    parsed = message_from_bytes(text, policy=policy.SMTP)
    assert all(len(parsed.get_all(once, [])) == 1 for once in ONCE)
    assert text.isascii() and not re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", text)
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", text), "lines end by CRLF alone"
    assert max(map(len, text.split(b"\r\n"))) <= LONGEST_LINE
    assert not re.search(rb"\r\n[ \t]+(\r\n|$)", header_of(text)), "no folded line is empty"
    assert verifies(signed(text))
    written = (letter.subject, letter.recipient.name, re.sub(r"\r\n?", "\n", body).removesuffix("\n"))
    assert told(text) == tuple(CONTROLS.sub("", part) for part in written)


CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def told(text: bytes) -> tuple[str, str, str]:
    """Subject, name and text as a mail program reads them (RFC 2047: nothing stands between two encoded words)."""
    header = message_from_bytes(text, policy=policy.compat32)
    plain = message_from_bytes(text, policy=policy.SMTP).get_body(("plain",))
    assert plain
    name, _ = parseaddr(str(header["To"]).replace("\r\n", ""))
    body = str(plain.get_content()).replace("\r\n", "\n").removesuffix("\n")
    return decoded(header["Subject"]), decoded(name), body


def decoded(words: str) -> str:
    return str(make_header(decode_header(words)))
