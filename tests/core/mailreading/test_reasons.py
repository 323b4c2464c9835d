"""Words of mail servers, as they publish or use them, and the reason each tells."""

from __future__ import annotations

import pytest

from drumbeat.core.mailreading.codes import answer_in, asked_before, command_in, reply_in, status_in
from drumbeat.core.mailreading.phrases import DECISIVE, PROVIDER_CODES, TELLING
from drumbeat.core.mailreading.reasons import HARD_REASONS, is_hard, reason_of

# Words of the server, the command that it refused (empty: not told), the reason.
SAYINGS = (
    (
        "550 5.1.1 <a@b.c>: Recipient address rejected: User unknown in virtual mailbox table",
        "RCPT",
        "userunknown",
    ),
    (
        "550 5.1.1 The email account that you tried to reach does not exist. Please try double-checking",
        "RCPT",
        "userunknown",
    ),
    (
        "554 delivery error: dd This user doesn't have a yahoo.com account (x@yahoo.com) [0] - mta1",
        "DATA",
        "filtered",
    ),
    ("550 Requested action not taken: mailbox unavailable", "RCPT", "userunknown"),
    ("550 No such user here", "RCPT", "userunknown"),
    ("550 5.1.1 RESOLVER.ADR.RecipNotFound; not found", "", "userunknown"),
    (
        "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup",
        "",
        "userunknown",
    ),
    (
        "550 5.4.310 DNS domain example.invalid does not exist [Message=InfoDomainNonexistent]",
        "",
        "hostunknown",
    ),
    ("550 5.2.2 <a@b.c>... Mailbox Full", "RCPT", "mailboxfull"),
    (
        "452 4.2.2 The email account that you tried to reach is over quota. Please direct the recipient to",
        "RCPT",
        "mailboxfull",
    ),
    (
        "552 5.2.2 This message is larger than the current system limit or the recipient's mailbox is full. Create a shorter message body or remove attachments and try sending it again.",
        "",
        "mailboxfull",
    ),
    (
        "554 5.2.2 mailbox full;STOREDRV.Deliver.Exception:QuotaExceededException.MapiExceptionShutoffQuotaExceeded",
        "",
        "mailboxfull",
    ),
    ("552 5.3.4 Message size exceeds fixed limit", "MAIL", "mesgtoobig"),
    ("552-5.3.4 Your message exceeded Google's message size limits", "DATA", "mesgtoobig"),
    ("550 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using Spamhaus", "RCPT", "blocked"),
    (
        "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org; https://www.spamhaus.org/query/ip/192.0.2.1",
        "RCPT",
        "blocked",
    ),
    ("550 5.7.1 Unable to relay", "RCPT", "norelaying"),
    ("554 5.7.1 <a@b.c>: Relay access denied", "RCPT", "norelaying"),
    ("550 5.7.1 Message rejected due to content restrictions", "DATA", "spamdetected"),
    ("554 5.7.1 Message rejected because it contains spam", "DATA", "spamdetected"),
    (
        "550 5.7.1 [192.0.2.1 12] Our system has detected that this message is likely unsolicited mail. To reduce the amount of spam sent to Gmail, this message has been blocked.",
        "DATA",
        "spamdetected",
    ),
    (
        "550-5.7.26 This message does not pass authentication checks (SPF and DKIM both do not pass)",
        "DATA",
        "authfailure",
    ),
    (
        "550 5.7.1 Unauthenticated email from example.com is not accepted due to domain's DMARC policy.",
        "DATA",
        "authfailure",
    ),
    (
        "550-5.7.25 [192.0.2.1] The IP address sending this message does not have a PTR record setup",
        "DATA",
        "requireptr",
    ),
    (
        "421-4.7.0 [192.0.2.1 15] Our system has detected an unusual rate of unsolicited mail originating from your IP address. To protect our users from spam, mail sent from your IP address has been temporarily rate limited.",
        "DATA",
        "badreputation",
    ),
    (
        "450 4.2.1 The user you are trying to contact is receiving mail too quickly. Please resend your message at a later time.",
        "RCPT",
        "speeding",
    ),
    (
        "550 5.2.1 The user you are trying to contact is receiving mail at a rate that prevents additional messages from being delivered.",
        "RCPT",
        "speeding",
    ),
    ("550 5.4.5 Daily user sending quota exceeded.", "", "exceedlimit"),
    ("554 5.4.14 Hop count exceeded - possible mail loop", "", "networkerror"),
    ("554 5.4.6 Too many hops", "DATA", "networkerror"),
    ("550 5.7.64 TenantAttribution; Relay Access Denied", "", "norelaying"),
    (
        "550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required; Delivery restriction check failed because the sender was not authenticated",
        "",
        "securityerror",
    ),
    ("550 5.7.124 RESOLVER.RST.SenderNotInAllowedSendersList", "", "securityerror"),
    ("550 5.7.606 Access denied, banned sending IP [192.0.2.1]", "RCPT", "blocked"),
    (
        "550 5.7.1 Unfortunately, messages from [192.0.2.1] weren't sent. Please contact your Internet service provider since part of their network is on our block list (S3150).",
        "MAIL",
        "blocked",
    ),
    (
        "451 4.7.650 The mail server [192.0.2.1] has been temporarily rate limited due to IP reputation.",
        "",
        "badreputation",
    ),
    ("451 4.7.500 Server busy. Please try again later from [192.0.2.1]. (S77719)", "", "systemerror"),
    ("550 5.1.8 Access denied, bad outbound sender", "", "rejected"),
    (
        "550 5.1.90 Your message can't be sent because you've reached your daily limit for message recipients",
        "",
        "exceedlimit",
    ),
    ("553 5.1.8 Domain of sender address a@b.c does not exist", "MAIL", "rejected"),
    (
        "553 5.1.2 We weren't able to find the recipient domain. Please check for any spelling errors",
        "",
        "hostunknown",
    ),
    ("550 5.4.4 Unable to route (no mail hosts for domain)", "", "hostunknown"),
    (
        "Host or domain name not found. Name service error for name=example.jp type=MX: Host not found",
        "",
        "hostunknown",
    ),
    (
        "delivery temporarily suspended: connect to mx.example[192.0.2.1]:25: Connection timed out",
        "",
        "expired",
    ),
    ("554 5.4.7 Delivery expired (message too old) 'timeout'", "", "expired"),
    (
        "lost connection with mx.example.com[192.0.2.1] while sending end of data -- message may be sent more than once",
        "",
        "networkerror",
    ),
    ("550 5.7.0 Message contains a virus", "DATA", "virusdetected"),
    ("554 5.7.1 The message was rejected: infected by Trojan", "DATA", "virusdetected"),
    ("550 5.2.1 This mailbox has been blocked due to inactivity", "RCPT", "suspend"),
    ("554 delivery error: dd This user account has been disabled or discontinued", "DATA", "suspend"),
    ("550 5.2.1 Mailbox unavailable. Your IP address is blacklisted", "RCPT", "blocked"),
    ("550 Account disabled", "RCPT", "suspend"),
    ("553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)", "RCPT", "norelaying"),
    ("554 Message refused by recipient", "DATA", "filtered"),
    ("550 5.7.1 Message filtered. Refer to the Troubleshooting page", "DATA", "spamdetected"),
    ("553 5.7.1 Sender address rejected: not owned by user", "MAIL", "rejected"),
    ("450 4.1.8 <a@b.c>: Sender address rejected: Domain not found", "RCPT", "rejected"),
    ("450 4.7.1 Client host rejected: cannot find your hostname, [192.0.2.1]", "RCPT", "requireptr"),
    ("550 5.7.1 Client host rejected: cannot find your reverse hostname", "RCPT", "requireptr"),
    ("504 5.5.2 <localhost>: Helo command rejected: need fully-qualified hostname", "RCPT", "blocked"),
    (
        "450 4.2.0 <a@b.c>: Recipient address rejected: Greylisted, see http://postgrey.schweikert.ch",
        "RCPT",
        "blocked",
    ),
    ("421 too many connections from your IP", "CONN", "toomanyconn"),
    ("421 4.7.0 Too many concurrent SMTP connections from this IP address", "CONN", "toomanyconn"),
    ("452 4.5.3 Too many recipients", "RCPT", "toomanyconn"),
    ("452 4.3.1 Insufficient system storage", "MAIL", "systemfull"),
    ("451 4.3.0 Error: queue file write error", "DATA", "systemerror"),
    ("451 Temporary local problem - please try later", "RCPT", "systemerror"),
    ("mail for example.com loops back to myself", "", "networkerror"),
    ("554 5.3.5 Local configuration error", "", "systemerror"),
    (
        "can't create user output file. Command output: procmail: Quota exceeded while writing",
        "",
        "mailboxfull",
    ),
    ('Command died with status 1: "/usr/bin/vacation"', "", "mailererror"),
    ("unknown mailer error 1", "", "mailererror"),
    ("550 5.6.0 Lone CR or LF in body", "DATA", "contenterror"),
    (
        "550 5.7.1 This message has been blocked because it contains a banned attachment",
        "DATA",
        "contenterror",
    ),
    (
        "552 5.7.0 This message was blocked because its content presents a potential security issue",
        "DATA",
        "spamdetected",
    ),
    ("500 5.5.1 Command unrecognized", "", "syntaxerror"),
    ("503 5.5.1 Bad sequence of commands", "", "syntaxerror"),
    ("530 5.7.0 Must issue a STARTTLS command first", "MAIL", "securityerror"),
    ("535 5.7.8 Authentication credentials invalid", "", "securityerror"),
    ("550 5.1.6 Address has changed", "RCPT", "hasmoved"),
    ("551 User not local; please try <x@y.z>", "RCPT", "hasmoved"),
    ("550 5.7.1 Email rejected per DMARC policy", "DATA", "authfailure"),
    ("550 SPF: 192.0.2.1 is not allowed to send mail from example.com", "MAIL", "authfailure"),
    ("554 Email rejected due to security policies", "DATA", "policyviolation"),
    ("550 Administrative prohibition - envelope blocked", "RCPT", "policyviolation"),
    ("550 5.7.1 recipient address denied by policy", "RCPT", "policyviolation"),
    ("556 5.1.10 Recipient address has null MX", "RCPT", "notaccept"),
    ("550 5.1.10 example.com does not accept mail (nullMX)", "", "notaccept"),
    ("550 5.4.1 All recipient addresses rejected : Access denied", "RCPT", "userunknown"),
    ("550 permanent failure for one or more recipients (a@b.c:550 5.1.1 User unknown)", "", "userunknown"),
    ("554 5.0.0 <a@b.c>... Message header size exceeds maximum permitted", "DATA", "mesgtoobig"),
    ("550 5.1.0 <a@b.c> sender rejected. Please see AUP#1260", "MAIL", "blocked"),
    ("554 resimta - IP 192.0.2.1 RDNS lookup failed. AUP#1000", "CONN", "requireptr"),
    (
        "421 4.7.1 [TS03] All messages from 192.0.2.1 will be permanently deferred; Retrying will NOT succeed.",
        "MAIL",
        "blocked",
    ),
    (
        "554 5.7.9 Message not accepted for policy reasons. See https://postmaster.yahooinc.com",
        "DATA",
        "policyviolation",
    ),
    (
        "550 5.7.1 [CS01] Message rejected due to local policy. Please visit https://support.apple.com",
        "DATA",
        "policyviolation",
    ),
    ("550 5.7.0 Blocked - see https://ipcheck.proofpoint.com/?ip=192.0.2.1", "CONN", "blocked"),
    ("550 Mail content denied. http://service.mail.qq.com", "DATA", "spamdetected"),
    ("550 Connection frequency limited. http://service.mail.qq.com", "CONN", "toomanyconn"),
    ("550 Mailbox unavailable or access denied", "RCPT", "userunknown"),
    ("550 Suspected spam message rejected", "DATA", "spamdetected"),
    ("550 Domain may not exist or DNS check failed", "MAIL", "rejected"),
    ("550 5.1.1 unknown or illegal alias: a@b.c", "RCPT", "userunknown"),
    ("552 5.2.0 message size exceeds maximum", "DATA", "mesgtoobig"),
    (
        "554 5.7.1 The file attached to this email was removed because the file name is not allowed",
        "DATA",
        "contenterror",
    ),
    ("450 4.0.0 Temporary failure in name resolution", "", "networkerror"),
    ("Mail quota exceeded", "", "mailboxfull"),
    ("Postfach voll", "", "mailboxfull"),
    ("Benutzer unbekannt", "", "userunknown"),
    ("Usuario desconocido", "", "userunknown"),
    ("Destinataire inconnu", "", "userunknown"),
    ("La boîte aux lettres du destinataire est pleine", "", "mailboxfull"),
    ("宛先不明", "", "userunknown"),
    ("El buzón está lleno", "", "mailboxfull"),
    ("Caixa postal cheia", "", "mailboxfull"),
    ("Postfach existiert nicht", "", "userunknown"),
    ("Адрес не существует", "", "userunknown"),
    ("Почтовый ящик переполнен", "", "mailboxfull"),
)


@pytest.mark.parametrize(("words", "command", "reason"), SAYINGS)
def test_sayings(words: str, command: str, reason: str) -> None:
    status = status_in(words) or ("4.0.0" if words.startswith("4") else "5.0.0")

    assert reason_of(words, status=status, command=command or command_in(words)) == reason


def test_every_reason_of_the_tables_is_told_by_some_saying() -> None:
    told = {reason for _, _, reason in SAYINGS} | {"onhold", "notcompliantrfc"}

    assert {reason for table in (DECISIVE, TELLING, PROVIDER_CODES) for reason, _ in table} <= told


def test_only_dead_addresses_are_hard() -> None:
    assert {reason for _, _, reason in SAYINGS if is_hard(reason)} == HARD_REASONS


def test_an_unknown_user_is_believed_at_the_right_place() -> None:
    """A server that took the recipient and refuses the data has a filter."""
    words = "550 unknown user"

    assert reason_of(words, status="5.0.0", command="RCPT") == "userunknown"
    assert reason_of(words, status="5.1.1", command="DATA") == "userunknown"
    assert reason_of(words, status="5.0.0", command="DATA") == "filtered"


def test_addresses_and_links_say_nothing() -> None:
    assert reason_of("550 <quota@full.example> https://x.example/spam", status="5.0.0") == "undefined"


@pytest.mark.parametrize(
    ("text", "reply", "status"),
    [
        ("host mx[192.0.2.1] said: 550 5.1.1 <a@b.c>: no", "550", "5.1.1"),
        ("550-5.7.26 one\n550 5.7.26 two", "550", "5.7.26"),
        ("554 4.4.7 expired: unable to deliver.<421 4.4.2 Connection timed out>", "421", "4.4.2"),
        ("5.1.0 - Unknown address error 550-'5.2.2 <a@b.c>... Mailbox Full'", "550", "5.2.2"),
        ("Sorry, no mailbox here by that name. (#5.1.1)", "", "5.1.1"),
        ("sent 550 bytes in 500 days from 5.1.1.2, version 5.4.1.9", "", ""),
        ("SMTP Error Code 550", "550", ""),
    ],
)
def test_codes_are_found_where_they_stand(text: str, reply: str, status: str) -> None:
    assert (reply_in(text), status_in(text)) == (reply, status)


def test_the_command_before_an_answer() -> None:
    transcript = ">>> MAIL From:<a@b.c>\n<<< 250 ok\n>>> RCPT To:<d@e.f>\n<<< 550 5.1.1 no\n>>> DATA\n<<< 503 need RCPT"

    assert asked_before(transcript, "550 5.1.1 no") == "RCPT"
    assert answer_in("host x said: 550 no\n\nmore") == "550 no"
