"""An answer grows: half filled, submitted, asked for again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from drumbeat.apps.forms.models import Answer
from drumbeat.apps.partners.models import Contact
from drumbeat.apps.people.models import Account
from drumbeat.core.forms import Form


@transaction.atomic
def keep_draft(step_id: int, form: Form, draft: Mapping[str, Any], *, at: datetime) -> Answer:
    """What is written so far, right or not, so that nothing is lost. An answer that was submitted is left as it is."""
    answer = _answer_to(step_id, form, at)
    if answer.submitted_at is None:
        answer.draft, answer.changed_at = dict(draft), at
        answer.form, answer.text = form.key, form.text
        answer.save()
    return answer


@transaction.atomic
def submit_answer(
    step_id: int,
    form: Form,
    values: Mapping[str, Any],
    draft: Mapping[str, Any],
    *,
    contact: Contact | None,
    person: Account | None,
    at: datetime,
) -> bool:
    """Submitted, by a contact or by a colleague in the contact's place. False when somebody had submitted it before."""
    answer = _answer_to(step_id, form, at)
    if answer.submitted_at is not None:
        return False
    answer.form, answer.text = form.key, form.text
    answer.draft, answer.values = dict(draft), dict(values)
    answer.contact, answer.person = contact, person
    answer.submitted_at = answer.changed_at = at
    answer.save()
    return True


@transaction.atomic
def reopen_answer(step_id: int, *, at: datetime) -> None:
    """It is asked for again: what was written stays as the draft."""
    for answer in Answer.objects.select_for_update().filter(step_id=step_id).exclude(submitted_at=None):
        answer.submitted_at = answer.values = None
        answer.round += 1
        answer.changed_at = at
        answer.save()


def _answer_to(step_id: int, form: Form, at: datetime) -> Answer:
    """The row, made and locked: two who submit at once come one after the other."""
    Answer.objects.bulk_create(
        [Answer(step_id=step_id, form=form.key, text=form.text, changed_at=at)], ignore_conflicts=True
    )
    return Answer.objects.select_for_update().get(step_id=step_id)
