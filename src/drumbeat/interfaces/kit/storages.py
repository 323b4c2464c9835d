"""Where the files of this installation lie, and how one is handed out: never shown by the browser as if it were a page."""

from __future__ import annotations

from urllib.parse import quote

from django.conf import settings
from django.http import HttpResponse

from drumbeat.apps.forms.models import File
from drumbeat.apps.forms.queries import content_of
from drumbeat.integrations.storage import FolderStorage, Storage


def storage() -> Storage:
    return FolderStorage(settings.FILES_FOLDER)


def download_of(file: File) -> HttpResponse:
    """Always to be kept, with a name that is no header of its own, and nothing in it may run."""
    answer = HttpResponse(content_of(file, storage()), content_type=file.media_type)
    bare = "".join(
        sign if sign.isascii() and (sign.isalnum() or sign in "._- ") else "_" for sign in file.name
    )
    answer["Content-Disposition"] = f"attachment; filename=\"{bare}\"; filename*=UTF-8''{quote(file.name)}"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "private, no-store"
    return answer
