"""Packs of quarterly reviews: prepared in one click, written to section by section, presented full screen, and as slides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from drumbeat.apps.packs.access import may_write, packs_visible_to
from drumbeat.apps.packs.actions import LONGEST, prepare_pack, write_remark
from drumbeat.apps.packs.queries import editions_beside, sections_of, versions_of, words_of
from drumbeat.apps.packs.slides import Slide, slides_of
from drumbeat.apps.reports.drawing import page_of
from drumbeat.apps.reports.models import Edition
from drumbeat.core.refusal import Refused
from drumbeat.interfaces.kit.forms import carry_out, sentences
from drumbeat.interfaces.kit.markup import drawn
from drumbeat.interfaces.kit.viewer import Viewer, for_business, viewer_of

from .partners import partner_of
from .references import addresses_of

PARTNER = "partner"


class RemarkForm(forms.Form):
    text = forms.CharField(required=False, max_length=LONGEST, strip=True, widget=forms.Textarea)
    is_internal = forms.BooleanField(required=False)
    after = forms.IntegerField(min_value=0)


@for_business
@require_POST
def partner_pack(request: HttpRequest, key: str) -> HttpResponseBase:
    """One click: the quarter that ended, as of now."""
    viewer = viewer_of(request)
    try:
        edition = prepare_pack(partner_of(viewer, key), by=viewer.person, at=viewer.at)
    except Refused as refusal:
        messages.error(request, sentences(refusal))
        return redirect("partner", key)
    messages.success(request, "Prepared with the figures of now; words of an earlier pack went along.")
    return redirect("pack", edition.pk)


@for_business
def pack(request: HttpRequest, pk: int) -> HttpResponseBase:
    viewer = viewer_of(request)
    edition = _pack_of(viewer, pk)
    return _page(request, viewer, edition)


def _page(
    request: HttpRequest,
    viewer: Viewer,
    edition: Edition,
    refused: RemarkForm | None = None,
    at_section: str = "",
) -> HttpResponseBase:
    page = page_of(edition, url_of=addresses_of(viewer, edition))
    slides = slides_of(page, words_of(edition), for_partner=False)
    context = {
        "edition": edition,
        "page": page,
        "slides": [_slide(one, refused if one.key == at_section else None) for one in slides],
        "beside": editions_beside(edition),
        "may_write": may_write(viewer.person, edition, viewer.at),
    }
    return render(request, "desk/pack.html", context, status=409 if refused else 200)


def _slide(slide: Slide, refused: RemarkForm | None = None) -> dict[str, Any]:
    """What was typed stays in the field when it was refused."""
    words = slide.words
    return {
        "section": slide.section,
        "is_empty": slide.is_empty,
        "words": words,
        "html": drawn(words.text) if words.text else "",
        "typed": refused["text"].value() if refused else words.text,
        "errors": refused.errors.get("text", []) if refused else [],
    }


@for_business
def pack_section(request: HttpRequest, pk: int, section: str) -> HttpResponseBase:
    """The versions of the words to one section; a post writes a new one."""
    viewer = viewer_of(request)
    edition = _pack_of(viewer, pk)
    if section not in sections_of(edition):
        raise Http404
    if request.method == "POST":
        return _write(request, viewer, edition, section)
    title = next(one["title"] for one in edition.data["sections"] if one["key"] == section)
    versions = [(row, drawn(row.text)) for row in versions_of(edition, section)]
    context = {"edition": edition, "title": title or "Summary", "section": section, "versions": versions}
    return render(request, "desk/pack_section.html", context)


def _write(request: HttpRequest, viewer: Viewer, edition: Edition, section: str) -> HttpResponseBase:
    form = RemarkForm(request.POST)
    told = form.cleaned_data if form.is_valid() else {}
    if told and carry_out(
        form,
        lambda: write_remark(
            edition, section, told["text"].replace("\r\n", "\n"), is_internal=told["is_internal"], after=told["after"],
            by=viewer.person, at=viewer.at,
        ),
    ):  # fmt: skip
        return redirect(f"{reverse('pack', args=[edition.pk])}#{section}")
    return _page(request, viewer, edition, form, section)


@for_business
@require_safe
def pack_presentation(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Slide by slide, full screen; without scripts a long page. With `for=partner` what is internal is left out."""
    viewer = viewer_of(request)
    edition = _pack_of(viewer, pk)
    for_partner = request.GET.get("for") == PARTNER
    page = page_of(edition)
    shown = slides_of(page, words_of(edition), for_partner=for_partner)
    slides: Sequence[dict[str, Any]] = [_slide(one) for one in shown if not one.is_empty]
    context = {"edition": edition, "page": page, "slides": slides, "for_partner": for_partner}
    return render(request, "desk/pack_presentation.html", context)


@for_business
@require_safe
def pack_slides(request: HttpRequest, pk: int) -> HttpResponseBase:
    # Drawing pages loads a typesetter: only who makes a PDF pays for it.
    from drumbeat.apps.packs.pdf import pack_pdf

    edition = _pack_of(viewer_of(request), pk)
    for_partner = request.GET.get("for") == PARTNER
    content = pack_pdf(edition, words_of(edition), for_partner=for_partner)
    name = f"review {edition.period_from:%Y-%m}{'' if for_partner else ' internal'}.pdf"
    return HttpResponse(
        content, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
    )


def _pack_of(viewer: Viewer, pk: int) -> Edition:
    return get_object_or_404(packs_visible_to(viewer.person, viewer.at).select_related("partner"), pk=pk)
