"""Is this a failure notice, and what does it say of whom? Puts together what the readers of its forms find."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from drumbeat.core.mailreading.addresses import all_addresses
from drumbeat.core.mailreading.codes import answer_in, asked_before, command_in, reply_in, status_in
from drumbeat.core.mailreading.htmltext import text_of_html
from drumbeat.core.mailreading.letter import Letter
from drumbeat.core.mailreading.providernotices import provider_failures
from drumbeat.core.mailreading.reasons import after_waiting, is_hard, reason_of
from drumbeat.core.mailreading.statusfields import StatusFields, status_fields
from drumbeat.core.mailreading.transcripts import (
    Told,
    header_recipients,
    local_recipients,
    notice_of,
    told_recipients,
)

DAEMON = re.compile(
    r"(?i)mailer-?daemon|post[ _-]?ma(?:st|rt)er|mail[ ._-]?(?:deliver|delivery|system|administrator|router|service)|delivery subsystem|system administrator|\bmmsc|smtp_?mail_?service|content-filter|interscan|\bmdaemon"
)
FORWARDED = re.compile(r"(?i)\s*(?:fwd?|wg|tr|rv|enc|転送)\s*:")
SUBJECT = re.compile(
    r"(?i)undeliver|un?zustellbar|delivery (?:status|failure|report|notification|problem|error|has failed|delayed)|returned mail|failure notice|failure delivery|mail (?:delivery )?(?:failed|failure|system error|could not)|failed (?:mail|delivery)|delivery failed|message (?:delivery )?(?:status|failed|delayed|has failed)|could not be delivered|non remis|non recapitabile|no entregado|não entregue|mail delivery|undelivered|cannot be delivered|error sending your mail|delayed mail|warning: (?:message|could not)|automatically rejected|rejected mail|undeliver|returned to sender|delivery notification|non-?delivery|user unknown|传输失败|退信|回信|配信|エラーメール|недоставлен|не доставлено|there was an error sending|nondeliver|bounce|unzustellbar"
)
BODY = re.compile(
    r"(?im)could ?n[o']t be delivered|was not delivered|unable to deliver|not able to deliver|(?:did not|could not) reach|delivery .{0,60}(?:failed|delayed|aborted)|delevery to|permanent (?:fatal )?error|returned to you|failed recipients?|undeliverable|(?:mailbox|user) .{0,40}(?:full|unknown)|unknown user|(?:has|have) not (?:yet )?been delivered|no such user|^<[^<>\s]{1,100}@[^<>\s]{1,120}>:|no se pudo entregar|no pudo ser entregado|送信できません|配信できません|was(?:n't| not) delivered|trouble delivering|could not be sent|error delivering|failed addresses|failure reasons|rejected by a remote mail|group you tried to contact|cannot be delivered|delivery errors|delivery problems|did not receive|were affected|message to .{0,80} was (?:automatically )?rejected"
)


@dataclass(frozen=True, slots=True)
class Failure:
    """What happened to the message for one address.

    `status` is the enhanced code that was told, else the class alone (`5.0.0`, `4.0.0`); `reply` the SMTP code or empty.
    `is_permanent`: the server gave up. `is_hard`: nobody will ever receive mail there.
    """

    address: str
    status: str
    reply: str
    reason: str
    is_permanent: bool
    is_hard: bool
    words: str


def failures_in(letter: Letter) -> list[Failure]:
    """What a failure notice says of each recipient; empty when the letter is none."""
    if told := provider_failures(_own_text(letter)):
        return [_failure(fields, "", "") for fields in told]
    if not _is_notice(letter):
        return []
    text = _own_text(letter)
    notice = notice_of(text)
    reports = [part.text for part in letter.own("message/delivery-status")] or [text]
    fields = [one for report in reports for one in status_fields(report) if one.address]
    if fields:
        spoken = told_recipients(notice, not_these=_reader(letter))
        return [_failure(one, _words_about(one.address, spoken, notice), notice) for one in fields]
    return _each_once(_from_text(letter, notice))


def failure_told(address: str, tellings: Iterable[str]) -> Failure:
    """What somebody else tells of one address that failed for good: by the first of the tellings that names a reason."""
    made = [_made_of(address, words) for words in tellings] or [_made_of(address, "")]
    return next((failure for failure in made if failure.reason != "undefined"), made[0])


def _made_of(address: str, words: str) -> Failure:
    status = status_in(words)
    reason = reason_of(words, status=status, command=command_in(words))
    return _made(address, status, reply_in(words), reason, words=words, is_delayed=False)


def _is_notice(letter: Letter) -> bool:
    if letter.own("message/delivery-status") or letter.header("x-failed-recipients"):
        return True
    if letter.parameters.get("report-type") in ("delivery-status",):
        return True
    if FORWARDED.match(letter.header("subject")) and not DAEMON.search(letter.header("from")):
        return False
    text = _own_text(letter)[:4_000]
    sender = f"{letter.header('from')} {letter.header('return-path') if letter.header('return-path') == '<>' else ''}"
    is_machine = bool(letter.enclosed_headers) and "reply@" in sender.lower()
    signs = [
        DAEMON.search(sender) or "<>" in sender or is_machine,
        SUBJECT.search(letter.header("subject")),
        BODY.search(text),
    ]
    return sum(1 for sign in signs if sign) >= 2


def _own_text(letter: Letter) -> str:
    plain = [
        part.text
        for part in letter.own(
            "text/plain", "multipart/alternative", "multipart/mixed", "message/delivery-status-text"
        )
    ]
    if any(text.strip() for text in plain):
        return "\n".join(plain)
    return "\n".join(text_of_html(part.text) for part in letter.own("text/html"))


def _reader(letter: Letter) -> frozenset[str]:
    """To whom the notice is written: the sender of what failed, never its recipient."""
    return frozenset(
        address.lower()
        for name in ("to", "delivered-to", "from")
        for value in letter.all_of(name)
        for address in all_addresses(value)
    )


def _words_about(address: str, spoken: list[Told], notice: str) -> str:
    own = [told.words for told in spoken if told.address.lower() == address.lower()]
    return own[0] if own else "" if len(spoken) > 1 else notice[:6_000]


def _failure(fields: StatusFields, words: str, notice: str) -> Failure:
    diagnostic = fields.diagnostic
    is_telling = len(diagnostic) > 12
    told = diagnostic if is_telling else f"{diagnostic}\n{words}"
    status = _status(fields.status, told, words)
    reply = reply_in(diagnostic) or reply_in(words)
    command = asked_before(notice, diagnostic) or command_in(words) or command_in(diagnostic)
    reason = reason_of(told, status=status, command=command, action=fields.action)
    if reason in ("undefined", "expired", "filtered", "systemerror") and is_telling:
        further = reason_of(f"{diagnostic}\n{words}", status=status, command=command, action=fields.action)
        reason = reason if reason != "undefined" else further
    reason = after_waiting(reason, notice)
    return _made(fields.address, status, reply, reason, words=told, is_delayed=fields.action == "delayed")


def _status(field: str, told: str, words: str) -> str:
    """The server's own code before the one its neighbour wrote into the field, unless that says more."""
    spoken, written = status_in(told), status_in(field) or (field[:5] if field.startswith("2.") else "")
    if spoken and not spoken.endswith(".0.0"):
        return spoken
    if written and not written.endswith(".0.0"):
        return written
    further = status_in(words)
    return (further if further and further[2:] != "0.0" else "") or written or spoken or further


def _from_text(letter: Letter, notice: str) -> list[Failure]:
    named = all_addresses(letter.header("x-failed-recipients"))
    told = told_recipients(notice, not_these=_reader(letter))
    if named:
        told = [Told(one, _words_about(one, told, notice) or notice) for one in named]
    if not told:
        told = local_recipients(notice, _domain(letter.header("from")))
    if not told:
        told = [Told(one, notice) for one in _original_recipients(letter)]
    return [_told_failure(one, notice, letter.header("subject")) for one in told]


def _domain(sender: str) -> str:
    addresses = all_addresses(sender)
    return addresses[0].rpartition("@")[2] if addresses else ""


def _original_recipients(letter: Letter) -> list[str]:
    from_headers = header_recipients(letter.enclosed_headers)
    quoted = header_recipients(_own_text(letter))
    return from_headers or [one for one in quoted if one.lower() not in _reader(letter)] or quoted[:1]


def _told_failure(told: Told, notice: str, subject: str) -> Failure:
    words = told.words
    is_delayed = bool(
        re.search(
            r"(?i)warning: (?:message|could|mail|delivery)|attempts will continue|postponed|continue to try|delay|still being retried|not yet been delivered|will be retried|temporar",
            f"{subject}\n{notice[:1500]}",
        )
    )
    status, reply = status_in(words) or status_in(notice), reply_in(words) or reply_in(notice)
    command = asked_before(notice, answer_in(words)) or command_in(words) or command_in(notice)
    reason = reason_of(answer_in(words), status=status, command=command)
    if reason == "undefined":
        reason = reason_of(words, status=status, command=command)
    if reason == "undefined":
        reason = reason_of(f"{subject}\n{notice}", status=status, command=command)
    reason = after_waiting(reason, notice)
    return _made(
        told.address, status, reply, reason, words=words, is_delayed=is_delayed and not reply.startswith("5")
    )


def _made(address: str, status: str, reply: str, reason: str, *, words: str, is_delayed: bool) -> Failure:
    if not status:
        status = "4.0.0" if is_delayed or reply.startswith("4") else "5.0.0"
    return Failure(
        address, status, reply, reason,
        is_permanent=not is_delayed and reason != "delivered",
        is_hard=is_hard(reason),
        words=" ".join(words.split())[:500],
    )  # fmt: skip


def _each_once(failures: list[Failure]) -> list[Failure]:
    return list({failure.address.lower(): failure for failure in reversed(failures)}.values())[::-1]


def original_message_id(letter: Letter) -> str:
    """The Message-ID of what failed, from the copy that came along."""
    found = re.search(
        r"(?im)^(?:x-original-)?message-id:\s*(<[^<>\s]{1,300}>)",
        f"{letter.enclosed_headers}\n{_own_text(letter)}",
    )
    return found[1] if found else ""
