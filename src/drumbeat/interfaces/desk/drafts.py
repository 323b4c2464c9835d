"""The builder: a routine's next text, as a form and as a text that are the same thing, saved while it is written."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from drumbeat.apps.routines.access import may_shape_routines
from drumbeat.apps.routines.actions import discard_draft, save_draft
from drumbeat.apps.routines.models import RoutineDraft
from drumbeat.apps.routines.queries import DraftText, Verdict, draft_of, judge_draft
from drumbeat.core.playbook import RoutineErrors, grammar
from drumbeat.core.playbook.editing import values_of, with_step, with_step_moved, without_step
from drumbeat.core.playbook.filling import filled, new_step, steps_of
from drumbeat.core.playbook.model import MACHINE_KINDS
from drumbeat.core.playbook.problems import Unreadable
from drumbeat.core.refusal import Refused
from drumbeat.interfaces.kit.forms import method_of, not_allowed, sentences
from drumbeat.interfaces.kit.playbooks import offset_sentence
from drumbeat.interfaces.kit.viewer import Viewer, for_business, viewer_of

from .draft_beginnings import begun, sources
from .draft_fields import field_name, problems_by_name, sent_back, shown_head, shown_step
from .draft_preview import audience_of, partners_to_choose, preview_of

TABS = ("form", "text")


@for_business
def new_draft(request: HttpRequest) -> HttpResponseBase:
    """Asks what to begin with."""
    viewer = viewer_of(request)
    if not may_shape_routines(viewer.person):
        raise PermissionDenied("Partner operations and the director write routines.")
    refused = ""
    if request.method == "POST":
        try:
            return redirect("draft", begun(request, viewer))
        except Refused as refusal:
            refused = sentences(refusal)
        except RoutineErrors as errors:
            first = errors.problems[0]
            refused = f"The file can't be read, line {first.line}: {first.reason}; {first.mend}."
    context = {
        "refused": refused,
        "sources": sources(),
        "source": request.POST.get("source") or request.GET.get("from", ""),
        "title": request.POST.get("title", ""),
        "key": request.POST.get("key", ""),
        "drafts": RoutineDraft.objects.select_related("saved_by"),
    }
    return render(request, "desk/draft_new.html", context, status=400 if refused else 200)


@for_business
def draft(request: HttpRequest, key: str) -> HttpResponseBase:
    viewer, shown = viewer_of(request), _draft(key)
    method = method_of(request)
    if method == "GET":
        return render(request, "desk/draft.html", _page(request, viewer, shown))
    if not may_shape_routines(viewer.person):
        raise PermissionDenied("Your role may look at drafts only.")
    if method == "DELETE":
        discard_draft(key, by=viewer.person)
        messages.success(request, "The draft is thrown away.")
        return redirect("routine" if shown.routine else "routines", *([key] if shown.routine else []))
    return _save(request, viewer, shown) if method == "POST" else not_allowed("GET", "POST", "DELETE")


def _draft(key: str) -> DraftText:
    found = draft_of(key)
    if found is None:
        raise Http404(f"There is no routine and no draft {key}")
    return found


def _save(request: HttpRequest, viewer: Viewer, shown: DraftText) -> HttpResponseBase:
    """Takes over what was sent. Typing gets the parts that follow it, a button without scripts the whole page anew."""
    sent = request.POST
    seen = int(sent["stamp"]) if sent.get("stamp", "").isdigit() else -1
    text, opened = _text_sent(request, shown)
    try:
        save_draft(shown.key, text, seen=seen, by=viewer.person, at=viewer.at)
    except Refused as refusal:
        told = {"refused": sentences(refusal), "yours": text}
        return _answer(request, viewer, _draft(shown.key), told | {"stamp": seen}, opened)
    saved = _draft(shown.key)
    if request.htmx:  # type: ignore[attr-defined]
        answer = _answer(request, viewer, saved, {}, opened)
        if _audience_of(text) != _audience_of(shown.text):
            answer["HX-Trigger-After-Swap"] = "audience-changed"
        return answer
    query = f"?tab={_tab(request)}&partner={sent.get('partner', '')}&open={'' if opened is None else opened}"
    return redirect(reverse("draft", args=[shown.key]) + query)


def _audience_of(text: str) -> Any:
    try:
        return values_of(text).get("audience")
    except RoutineErrors:
        return None


def _text_sent(request: HttpRequest, shown: DraftText) -> tuple[str, int | None]:
    """The text after what was sent, and the step to open."""
    sent = request.POST
    if "text" in sent:
        return sent["text"].replace("\r\n", "\n").replace("\x00", ""), None
    try:
        values = values_of(shown.text)
        return _acted(filled(shown.text, sent_back(values, shown.text, sent)), sent.get("act", ""))
    except RoutineErrors:  # it can be mended in the text only
        return shown.text, None


def _acted(text: str, act: str) -> tuple[str, int | None]:
    """`add:2`, `remove:1`, `move:3:0`: what a button or a hand does to the list of steps."""
    word, *places = act.split(":")
    numbers = [int(place) for place in places if place.isdigit()]
    values = values_of(text)
    count = len(steps_of(values))
    if word == "add":
        at = min(numbers[0] if numbers else count, count)
        return with_step(text, new_step(values), at), at
    if word == "remove" and numbers and numbers[0] < count > 1:
        return without_step(text, numbers[0]), None
    if word == "move" and len(numbers) == 2 and max(numbers) < count:
        return with_step_moved(text, *numbers), numbers[1]
    return text, numbers[0] if word == "open" and numbers else None


def _answer(
    request: HttpRequest, viewer: Viewer, shown: DraftText, told: dict[str, Any], opened: int | None
) -> HttpResponse:
    template = "desk/draft_live.html" if request.headers.get("HX-Target") == "live" else "desk/draft.html"
    return render(request, template, _page(request, viewer, shown, opened) | told)


def _tab(request: HttpRequest) -> str:
    said = request.POST.get("tab") or request.POST.get("shown") or request.GET.get("tab", "")
    return said if said in TABS else "form"


def _page(
    request: HttpRequest, viewer: Viewer, shown: DraftText, opened: int | None = None
) -> dict[str, Any]:
    verdict = judge_draft(shown.key, shown.text)
    partners = partners_to_choose(viewer)
    wanted = request.POST.get("partner") or request.GET.get("partner", "")
    partner = next((one for one in partners if str(one.pk) == wanted), partners[0] if partners else None)
    try:
        values, tab = values_of(shown.text), _tab(request)
    except RoutineErrors:
        values, tab = {}, "text"
    said = request.GET.get("open", "")
    return {
        "draft": shown,
        "stamp": shown.stamp,
        "tab": tab,
        "may_shape": may_shape_routines(viewer.person),
        "title": values.get("title") or shown.key,
        "verdict": verdict,
        "problems": [(field_name(values, one.key), one) for one in verdict.problems],
        "warnings": [(field_name(values, one.key), one) for one in verdict.warnings],
        "partners": partners,
        "partner": partner,
        "preview": preview_of(viewer, verdict.playbook, partner),
        "fields": lambda: _fields(
            values, verdict, int(said) if opened is None and said.isdigit() else opened
        ),
    }


def _fields(values: Any, verdict: Verdict, opened: int | None) -> dict[str, Any]:
    """The whole form; what follows a keystroke does without."""
    at_fields = problems_by_name(values, verdict.problems)
    return {
        "groups": shown_head(values, at_fields),
        "steps": [_step(values, at, step, at_fields, opened) for at, step in enumerate(steps_of(values))],
    }


def _step(values: Any, at: int, step: Any, at_fields: dict[str, str], opened: int | None) -> dict[str, Any]:
    """The line of a step, and its fields below."""
    who = "machine" if step.get("kind") in MACHINE_KINDS else step.get("by", values.get("owner", ""))
    return {
        "at": at,
        "up": at - 1 if at else None,
        "down": at + 1 if at + 1 < len(steps_of(values)) else None,
        "title": step.get("title", "") or step.get("step", ""),
        "kind": step.get("kind", ""),
        "when": _offset_words(step.get("due", "0")),
        "who": str(who).replace("_", " "),
        "minutes": step.get("minutes", ""),
        "fields": shown_step(values, at, at_fields),
        "is_wrong": any(name.startswith(f"steps.{at}.") or name == f"steps.{at}" for name in at_fields),
        "is_open": at == opened,
    }


def _offset_words(text: Any) -> str:
    try:
        return offset_sentence(grammar.offset(str(text)))
    except (Unreadable, KeyError):
        return str(text)


@for_business
def audience(request: HttpRequest, key: str) -> HttpResponseBase:
    """The part of the page that says whom the draft fits now; apart, because it reads the facts of every partner."""
    viewer, shown = viewer_of(request), _draft(key)
    verdict = judge_draft(key, shown.text)
    return render(request, "desk/draft_audience.html", audience_of(viewer, verdict.playbook))
