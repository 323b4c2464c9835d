"""Questions about forms and what was answered."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

from drumbeat.core.formreading import read_form
from drumbeat.core.forms import Form
from drumbeat.core.refusal import Refused
from drumbeat.integrations.storage import Storage
from drumbeat.library import forms as shipped_forms

from .models import Answer, File, OwnForm


def known_forms() -> dict[str, Form]:
    """The shipped forms and the vendor's own, which come first, by key."""
    own = {form.key: form_in(form.text) for form in OwnForm.objects.all()}
    return {**shipped_forms(), **own}


def form_named(key: str) -> Form:
    """Raises Refused when there is none."""
    own = OwnForm.objects.filter(key=key).first()
    found = form_in(own.text) if own else shipped_forms().get(key)
    if found is None:
        raise Refused(f"There is no form {key!r}", "Add it: drumbeat forms add FILE.")
    return found


@lru_cache(maxsize=256)
def form_in(text: str) -> Form:
    """The form of a text that was read before."""
    return read_form(text)


def answers_to(steps: Collection[int]) -> dict[int, Answer]:
    """By step, submitted or not."""
    found = Answer.objects.filter(step_id__in=steps).select_related("contact", "person")
    return {answer.step_id: answer for answer in found}


def content_of(file: File, storage: Storage) -> bytes:
    """Raises Refused when the storage has lost it."""
    content = storage.read(file.digest)
    if content is None:
        raise Refused(
            f"The file {file.name} is not in the storage", "Restore the storage folder from a backup."
        )
    return content
