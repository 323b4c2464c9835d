"""The words of reminders and digests. A digest groups by partner, the oldest deadline first; each line has a link that acts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from django.conf import settings

from drumbeat.apps.ledger.models import Promise, Standing
from drumbeat.apps.messages.actions import Note
from drumbeat.apps.messages.bridge import language_for
from drumbeat.apps.messages.models import Message, Reminder
from drumbeat.apps.partners.models import Contact
from drumbeat.apps.people.models import Account, Role
from drumbeat.apps.people.queries import on_leave, staff, vendor, vendor_day
from drumbeat.apps.routines.models import Override
from drumbeat.apps.routines.queries import titles_of
from drumbeat.core.localwords import day_words, time_words
from drumbeat.core.placeholders import fill_letter, first_name
from drumbeat.core.reminding import Rule, digest_moment
from drumbeat.core.worktime import WorkingHours
from drumbeat.library import message_text, word

from .concerning import Hours
from .override_reviews import reviews_due

PURPOSE = "reminder"
TEMPLATES = {
    "at-due": "reminder-due",
    "nearly": "reminder-director",
    "breached": "reminder-breached",
    "escalated": "reminder-escalated",
    "partner-before": "reminder-partner",
    "partner-after": "reminder-partner-late",
    "manager-told": "reminder-manager",
}
LINES_AT_MOST = 60
MORNING = timedelta(hours=3)  # a digest that was held up comes until then, or the next day


class Letters:
    """The letters about a chunk of promises: the vendor and the routines' titles are asked for once."""

    def __init__(self, promises: Iterable[Promise]) -> None:
        self.firm = vendor().name
        self.titles = titles_of(promise.routine for promise in promises)

    def reminder(self, reminder: Reminder, to: Account | Contact, rule: Rule, *, step: str = "") -> Note:
        """`step` is what is to be done, where that isn't the promise itself."""
        promise = reminder.promise
        told = self._values(promise, to) | ({"promise.text": step} if step else {})
        subject, text = self.worded(_template(rule, to), to, told)
        return Note(
            key=f"reminder:{reminder.pk}",
            to=to,
            partner=promise.partner,
            subject=subject,
            text=text,
            promise=promise,
            purpose=PURPOSE,
        )

    def _values(self, promise: Promise, to: Account | Contact) -> dict[str, str]:
        zone = ZoneInfo(to.zone if isinstance(to, Account) else to.partner.zone)
        due, language = promise.standing.due_at.astimezone(zone), language_for(to)
        return {
            "promise.text": self.what(promise, language),
            "partner.name": promise.partner.name if promise.partner else self.firm,
            "due.date": day_words(due.date(), language),
            "due.time": time_words(due, language),
            "link.url": link_to(promise) if isinstance(to, Account) else "",
        }

    def what(self, promise: Promise, language: str) -> str:
        return (promise.text or self.titles.get(promise.routine) or word("a_promise", language)).rstrip(".")

    def worded(self, template: str, to: Account | Contact, values: dict[str, str]) -> tuple[str, str]:
        """Subject and text for this reader."""
        names = {"contact.first_name": first_name(to.name), "contact.name": to.name, "vendor.name": self.firm}
        return fill_letter(message_text(template, language_for(to)), {**values, **names})


def _template(rule: Rule, to: Account | Contact) -> str:
    if rule.key in TEMPLATES:
        return TEMPLATES[rule.key]
    if isinstance(to, Contact):
        return "reminder-partner"
    return "reminder-director" if rule.to == Role.DIRECTOR else "reminder-before"


def link_to(promise: Promise) -> str:
    return f"{settings.PUBLIC_URL}/promises/{promise.pk}/"


@dataclass(frozen=True, slots=True)
class Digest:
    """One person's morning: the mail, and the reminders that it tells."""

    person: Account
    note: Note
    reminders: tuple[Reminder, ...]


def digests_due(at: datetime, hours: Hours) -> Iterator[Digest]:
    """For each person whose local digest time has come this morning, who is there, and who was not told yet."""
    away = on_leave(vendor_day(at))
    here = [person for person in staff() if person.email and person.pk not in away]
    waiting = [person for person in here if _is_time(person, hours.of_person(person), at)]
    reviews = reviews_due(vendor_day(at)) if waiting else {}
    keys = {_key(person, at): person for person in waiting}
    told = set(Message.objects.filter(key__in=keys).values_list("key", flat=True))
    for key, person in keys.items():
        if key not in told and (digest := _digest(key, person, reviews.get(person.pk, []), at)):
            yield digest


def _key(person: Account, at: datetime) -> str:
    return f"digest:{person.pk}:{at.astimezone(person.tz):%Y-%m-%d}"


def _is_time(person: Account, hours: WorkingHours, at: datetime) -> bool:
    moment = digest_moment(at.astimezone(person.tz).date(), hours)
    return moment is not None and moment <= at < moment + MORNING


def _digest(key: str, person: Account, reviews: Sequence[Override], at: datetime) -> Digest | None:
    """What is overdue, what the day before had no room for, and which exceptions are to be looked at again; None when
    there is nothing."""
    reminders = tuple(Reminder.objects.filter(person=person, state=Reminder.State.KEPT))
    kept = [reminder.promise_id for reminder in reminders]
    open_ones = Standing.objects.open()
    owed = open_ones.overdue(at).filter(person=person) | open_ones.filter(promise__in=kept)
    lines = list(owed.select_related("promise__partner").order_by("deadline_at", "pk")[:LINES_AT_MOST])
    if not lines and not reviews:
        return None
    letters = Letters(standing.promise for standing in lines)
    parts = [part for part in (_lines(person, lines, letters, at), _review_lines(person, reviews)) if part]
    told = {"digest.count": str(len(lines) + len(reviews)), "digest.lines": "\n\n".join(parts)}
    subject, body = letters.worded("reminder-digest", person, told)
    return Digest(person, Note(key, person, None, subject, body, purpose=PURPOSE), reminders)


def _lines(person: Account, standings: Sequence[Standing], letters: Letters, at: datetime) -> str:
    oldest = {standing.promise.partner_id: n for n, standing in reversed(list(enumerate(standings)))}
    ordered = sorted(standings, key=lambda standing: oldest[standing.promise.partner_id])
    parts = []
    for _, group in groupby(ordered, key=lambda standing: standing.promise.partner_id):
        found = list(group)
        partner = found[0].promise.partner
        parts.append(f"**{partner.name if partner else word('in_the_house', language_for(person))}**\n")
        parts += [_line(person, standing, letters, at) for standing in found]
        parts.append("")
    return "\n".join(parts).strip()


def _review_lines(person: Account, reviews: Sequence[Override]) -> str:
    language = language_for(person)
    lines = [
        f"- [{one.get_kind_display()}: {one.subscription.routine.title}, {one.subscription.subject}]"
        f"({settings.PUBLIC_URL}/subscriptions/{one.subscription_id}/), "
        f"{word('look_again_since', language)} {day_words(one.review_on, language)}"
        for one in reviews
        if one.review_on
    ]
    return "\n".join([f"**{word('still_wanted', language)}**\n", *lines]) if lines else ""


def _line(person: Account, standing: Standing, letters: Letters, at: datetime) -> str:
    due, language = standing.due_at.astimezone(person.tz), language_for(person)
    late = word("overdue_since" if standing.deadline_at <= at else "due", language)
    when = f"{day_words(due.date(), language)}, {time_words(due, language)}"
    return f"- [{letters.what(standing.promise, language)}]({link_to(standing.promise)}), {late} {when}"
