"""Files beside steps: laid there, handed out, taken away."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse

from drumbeat.apps.forms.actions import keep_file
from drumbeat.apps.forms.models import File
from drumbeat.apps.forms.queries import answers_to
from drumbeat.apps.routines.actions import lay_file, take_file_away
from drumbeat.apps.routines.models import Step, StepFile
from drumbeat.core.refusal import Refused
from drumbeat.interfaces.kit.filled import upload_of
from drumbeat.interfaces.kit.forms import answer, method_of, not_allowed
from drumbeat.interfaces.kit.storages import download_of, storage
from drumbeat.interfaces.kit.viewer import Viewer, for_business, viewer_of
from drumbeat.workflows.filling import files_of

from .steps import step_of


@for_business
def step_files(request: HttpRequest, pk: int) -> HttpResponseBase:
    viewer = viewer_of(request)
    step = step_of(viewer, pk)
    if request.method != "POST":
        return not_allowed("POST")
    return answer(
        request,
        lambda: _lay(request, viewer, step),
        said="The file lies beside the step.",
        back=reverse("occurrence", args=[step.occurrence_id]),
    )


def _lay(request: HttpRequest, viewer: Viewer, step: Step) -> None:
    upload = request.FILES.get("file")
    if not isinstance(upload, UploadedFile):
        raise Refused("No file was chosen", "Choose one, then lay it here.")
    file = keep_file(*upload_of(upload), viewer.person, storage(), at=viewer.at)
    lay_file(step, file, at=viewer.at)


@for_business
def step_file(request: HttpRequest, pk: int, file: int) -> HttpResponseBase:
    """GET hands it out, also one handed in with the step's form; DELETE takes it away."""
    viewer = viewer_of(request)
    step = step_of(viewer, pk)
    if method_of(request) == "DELETE":
        laid = get_object_or_404(
            StepFile.objects.select_related("file", "step"), step=step, file=file, removed_at=None
        )
        return answer(
            request,
            lambda: take_file_away(laid, by=viewer.person, at=viewer.at),
            said="Taken away.",
            back=reverse("occurrence", args=[step.occurrence_id]),
        )
    return download_of(_file_beside(step, file))


def _file_beside(step: Step, pk: int) -> File:
    laid = File.objects.filter(
        pk=pk, pk__in=StepFile.objects.filter(step=step, removed_at=None).values("file")
    ).first()
    known = answers_to([step.pk]).get(step.pk)
    found = laid or next((file for file in (files_of(known) if known else []) if file.pk == pk), None)
    if found is None:
        raise Http404
    return found
