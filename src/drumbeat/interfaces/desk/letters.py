"""A routine's mails, looked at with a real partner's data before anybody gets them, in the reader's language or another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from drumbeat.apps.partners.models import Partner
from drumbeat.apps.routines.models import Routine
from drumbeat.apps.routines.queries import draft_of
from drumbeat.core.playbook import RoutineErrors
from drumbeat.core.refusal import Refused
from drumbeat.interfaces.kit.forms import sentences
from drumbeat.interfaces.kit.mailpages import language_choices, mail_page
from drumbeat.interfaces.kit.viewer import Viewer, for_business, viewer_of
from drumbeat.workflows.rehearsing import Rehearsed, rehearse

from .draft_preview import partners_to_choose

DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which text, for whom, in which language; empty is the reader's own."""

    title: str
    text: str
    is_draft: bool
    has_draft: bool
    partners: list[Partner]
    partner: Partner | None
    language: str


@for_business
@require_safe
def letters(request: HttpRequest, key: str) -> HttpResponseBase:
    viewer = viewer_of(request)
    asked = _asked(request, key, viewer)
    found, refused = _rehearsed(asked, viewer)
    shown = next((one for one in found if one.key == request.GET.get("step")), found[0] if found else None)
    context = {
        "key": key,
        "asked": asked,
        "languages": language_choices(),
        "letters": [(one, _query(asked, one.key)) for one in found],
        "shown": shown,
        "query": _query(asked),
        "refused": refused,
    }
    return render(request, "desk/letters.html", context)


@for_business
@require_safe
def letter(request: HttpRequest, key: str, step: str) -> HttpResponseBase:
    """The page that a mail program shows, for a frame."""
    viewer = viewer_of(request)
    found, _ = _rehearsed(_asked(request, key, viewer), viewer)
    shown = next((one for one in found if one.key == step and not one.refused), None)
    if shown is None:
        raise Http404
    return mail_page(shown.html)


def _asked(request: HttpRequest, key: str, viewer: Viewer) -> Asked:
    routine = Routine.objects.filter(key=key).select_related("version").first()
    draft = draft_of(key)
    if draft is None:
        raise Http404
    published = routine.version.text if routine and routine.version else ""
    is_draft = not published or (draft.is_saved and request.GET.get("text") == DRAFT)
    partners, wanted = partners_to_choose(viewer), request.GET.get("partner", "")
    chosen = next((one for one in partners if one.key == wanted), partners[0] if partners else None)
    language = request.GET.get("language", "")
    return Asked(
        title=routine.title if routine else key,
        text=draft.text if is_draft else published,
        is_draft=is_draft,
        has_draft=bool(published) and draft.is_saved,
        partners=partners,
        partner=chosen,
        language=language if language in dict(language_choices()) else "",
    )


def _rehearsed(asked: Asked, viewer: Viewer) -> tuple[list[Rehearsed], str]:
    """The letters, or why there are none."""
    if asked.partner is None:
        return [], "You look after no partner yet, so there is nobody to show them for."
    try:
        return rehearse(asked.text, asked.partner, language=asked.language, at=viewer.at), ""
    except Refused as refusal:
        return [], sentences(refusal)
    except RoutineErrors as errors:
        return (
            [],
            f"The text is to be mended first, line {errors.problems[0].line}: {errors.problems[0].reason}.",
        )


def _query(asked: Asked, step: str = "") -> str:
    told: dict[str, Any] = {
        "partner": asked.partner.key if asked.partner else "",
        "language": asked.language,
        "text": DRAFT if asked.is_draft else "",
        "step": step,
    }
    return urlencode({name: value for name, value in told.items() if value})
