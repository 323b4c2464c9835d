"""What a mail provider posts about letters: Anymail checks that it is genuine and reads its form. It knows no row.

A letter is known by its own Message-ID, wherever in the post it stands; providers that don't repeat it are given it in a
header of theirs (`marks`), which they do repeat.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from typing import Any, Literal, Self

from django.core.exceptions import ImproperlyConfigured, RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest

from drumbeat.core.refusal import Refused

What = Literal["delivered", "bounced", "complained", "unsubscribed"]
# What Anymail calls it -> what it means for a letter. A provider that refuses to deliver has given the letter back.
MEANINGS: dict[str, What] = {
    "delivered": "delivered",
    "bounced": "bounced",
    "rejected": "bounced",
    "failed": "bounced",
    "complained": "complained",
    "unsubscribed": "unsubscribed",
}
# The provider's name -> its classes in Anymail, and the headers that make it repeat a letter's Message-ID.
PROVIDERS: dict[str, tuple[str, dict[str, str]]] = {
    "mailgun": ("Mailgun", {}),
    "mailjet": ("Mailjet", {"X-MJ-CustomID": "{name}"}),
    "postmark": ("Postmark", {"X-PM-Metadata-letter": "{name}", "X-PM-KeepID": "true"}),
}
SIGNING = frozenset({"mailgun"})
SHORTEST_SECRET = 16
NAME = re.compile(r"<?([0-9a-f]{32}@[a-z0-9.-]{1,80})>?", re.IGNORECASE)
DEEPEST = 8
UNREADABLE = (ImproperlyConfigured, ValueError, LookupError, TypeError, AttributeError)


class Forged(Exception):
    """The post doesn't show the secret."""


class Unreadable(Exception):
    """The post isn't of the provider's form."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What became of one letter. `names`: the Message-IDs in angle brackets that stand in the post, `words` what a server said,
    the most exact first."""

    what: What
    names: tuple[str, ...]
    address: str
    words: tuple[str, ...] = ()
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Provider:
    """One provider and the secret that its posts show: Mailgun signs with it, the others send it as `user:password`."""

    name: str
    secret: str

    @classmethod
    def of(cls, name: str, secret: str) -> Self:
        """Raises Refused for a provider that isn't known, or one without a secret worth its name."""
        if name not in PROVIDERS:
            raise Refused(f"There is no mail provider {name!r}", f"There are {', '.join(PROVIDERS)}.")
        if len(secret) < SHORTEST_SECRET or (name not in SIGNING and ":" not in secret):
            form = "the webhook signing key of Mailgun" if name in SIGNING else "user:password"
            raise Refused(
                f"The webhooks of {name} need a secret of {SHORTEST_SECRET} characters at least",
                f"Set DRUMBEAT_MAIL_WEBHOOK_SECRET to {form}.",
            )
        return cls(name, secret)

    def notices(self, request: HttpRequest) -> list[Notice]:
        """What a post tells of letters that left; opened and clicked is nobody's business. Raises Forged and Unreadable."""
        return [notice for event in self._events("Tracking", request) if (notice := _notice(event))]

    def letters(self, request: HttpRequest) -> list[bytes]:
        """The letters that a post brings, each as RFC 5322 text. Raises Forged and Unreadable."""
        return [event.message.as_bytes() for event in self._events("Inbound", request)]

    def _events(self, kind: str, request: HttpRequest) -> list[Any]:
        """Anymail is loaded by the first post: most installations have no provider."""
        module = import_module(f"anymail.webhooks.{self.name}")
        view = getattr(module, f"{PROVIDERS[self.name][0]}{kind}WebhookView")(**self._secrets())
        try:
            view.run_validators(request)
            return list(view.parse_events(request))
        except RequestDataTooBig:
            raise
        except SuspiciousOperation as failure:
            raise Forged(str(failure)) from None
        except UNREADABLE as failure:
            raise Unreadable(f"{type(failure).__name__}: {failure}") from failure

    def _secrets(self) -> dict[str, str]:
        return {"webhook_signing_key" if self.name in SIGNING else "webhook_secret": self.secret}


def marks(provider: str, message_id: str) -> dict[str, str]:
    """The headers by which this provider repeats a letter's Message-ID in what it posts."""
    name = message_id.strip("<>")
    _, headers = PROVIDERS.get(provider, ("", {}))
    return {header: value.format(name=name) for header, value in headers.items()}


def _notice(event: Any) -> Notice | None:
    what = MEANINGS.get(event.event_type)
    if what is None:
        return None
    raw = event.esp_event if isinstance(event.esp_event, dict) else {}
    told = (event.mta_response, event.description, raw.get("comment"), raw.get("error"))
    return Notice(
        what=what,
        names=tuple(dict.fromkeys(_names((event.message_id, raw)))),
        address=str(event.recipient or ""),
        words=tuple(words for words in told if isinstance(words, str) and words.strip()),
        at=event.timestamp.astimezone(UTC) if event.timestamp and event.timestamp.tzinfo else None,
    )


def _names(told: object, depth: int = 0) -> Iterator[str]:
    """Each value that has the form of a Message-ID of the house, in angle brackets."""
    if isinstance(told, str) and (found := NAME.fullmatch(told.strip())):
        yield f"<{found[1]}>"
    if depth < DEEPEST and isinstance(told, dict | list | tuple):
        for inner in told.values() if isinstance(told, dict) else told:
            yield from _names(inner, depth + 1)
