"""Notices that a sending provider writes as JSON into a mail (Amazon SES by way of SNS). Knows their published fields."""

from __future__ import annotations

import json
import re
from typing import Any

from drumbeat.core.mailreading.statusfields import StatusFields

LONGEST = 200_000


def provider_failures(text: str) -> list[StatusFields]:
    """The bounced recipients of such a notice; empty when the text is none."""
    notice = _notice(text)
    bounce = notice.get("bounce")
    if isinstance(bounce, dict):
        kind = "4.0.0" if bounce.get("bounceType") == "Transient" else ""
        return [_of(one, kind) for one in _dicts(bounce.get("bouncedRecipients"))]
    if isinstance(notice.get("delivery"), dict):
        return [
            StatusFields(str(one), "delivered", "2.0.0", "")
            for one in _list(notice["delivery"].get("recipients"))
        ]
    return []


def provider_complaints(text: str) -> list[str]:
    """The addresses that complained, of such a notice."""
    complaint = _notice(text).get("complaint")
    people = _dicts(complaint.get("complainedRecipients")) if isinstance(complaint, dict) else []
    return [str(one.get("emailAddress", "")) for one in people]


def _notice(text: str) -> dict[str, Any]:
    start = text.find("{")
    if start < 0 or text[:start].strip() or len(text) > LONGEST or "otificationType" not in text:
        return {}
    outer = _json(text[start:])
    inner = outer.get("Message")
    return _json(inner) if isinstance(inner, str) else outer


def _json(text: str) -> dict[str, Any]:
    """Long lines were folded on the way: first as it stands, then unfolded."""
    for form in (text, re.sub(r"\n ?", "", text)):
        try:
            found, _ = json.JSONDecoder(strict=False).raw_decode(form)
        except (ValueError, RecursionError):
            continue
        return found if isinstance(found, dict) else {}
    return {}


def _of(recipient: dict[str, Any], status: str) -> StatusFields:
    return StatusFields(
        str(recipient.get("emailAddress", "")),
        str(recipient.get("action", "failed")).lower(),
        str(recipient.get("status", status)),
        re.sub(r"^\s*smtp\s*;\s*", "", str(recipient.get("diagnosticCode", ""))),
    )


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _dicts(value: object) -> list[dict[str, Any]]:
    return [one for one in _list(value) if isinstance(one, dict)]
