"""What stands between a claimed letter and the wire: its reader's wishes, hours and fatigue, and banned addresses. And the
addresses at which the reader chooses. A few questions a chunk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db.models import prefetch_related_objects

from drumbeat.apps.forms.actions import Wanted
from drumbeat.apps.forms.models import Link
from drumbeat.apps.messages.bridge import NO_WAYS, Ways
from drumbeat.apps.messages.models import Message
from drumbeat.apps.messages.queries import declined_topics, sent_since, suppressed
from drumbeat.apps.partners.models import Contact
from drumbeat.core.lettergate import Gate, Leave, Reader, gate, week_begin
from drumbeat.core.returns import return_address

from .concerning import Hours
from .links import links_to

ONE_WEEK_AND_A_DAY = timedelta(days=8)
GOOD_FOR_YEARS = 5


class Gates:
    """For one chunk of messages. A letter that leaves counts at once for the next to the same reader."""

    def __init__(self, messages: Sequence[Message], at: datetime) -> None:
        prefetch_related_objects(messages, "contact__partner")
        self.at = at
        optional = {message.contact for message in messages if message.topic and message.contact}
        ids = [contact.pk for contact in optional]
        self._bans = suppressed(message.to_address for message in messages)
        self._declined = declined_topics(ids)
        self._sent = sent_since(ids, at - ONE_WEEK_AND_A_DAY)
        self._left: Counter[int] = Counter()
        self._hours = Hours()
        self._choices = _choices(sorted(optional, key=lambda contact: contact.pk), at)

    def of(self, message: Message) -> Gate:
        verdict = gate(message.topic, self._reader(message), self.at)
        if isinstance(verdict, Leave) and message.contact_id:
            self._left[message.contact_id] += 1
        return verdict

    def ways(self, message: Message) -> Ways:
        """Where its reader chooses, and where the letter returns."""
        back = return_address(settings.BOUNCE_ADDRESS, message.pk, settings.SECRET_KEY)
        choices = self._choices.get(message.contact_id or 0) if message.topic else None
        if choices is None:
            return Ways(return_to=back) if back else NO_WAYS
        return Ways(choices, f"{choices}?topic={message.topic}", back)

    def _reader(self, message: Message) -> Reader:
        ban = self._bans.get(message.to_address.lower())
        contact = message.contact
        if contact is None or not message.topic:
            return Reader(self._hours.vendor, ban=ban.words if ban else "")
        hours = self._hours.of_partner(contact.partner)
        monday = week_begin(self.at, hours)
        sent = sum(moment >= monday for moment in self._sent.get(contact.pk, ()))
        return Reader(
            hours,
            sent + self._left[contact.pk],
            self._declined.get(contact.pk, frozenset()),
            ban.words if ban else "",
        )


def _choices(readers: Sequence[Contact], at: datetime) -> dict[int, str]:
    """Contact -> the address of his preferences. The year's end, so that it isn't lengthened with each letter."""
    if not readers:
        return {}
    good_until = datetime(at.year + GOOD_FOR_YEARS, 12, 31, tzinfo=UTC)
    wanted = [Wanted(Link.Purpose.PREFERENCES, contact.pk, contact) for contact in readers]
    found = links_to(wanted, expires_at=good_until, at=at)
    return {contact.pk: url for contact, url in zip(readers, found, strict=True)}
