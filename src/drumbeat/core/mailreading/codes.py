"""Finds in a server's words its reply code, its enhanced status code and the command it answered. Judges nothing."""

from __future__ import annotations

import re

STATUS = re.compile(r"(?<![\d.])([45]\.\d{1,2}\.\d{1,3})(?!\.?\d)")
REPLY = r"(4(?:2[12]|3[0-2]|41|5[0-9]|71)|5(?:0[0-4]|1[0-7]|21|23|25|3[0-8]|41|5[0-9]|7[0-2]))"
QUOTED_REPLY = re.compile(rf"(?:<{REPLY} |\b{REPLY}-')([45]\.\d{{1,2}}\.\d{{1,3}}) ")
QUOTED_ANSWER = re.compile(rf"\b{REPLY}-'")
REPLY_WITH_STATUS = re.compile(rf"(?<![\w.#/-]){REPLY}[ -]{{1,2}}#?[245]\.\d{{1,2}}\.\d{{1,3}}(?!\.?\d)")
REPLY_AT_PLACE = re.compile(
    rf"(?im)(?:^|<<<|[:>'\"(=;]|\b(?:said|returned|code|error|response|reply|responded|status|smtp|with|dsn)\b:?)\s*{REPLY}(?=[\s:,;)'\"-]|$)"
)
COMMANDS = (
    (
        "DATA",
        r"in reply to (?:end of )?DATA|after (?:sending )?(?:end of data|DATA|pipelined sending data)|\bfor TEXT command"
        r"|failed after I sent the message|did not like our (?:EOM|DATA|final DATA)|\(DATA\)|Body of message generated"
        r"|SMTP command\s+DATA|while sending (?:end of data|message body)|at end of DATA",
    ),
    (
        "RCPT",
        r"in reply to RCPT|after RCPT TO|does not like recipient|did not like our RCPT|\bfor RCPT|RCPT TO generated"
        r"|SMTP:RCPT|in RCPT TO|\[RCPT_TO\]|RCPT TO response|\(RCPT\)|while sending RCPT|SMTP command\s+RCPT",
    ),
    (
        "MAIL",
        r"in reply to MAIL FROM|after (?:pipelined )?MAIL FROM|does not like sender|did not like our MAIL|\bfor MAIL"
        r"|SMTP:MAIL|in MAIL FROM|\(MAIL\)|while sending MAIL|SMTP command\s+MAIL",
    ),
    (
        "EHLO",
        r"in reply to (?:EHLO|HELO)|after (?:EHLO|HELO)|did not like our (?:EHLO|HELO)|my name was rejected|\(EHLO\)|\(HELO\)",
    ),
    (
        "CONN",
        r"refused to talk to me|after initial connection|while performing the (?:EHLO|HELO)|connected to .{1,80} but greeting failed",
    ),
)
TO_RECIPIENT = re.compile(
    rf"\b{REPLY}[ :-]{{1,2}}(?:[45]\.\d{{1,2}}\.\d{{1,3}} )?<[^<>@\s]{{1,100}}@[^<>\s]{{1,120}}>"
)
ASKED = re.compile(r"(?m)^\s*>>> ?(EHLO|HELO|MAIL|RCPT|DATA|QUIT|STARTTLS|\.)", re.IGNORECASE)


def status_in(text: str) -> str:
    """The enhanced status code (RFC 3463) that says most: a detailed one before X.0.0; empty when there is none."""
    if quoted := QUOTED_REPLY.search(text):
        return quoted[3]
    found = STATUS.findall(text)
    return next((code for code in found if not code.endswith(".0.0")), found[0] if found else "")


def reply_in(text: str) -> str:
    """The reply code (RFC 5321, 4.2) where a server's answer stands; numbers that merely look like one are passed over."""
    if quoted := QUOTED_REPLY.search(text):
        return quoted[1] or quoted[2]
    if found := QUOTED_ANSWER.search(text) or REPLY_WITH_STATUS.search(text) or REPLY_AT_PLACE.search(text):
        return found[1]
    return "250" if re.search(r"(?:^|[:;]) ?250 2\.", text) else ""


def command_in(text: str) -> str:
    """CONN, EHLO, MAIL, RCPT or DATA: what the server refused, as the notice tells it; empty when it doesn't.

    An answer that begins with an address in brackets speaks of a recipient.
    """
    for command, pattern in COMMANDS:
        if re.search(pattern, text, re.IGNORECASE):
            return command
    return "RCPT" if TO_RECIPIENT.search(text) else ""


def asked_before(transcript: str, answer: str) -> str:
    """The command whose answer this is, in a transcript of `>>>` and `<<<` lines (several may be on their way).

    Where the words don't stand there as they are, the first answer with the same codes is taken.
    """
    words = " ".join(answer.split())
    codes = REPLY_WITH_STATUS.match(words)
    return _asked_before(transcript, words[:40]) or (_asked_before(transcript, codes[0]) if codes else "")


def _asked_before(transcript: str, words: str) -> str:
    asked = ""
    for line in transcript.split("\n"):
        if found := ASKED.match(line):
            asked = "DATA" if found[1] == "." else found[1].upper().replace("HELO", "EHLO")
        elif asked and words and words in " ".join(line.split()):
            return asked
    return ""


def answer_in(words: str) -> str:
    """From the reply code on, what the server answered; all the words when no code stands in them."""
    found = REPLY_WITH_STATUS.search(words) or REPLY_AT_PLACE.search(words)
    return words[found.start(1) :].split("\n\n")[0] if found else words
