"""A form is filled in: by the contact who has the link, or by a colleague on the desk, in the partner's place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from drumbeat.apps.forms.actions import keep_draft, keep_file, reopen_answer, submit_answer, use_links
from drumbeat.apps.forms.models import Answer, File, Link
from drumbeat.apps.forms.queries import answers_to, form_in, form_named
from drumbeat.apps.partners.models import Contact
from drumbeat.apps.people.models import Account
from drumbeat.apps.routines.access import may_do_step
from drumbeat.apps.routines.actions import ask_again, settle_form
from drumbeat.apps.routines.bridge import playbook_of
from drumbeat.apps.routines.models import OPEN_STATES, Step
from drumbeat.core.forms import Form, check_answers
from drumbeat.core.refusal import Refused, insist
from drumbeat.integrations.storage import Storage

LONGEST_DRAFT = 60_000
Uploads = Mapping[str, tuple[str, bytes]]


@dataclass(frozen=True, slots=True)
class Filled:
    """What became of it: `problems` by field when it was not taken; `answer` as it stands, with what was written."""

    answer: Answer
    problems: Mapping[str, str]
    is_first: bool = False


def form_of(step: Step, answer: Answer | None) -> Form:
    """The form as it was answered, else as it stands today. Raises Refused when it is gone."""
    if answer and (answer.submitted_at or answer.draft):
        return form_in(answer.text)
    return form_named(playbook_of(step.occurrence.version).step(step.playbook_step.key).form or "")


def fill_in(
    step: Step,
    given: Mapping[str, Any],
    uploads: Uploads,
    *,
    by: Contact | Account,
    storage: Storage,
    at: datetime,
) -> Filled:
    """Submitted when all is right, and the step is done with the promises that hang on it; else kept as a draft, with words
    beside each field. Submitted before, the answer that stands comes back. Raises Refused when its time is over."""
    _refuse_unless_theirs(step, by)
    known = answers_to([step.pk]).get(step.pk)
    if known and known.submitted_at:
        return Filled(known, {})
    insist(
        step.state in OPEN_STATES,
        "The time of this form is over",
        "Write us instead; the next one asks again.",
    )
    form = form_of(step, known)
    draft, problems = _with_files(form, given, uploads, known, by, storage, at)
    checked = check_answers(form, draft)
    problems = {**checked.problems, **problems}
    if problems:
        return Filled(keep_draft(step.pk, form, draft, at=at), problems)
    return _submitted(step, form, checked.values, draft, by, at)


def keep_half(step: Step, given: Mapping[str, Any], *, by: Contact | Account, at: datetime) -> Answer:
    """What is written so far, for later."""
    _refuse_unless_theirs(step, by)
    known = answers_to([step.pk]).get(step.pk)
    form = form_of(step, known)
    files = {key: value for key, value in (known.draft if known else {}).items() if isinstance(value, dict)}
    return keep_draft(step.pk, form, {**files, **_fitting(form, given)}, at=at)


@transaction.atomic
def _submitted(
    step: Step,
    form: Form,
    values: Mapping[str, Any],
    draft: Mapping[str, Any],
    by: Contact | Account,
    at: datetime,
) -> Filled:
    contact, person = (by, None) if isinstance(by, Contact) else (None, by)
    is_first = submit_answer(step.pk, form, values, draft, contact=contact, person=person, at=at)
    if is_first:
        settle_form(step, by=person, at=at)
        use_links(Link.Purpose.FORM, step.pk, at=at)
    return Filled(answers_to([step.pk])[step.pk], {}, is_first)


@transaction.atomic
def ask_form_again(step: Step, *, by: Account, at: datetime) -> bool:
    """The answer becomes a draft again, its links open again, and whoever was asked is asked anew."""
    if not ask_again(step, by=by, at=at):
        return False
    reopen_form(step, at=at)
    return True


def reopen_form(step: Step, *, at: datetime) -> None:
    """What was written stays as the draft."""
    reopen_answer(step.pk, at=at)
    Link.objects.filter(purpose=Link.Purpose.FORM, subject_id=step.pk).update(used_at=None)


def _refuse_unless_theirs(step: Step, by: Contact | Account) -> None:
    if isinstance(by, Account) and not may_do_step(by, step):
        raise Refused("This form is on somebody else's list", "Ask its owner or the director.")


def _fitting(form: Form, given: Mapping[str, Any]) -> dict[str, Any]:
    """Only what the form asks, cut where no browser's field ends."""
    texts: dict[str, Any] = {}
    for field in form.fields:
        told = given.get(field.key)
        if isinstance(told, str):
            texts[field.key] = told.replace("\0", "")[:LONGEST_DRAFT]
        elif told is not None and field.type == "choices":
            texts[field.key] = [str(one).replace("\0", "")[:100] for one in told][:100]
    return texts


def _with_files(
    form: Form,
    given: Mapping[str, Any],
    uploads: Uploads,
    known: Answer | None,
    by: Contact | Account,
    storage: Storage,
    at: datetime,
) -> tuple[dict[str, Any], dict[str, str]]:
    """What was written, with the files handed in now or with an earlier try; words where a file can't be taken."""
    draft, problems = _fitting(form, given), {}
    for field in (one for one in form.fields if one.type == "file"):
        if field.key in uploads:
            try:
                draft[field.key] = keep_file(*uploads[field.key], by, storage, at=at).as_answer
            except Refused as refusal:
                problems[field.key] = str(refusal)
        elif known and isinstance(known.draft.get(field.key), dict):
            draft[field.key] = known.draft[field.key]
    return draft, problems


def files_of(answer: Answer) -> list[File]:
    """Those that the answer holds."""
    held = [
        value["id"] for value in (answer.values or {}).values() if isinstance(value, dict) and "id" in value
    ]
    return list(File.objects.filter(pk__in=held))
