"""A form as pages show it: each question with what was written so far and what is wrong with it; an answer line by line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from drumbeat.apps.forms.models import Answer
from drumbeat.apps.forms.queries import form_in
from drumbeat.core.forms import Field, Form, shown_fields, value_words
from drumbeat.core.refusal import Refused

LARGEST_UPLOAD = 20_000_000
LOOKS = {"text": "text", "number": "text", "money": "text", "date": "date"}
MODES = {"number": "decimal", "money": "decimal"}


@dataclass(frozen=True, slots=True)
class Question:
    """One field with what is written in it; `only_if` says in words when it is asked for."""

    field: Field
    written: str
    chosen: tuple[str, ...]
    held: str
    problem: str
    only_if: str

    @property
    def id(self) -> str:
        return f"f-{self.field.key}"

    @property
    def input_type(self) -> str:
        return LOOKS.get(self.field.type, "")

    @property
    def input_mode(self) -> str:
        return MODES.get(self.field.type, "text")

    @property
    def options(self) -> list[tuple[str, str]]:
        if self.field.type == "yes_no":
            return [("yes", "Yes"), ("no", "No")]
        return list(self.field.options.items())

    @property
    def described_by(self) -> str:
        return " ".join(
            f"{self.id}-{part}"
            for part, there in (("help", self.field.help), ("problem", self.problem))
            if there
        )


def questions_of(form: Form, draft: Mapping[str, Any], problems: Mapping[str, str]) -> list[Question]:
    return [_question(form, field, draft.get(field.key, ""), problems) for field in form.fields]


def _question(form: Form, field: Field, told: Any, problems: Mapping[str, str]) -> Question:
    held = str(told.get("name", "")) if isinstance(told, dict) else ""
    chosen = tuple(told) if isinstance(told, list) else (told,) if isinstance(told, str) and told else ()
    return Question(
        field=field,
        written=told if isinstance(told, str) else "",
        chosen=chosen,
        held=held,
        problem=problems.get(field.key, ""),
        only_if=_only_if_words(form, field),
    )


def _only_if_words(form: Form, field: Field) -> str:
    if field.only_if is None:
        return ""
    asked = form.field(field.only_if.field)
    labels = {"yes": "yes", "no": "no"} | dict(asked.options)
    told = " or ".join(f"“{labels.get(value, value)}”" for value in field.only_if.values)
    return f"Only if “{asked.label}” is {told}."


def lines_of(answer: Answer | None) -> list[tuple[str, str, str]]:
    """Label, words and key of all that was asked for; what was left empty is a dash. The form as it was answered."""
    if answer is None or answer.values is None:
        return []
    form, values = form_in(answer.text), answer.values
    return [
        (field.label, value_words(field, values[field.key]) if field.key in values else "–", field.key)
        for field in shown_fields(form, values)
    ]


def given_in(request: HttpRequest, form: Form) -> dict[str, Any]:
    """What the browser sent for the form's fields: texts, and lists for several choices."""
    return {
        field.key: request.POST.getlist(field.key)
        if field.type == "choices"
        else request.POST.get(field.key, "")
        for field in form.fields
        if field.type != "file"
        and (field.key in request.POST or field.type in ("choices", "choice", "yes_no"))
    }


def uploads_in(request: HttpRequest, form: Form) -> dict[str, tuple[str, bytes]]:
    """Files handed in, by field. Raises Refused before a file that is far too large is read."""
    found = {}
    for field in (one for one in form.fields if one.type == "file"):
        upload = request.FILES.get(field.key)
        if isinstance(upload, UploadedFile) and upload.name:
            found[field.key] = upload_of(upload)
    return found


def upload_of(upload: UploadedFile[Any]) -> tuple[str, bytes]:
    if (upload.size or 0) > LARGEST_UPLOAD:
        raise Refused(f"The file {upload.name} is too large", f"{LARGEST_UPLOAD // 1_000_000} MB at most.")
    return upload.name or "file", upload.read()
