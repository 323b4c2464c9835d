"""Corrections of editions: which of those that were sent would tell other figures now, and the corrected edition that is
sent once to those who got the first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from drumbeat.apps.messages.actions import Enclosure, Note, write_messages
from drumbeat.apps.messages.bridge import language_for
from drumbeat.apps.messages.models import Message
from drumbeat.apps.partners.queries import manager_of
from drumbeat.apps.people.models import Account
from drumbeat.apps.people.queries import vendor
from drumbeat.apps.reports.access import may_correct
from drumbeat.apps.reports.actions import draft_again, keep_editions
from drumbeat.apps.reports.comparing import SETTLED, Difference, differences
from drumbeat.apps.reports.models import Edition
from drumbeat.apps.reports.queries import restated_since_built
from drumbeat.core.placeholders import fill_letter, first_name
from drumbeat.core.refusal import insist
from drumbeat.library import message_text

from .mailing import insist_on_readers

MOST = 500


def find_restated(*, at: datetime) -> int:
    """Marks the editions whose period's sales were restated after they were sent, and that would tell other figures now. The
    others are not looked at again before sales are told anew."""
    restated = list(restated_since_built(at)[:MOST])
    different = {edition.pk for edition in restated if corrected_figures(edition, at=at)}
    Edition.objects.filter(pk__in={edition.pk for edition in restated} - different).update(compared_at=at)
    return Edition.objects.filter(pk__in=different).update(differs_at=at)


def corrected_figures(edition: Edition, *, at: datetime) -> list[Difference]:
    """The figures and bars that differ: what else an edition tells is allowed to move on."""
    return differences(edition, draft_again(edition, at=at), SETTLED)


@transaction.atomic
def send_correction(edition: Edition, *, by: Account, at: datetime) -> Edition:
    """The edition in its place. Asked for again, it is the same one and nothing is sent a second time."""
    edition = Edition.objects.select_for_update().get(pk=edition.pk)
    insist(may_correct(by, edition, at), f"{by} may not correct this edition", "Ask partner operations")
    if known := Edition.objects.filter(corrects=edition).first():
        return known
    draft = draft_again(edition, at=at)
    changed = differences(edition, draft, SETTLED)
    insist(bool(changed), "Nothing of it would be told otherwise now", "Look at then and now")
    draft.corrects = edition
    (kept,) = keep_editions([draft])
    write_messages([_note(letter, kept, changed, by) for letter in _letters_with(edition)], at=at)
    return kept


def _letters_with(edition: Edition) -> Sequence[Message]:
    """The letters that carried it out of the house, one a reader."""
    carried = Message.objects.filter(attachments__source=f"edition:{edition.pk}", state=Message.State.SENT)
    return list(
        carried.select_related("contact__partner", "person", "partner")
        .order_by("to_address", "pk")
        .distinct("to_address")
    )


def _note(letter: Message, kept: Edition, changed: Sequence[Difference], by: Account) -> Note:
    to = letter.contact or letter.person
    assert to is not None
    insist_on_readers(kept, [to])
    manager = manager_of(letter.partner, kept.built_at.date()) if letter.partner else None
    values = {
        "contact.name": to.name,
        "contact.first_name": first_name(to.name),
        "report.title": kept.title,
        "report.changes": "\n".join(f"- {one.row}: {one.then} → {one.now}" for one in changed),
        "manager.name": (manager or by).name,
        "vendor.name": vendor().name,
    }
    subject, text = fill_letter(message_text("edition-corrected", language_for(to)), values)
    name = f"{kept.report} {kept.period_from:%Y-%m} corrected.pdf"
    return Note(
        key=f"correction:{kept.corrects_id}:{'contact' if letter.contact_id else 'person'}:{to.pk}",
        to=to,
        partner=letter.partner,
        subject=subject,
        text=text,
        purpose=letter.purpose,
        reply_to=letter.reply_to,
        attachments=[Enclosure(name, "application/pdf", source=f"edition:{kept.pk}")],
    )
