"""Posts of mail providers in the form that each publishes, about a letter of ours."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping

from drumbeat.apps.messages.models import Message

KEY = "key-0123456789abcdef0123456789abcdef"
NO_SUCH = "smtp; 550 5.1.1 The email account that you tried to reach does not exist"
UNKNOWN_USER = "The server was unable to deliver your message (ex: unknown user, mailbox not found)."
FULL = "Unable to temporarily deliver message (i.e. mailbox full, account disabled, exceeds quota, out of disk space)."


def bare(message: Message) -> str:
    return message.message_id.strip("<>")


def signed(key: str = KEY) -> dict[str, str]:
    stamp, token = "1780390800", "c0ffee" * 8
    signature = hmac.new(key.encode(), f"{stamp}{token}".encode(), hashlib.sha256).hexdigest()
    return {"timestamp": stamp, "token": token, "signature": signature}


def mailgun(event: str, message: Message, *, key: str = KEY, **more: object) -> dict[str, object]:
    """https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/webhook-payloads"""
    data = {
        "id": "G9Bn5sl1TC6nu79C8C0bwg",
        "event": event,
        "timestamp": 1780390800.5,
        "log-level": "info",
        "recipient": message.to_address,
        "recipient-domain": message.to_address.rpartition("@")[2],
        "envelope": {
            "transport": "smtp",
            "sender": "partners@polaris.example",
            "targets": message.to_address,
        },
        "message": {
            "headers": {
                "to": message.to_address,
                "message-id": bare(message),
                "from": "p@polaris.example",
                "subject": "x",
            },
            "attachments": [],
            "size": 111,
        },
        "tags": [],
        "user-variables": {},
        **more,
    }
    return {"signature": signed(key), "event-data": data}


def failed(words: str, code: int = 550, severity: str = "permanent") -> dict[str, object]:
    status = {
        "attempt-no": 1,
        "message": words,
        "code": code,
        "description": "",
        "session-seconds": 0.43,
        "mx-host": "mx.example",
    }
    return {"severity": severity, "reason": "bounce", "delivery-status": status}


def postmark(record: str, message: Message, **more: object) -> dict[str, object]:
    """https://postmarkapp.com/developer/webhooks/webhooks-overview"""
    return {
        "RecordType": record,
        "ID": 4323372036854775807,
        "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
        "ServerID": 23,
        "MessageStream": "outbound",
        "Tag": "",
        "Metadata": {"letter": bare(message)},
        "From": "partners@polaris.example",
        "Subject": "x",
        **more,
    }


def returned(message: Message, type_: str, description: str, details: str) -> dict[str, object]:
    told = {
        "Type": type_,
        "TypeCode": 1,
        "Name": type_,
        "Description": description,
        "Details": details,
        "Email": message.to_address,
        "BouncedAt": "2026-06-02T09:00:10Z",
        "DumpAvailable": True,
        "Inactive": True,
        "CanActivate": True,
    }
    return postmark("SpamComplaint" if type_ == "SpamComplaint" else "Bounce", message, **told)


def mailjet(event: str, message: Message, **more: object) -> list[dict[str, object]]:
    """https://dev.mailjet.com/email/guides/webhooks/"""
    told = {
        "event": event,
        "time": 1780390810,
        "MessageID": 19421777835146490,
        "Message_GUID": "1ab23cd4-e567-8901-2345-6789f0gh1i2j",
        "email": message.to_address,
        "mj_campaign_id": 7257,
        "mj_contact_id": 4,
        "customcampaign": "",
        "CustomID": bare(message),
        "Payload": "",
    }
    return [{**told, **more}]


def bounces(message: Message) -> dict[str, object]:
    return {
        "mailgun": mailgun("failed", message, **failed(NO_SUCH)),
        "postmark": returned(message, "HardBounce", UNKNOWN_USER, NO_SUCH),
        "mailjet": mailjet(
            "bounce",
            message,
            blocked=False,
            hard_bounce=True,
            error_related_to="recipient",
            error="user unknown",
        ),
    }


def complaints(message: Message) -> dict[str, object]:
    return {
        "mailgun": mailgun("complained", message),
        "postmark": returned(message, "SpamComplaint", "The subscriber explicitly marked this as spam.", ""),
        "mailjet": mailjet("spam", message, source="JMRPP"),
    }


def arrivals(message: Message) -> dict[str, object]:
    return {
        "mailgun": mailgun("delivered", message, **{"delivery-status": {"code": 250, "message": "OK"}}),
        "postmark": postmark(
            "Delivery",
            message,
            Recipient=message.to_address,
            DeliveredAt="2026-06-02T09:00:10Z",
            Details="250 OK",
        ),
        "mailjet": mailjet("sent", message, smtp_reply="sent (250 2.0.0 OK)"),
    }


def mailgun_reply(message: Message, *, key: str = KEY) -> Mapping[str, object]:
    """https://documentation.mailgun.com/docs/mailgun/user-manual/receive-forward-store/"""
    headers = [
        ["From", "Sven <sven@bergmann-systemhaus.example>"],
        ["To", "partners@polaris.example"],
        ["Subject", "Re: A word"],
        ["Message-Id", "<reply@bergmann.example>"],
        ["In-Reply-To", message.message_id],
    ]
    return {
        **signed(key),
        "recipient": "partners@polaris.example",
        "sender": "sven@bergmann-systemhaus.example",
        "message-headers": json.dumps(headers),
        "body-plain": "Yes.\n\n> Hello\n",
    }


def postmark_reply(message: Message) -> dict[str, object]:
    """https://postmarkapp.com/developer/webhooks/inbound-webhook"""
    return {
        "FromName": "Sven",
        "MessageStream": "inbound",
        "FromFull": {"Email": "sven@bergmann-systemhaus.example", "Name": "Sven", "MailboxHash": ""},
        "ToFull": [{"Email": "partners@polaris.example", "Name": "", "MailboxHash": ""}],
        "CcFull": [],
        "BccFull": [],
        "OriginalRecipient": "partners@polaris.example",
        "Subject": "Re: A word",
        "MessageID": "73e6d360-66eb-11e1-8e72-a8904824019b",
        "Date": "Tue, 2 Jun 2026 11:00:00 +0200",
        "TextBody": "Yes.\n\n> Hello\n",
        "HtmlBody": "",
        "StrippedTextReply": "Yes.",
        "Tag": "",
        "Headers": [
            {"Name": "Message-ID", "Value": "<reply@bergmann.example>"},
            {"Name": "In-Reply-To", "Value": message.message_id},
        ],
        "Attachments": [],
    }
