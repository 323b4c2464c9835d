"""Words of mail servers, as they publish or use them, and the reason each tells."""

from __future__ import annotations

import pytest

from drumbeat.core.mailreading.codes import answer_in, asked_before, command_in, reply_in, status_in
from drumbeat.core.mailreading.phrases import DECISIVE, PROVIDER_CODES, TELLING
from drumbeat.core.mailreading.reasons import HARD_REASONS, after_waiting, is_hard, reason_of

# The reason, the command that the server refused (-: not told), its words.
TOLD = """\
userunknown RCPT 550 5.1.1 <a@b.c>: Recipient address rejected: User unknown in virtual mailbox table
userunknown RCPT 550 5.1.1 The email account that you tried to reach does not exist. Please try double-checking
filtered DATA 554 delivery error: dd This user doesn't have a yahoo.com account (x@yahoo.com) [0] - mta1
userunknown RCPT 550 Requested action not taken: mailbox unavailable
userunknown RCPT 550 No such user here
userunknown - 550 5.1.1 RESOLVER.ADR.RecipNotFound; not found
userunknown - 550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup
hostunknown - 550 5.4.310 DNS domain example.invalid does not exist [Message=InfoDomainNonexistent]
mailboxfull RCPT 550 5.2.2 <a@b.c>... Mailbox Full
mailboxfull RCPT 452 4.2.2 The email account that you tried to reach is over quota. Please direct the recipient to
mailboxfull - 552 5.2.2 This message is larger than the current system limit or the recipient's mailbox is full. Create a shorter message body or remove attachments and try sending it again.
mailboxfull - 554 5.2.2 mailbox full;STOREDRV.Deliver.Exception:QuotaExceededException.MapiExceptionShutoffQuotaExceeded
mesgtoobig MAIL 552 5.3.4 Message size exceeds fixed limit
mesgtoobig DATA 552-5.3.4 Your message exceeded Google's message size limits
blocked RCPT 550 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using Spamhaus
blocked RCPT 554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org; https://www.spamhaus.org/query/ip/192.0.2.1
norelaying RCPT 550 5.7.1 Unable to relay
norelaying RCPT 554 5.7.1 <a@b.c>: Relay access denied
spamdetected DATA 550 5.7.1 Message rejected due to content restrictions
spamdetected DATA 554 5.7.1 Message rejected because it contains spam
spamdetected DATA 550 5.7.1 [192.0.2.1 12] Our system has detected that this message is likely unsolicited mail. To reduce the amount of spam sent to Gmail, this message has been blocked.
authfailure DATA 550-5.7.26 This message does not pass authentication checks (SPF and DKIM both do not pass)
authfailure DATA 550 5.7.1 Unauthenticated email from example.com is not accepted due to domain's DMARC policy.
requireptr DATA 550-5.7.25 [192.0.2.1] The IP address sending this message does not have a PTR record setup
badreputation DATA 421-4.7.0 [192.0.2.1 15] Our system has detected an unusual rate of unsolicited mail originating from your IP address. To protect our users from spam, mail sent from your IP address has been temporarily rate limited.
speeding RCPT 450 4.2.1 The user you are trying to contact is receiving mail too quickly. Please resend your message at a later time.
speeding RCPT 550 5.2.1 The user you are trying to contact is receiving mail at a rate that prevents additional messages from being delivered.
exceedlimit - 550 5.4.5 Daily user sending quota exceeded.
networkerror - 554 5.4.14 Hop count exceeded - possible mail loop
networkerror DATA 554 5.4.6 Too many hops
norelaying - 550 5.7.64 TenantAttribution; Relay Access Denied
securityerror - 550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required; Delivery restriction check failed because the sender was not authenticated
securityerror - 550 5.7.124 RESOLVER.RST.SenderNotInAllowedSendersList
blocked RCPT 550 5.7.606 Access denied, banned sending IP [192.0.2.1]
blocked MAIL 550 5.7.1 Unfortunately, messages from [192.0.2.1] weren't sent. Please contact your Internet service provider since part of their network is on our block list (S3150).
badreputation - 451 4.7.650 The mail server [192.0.2.1] has been temporarily rate limited due to IP reputation.
systemerror - 451 4.7.500 Server busy. Please try again later from [192.0.2.1]. (S77719)
rejected - 550 5.1.8 Access denied, bad outbound sender
exceedlimit - 550 5.1.90 Your message can't be sent because you've reached your daily limit for message recipients
rejected MAIL 553 5.1.8 Domain of sender address a@b.c does not exist
hostunknown - 553 5.1.2 We weren't able to find the recipient domain. Please check for any spelling errors
hostunknown - 550 5.4.4 Unable to route (no mail hosts for domain)
hostunknown - Host or domain name not found. Name service error for name=example.jp type=MX: Host not found
expired - delivery temporarily suspended: connect to mx.example[192.0.2.1]:25: Connection timed out
expired - 554 5.4.7 Delivery expired (message too old) 'timeout'
networkerror - lost connection with mx.example.com[192.0.2.1] while sending end of data -- message may be sent more than once
virusdetected DATA 550 5.7.0 Message contains a virus
virusdetected DATA 554 5.7.1 The message was rejected: infected by Trojan
suspend RCPT 550 5.2.1 This mailbox has been blocked due to inactivity
suspend DATA 554 delivery error: dd This user account has been disabled or discontinued
blocked RCPT 550 5.2.1 Mailbox unavailable. Your IP address is blacklisted
suspend RCPT 550 Account disabled
norelaying RCPT 553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)
filtered DATA 554 Message refused by recipient
spamdetected DATA 550 5.7.1 Message filtered. Refer to the Troubleshooting page
rejected MAIL 553 5.7.1 Sender address rejected: not owned by user
rejected RCPT 450 4.1.8 <a@b.c>: Sender address rejected: Domain not found
requireptr RCPT 450 4.7.1 Client host rejected: cannot find your hostname, [192.0.2.1]
requireptr RCPT 550 5.7.1 Client host rejected: cannot find your reverse hostname
blocked RCPT 504 5.5.2 <localhost>: Helo command rejected: need fully-qualified hostname
blocked RCPT 450 4.2.0 <a@b.c>: Recipient address rejected: Greylisted, see http://postgrey.schweikert.ch
toomanyconn CONN 421 too many connections from your IP
toomanyconn CONN 421 4.7.0 Too many concurrent SMTP connections from this IP address
toomanyconn RCPT 452 4.5.3 Too many recipients
systemfull MAIL 452 4.3.1 Insufficient system storage
systemerror DATA 451 4.3.0 Error: queue file write error
systemerror RCPT 451 Temporary local problem - please try later
networkerror - mail for example.com loops back to myself
systemerror - 554 5.3.5 Local configuration error
mailboxfull - can't create user output file. Command output: procmail: Quota exceeded while writing
mailererror - Command died with status 1: "/usr/bin/vacation"
mailererror - unknown mailer error 1
contenterror DATA 550 5.6.0 Lone CR or LF in body
contenterror DATA 550 5.7.1 This message has been blocked because it contains a banned attachment
spamdetected DATA 552 5.7.0 This message was blocked because its content presents a potential security issue
syntaxerror - 500 5.5.1 Command unrecognized
syntaxerror - 503 5.5.1 Bad sequence of commands
securityerror MAIL 530 5.7.0 Must issue a STARTTLS command first
securityerror - 535 5.7.8 Authentication credentials invalid
hasmoved RCPT 550 5.1.6 Address has changed
hasmoved RCPT 551 User not local; please try <x@y.z>
authfailure DATA 550 5.7.1 Email rejected per DMARC policy
authfailure MAIL 550 SPF: 192.0.2.1 is not allowed to send mail from example.com
policyviolation DATA 554 Email rejected due to security policies
policyviolation RCPT 550 Administrative prohibition - envelope blocked
policyviolation RCPT 550 5.7.1 recipient address denied by policy
notaccept RCPT 556 5.1.10 Recipient address has null MX
notaccept - 550 5.1.10 example.com does not accept mail (nullMX)
userunknown RCPT 550 5.4.1 All recipient addresses rejected : Access denied
userunknown - 550 permanent failure for one or more recipients (a@b.c:550 5.1.1 User unknown)
mesgtoobig DATA 554 5.0.0 <a@b.c>... Message header size exceeds maximum permitted
blocked MAIL 550 5.1.0 <a@b.c> sender rejected. Please see AUP#1260
requireptr CONN 554 resimta - IP 192.0.2.1 RDNS lookup failed. AUP#1000
blocked MAIL 421 4.7.1 [TS03] All messages from 192.0.2.1 will be permanently deferred; Retrying will NOT succeed.
policyviolation DATA 554 5.7.9 Message not accepted for policy reasons. See https://postmaster.yahooinc.com
policyviolation DATA 550 5.7.1 [CS01] Message rejected due to local policy. Please visit https://support.apple.com
blocked CONN 550 5.7.0 Blocked - see https://ipcheck.proofpoint.com/?ip=192.0.2.1
spamdetected DATA 550 Mail content denied. http://service.mail.qq.com
toomanyconn CONN 550 Connection frequency limited. http://service.mail.qq.com
userunknown RCPT 550 Mailbox unavailable or access denied
spamdetected DATA 550 Suspected spam message rejected
rejected MAIL 550 Domain may not exist or DNS check failed
userunknown RCPT 550 5.1.1 unknown or illegal alias: a@b.c
mesgtoobig DATA 552 5.2.0 message size exceeds maximum
contenterror DATA 554 5.7.1 The file attached to this email was removed because the file name is not allowed
networkerror - 450 4.0.0 Temporary failure in name resolution
mailboxfull - Mail quota exceeded
mailboxfull - Postfach voll
userunknown - Benutzer unbekannt
userunknown - Usuario desconocido
userunknown - Destinataire inconnu
mailboxfull - La boîte aux lettres du destinataire est pleine
userunknown - 宛先不明
mailboxfull - El buzón está lleno
mailboxfull - Caixa postal cheia
userunknown - Postfach existiert nicht
userunknown - Адрес не существует
mailboxfull - Почтовый ящик переполнен
"""
SAYINGS = [
    (words, command.strip("-"), reason)
    for reason, command, words in (line.split(" ", 2) for line in TOLD.splitlines())
]


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


@pytest.mark.parametrize(
    "notice",
    [
        "Message could not be delivered for 5 days",
        "Delivery to the following recipients was aborted after 5.0 hour(s):",
        "was not delivered within 3 days",
        "giving up after 48 hours",
        "been trying for over 2 days",
    ],
)
def test_who_gave_up_after_a_time_met_no_final_no(notice: str) -> None:
    assert [after_waiting(one, notice) for one in sorted(HARD_REASONS)] == ["expired"] * len(HARD_REASONS)
    assert after_waiting("mailboxfull", notice) == "mailboxfull"
    assert after_waiting("userunknown", "550 no such user since 5 days") == "userunknown"


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
