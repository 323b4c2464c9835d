"""What stands beside the steps of an occurrence: answers, decisions, checklists, files, articles; asked for once for all of them."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.conf import settings
from django.urls import reverse

from drumbeat.apps.forms.models import Answer
from drumbeat.apps.forms.queries import answers_to
from drumbeat.apps.routines.bridge import playbook_of
from drumbeat.apps.routines.models import OPEN_STATES, Decision, Occurrence, Step, StepFile, Tick
from drumbeat.apps.routines.queries import reasons_named
from drumbeat.core.playbook import Step as PlaybookText

Line = dict[str, Any]


class Beside:
    """Four queries, however many steps."""

    def __init__(self, occurrence: Occurrence, steps: list[Step]) -> None:
        self.playbook = playbook_of(occurrence.version)
        self.answers = answers_to([step.pk for step in steps])
        self.decisions: dict[int, list[Decision]] = defaultdict(list)
        for decision in Decision.objects.filter(step__in=steps).select_related("person", "contact"):
            self.decisions[decision.step_id].append(decision)
        self.ticks = {
            (tick.step_id, tick.point): tick
            for tick in Tick.objects.filter(step__in=steps).select_related("person")
        }
        self.files: dict[int, list[StepFile]] = defaultdict(list)
        for laid in StepFile.objects.filter(step__in=steps, removed_at=None).select_related("file"):
            self.files[laid.step_id].append(laid)

    def of(self, step: Step) -> Line:
        text = self.playbook.step(step.playbook_step.key)
        return {
            **_answered(step, self.answers.get(step.pk)),
            "decisions": [_said(one, text) for one in self.decisions[step.pk]],
            "points": [self._point(step, number, words) for number, words in enumerate(text.checklist)],
            "may_tick": step.state in OPEN_STATES and not step.is_machine,
            "files": self.files[step.pk],
            "articles": [_article(key) for key in text.articles],
        }

    def _point(self, step: Step, number: int, words: str) -> Line:
        url = reverse("checklist_point", args=[step.pk, number])
        return {"text": words, "url": url, "tick": self.ticks.get((step.pk, number))}


def _answered(step: Step, answer: Answer | None) -> Line:
    """Where the step is answered or decided, and how that button is called."""
    if step.kind == "approval":
        url = reverse("step_decision", args=[step.pk]) if step.side == "vendor" else ""
        return {"act_url": url, "act": "Decide", "answer_url": "", "answer_words": ""}
    if step.kind != "form":
        return {"act_url": "", "act": "", "answer_url": "", "answer_words": ""}
    url = reverse("step_answer", args=[step.pk])
    who = answer and (answer.contact or answer.person)
    words = (
        f"Answered by {who.name}"
        if answer and answer.submitted_at and who
        else "Half filled"
        if answer
        else ""
    )
    return {"act_url": url, "act": "Fill in", "answer_url": url if words else "", "answer_words": words}


def _said(decision: Decision, text: PlaybookText) -> Line:
    listed = reasons_named(text.reasons)
    known = {**listed.approve, **listed.decline} if listed else {}
    return {
        "who": decision.who,
        "what": decision.get_outcome_display().lower(),
        "reason": known.get(decision.reason, ""),
        "note": decision.note,
        "at": decision.decided_at,
        "set_aside": decision.set_aside_at is not None,
    }


def _article(key: str) -> Line:
    url = settings.ARTICLES_URL.replace("{key}", key) if settings.ARTICLES_URL else ""
    return {"name": key.replace("-", " "), "url": url}
