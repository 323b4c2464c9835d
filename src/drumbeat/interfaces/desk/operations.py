"""Operations: who lives, what lags, what is stuck, and a button to try it again. For those who run the installation."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from drumbeat.apps.operations.models import Pass, Process
from drumbeat.apps.people.models import Role
from drumbeat.apps.routines.models import Step, StepSet, StepState
from drumbeat.interfaces.kit import times
from drumbeat.interfaces.kit.addresses import address
from drumbeat.interfaces.kit.filters import by_id, choice, search
from drumbeat.interfaces.kit.forms import answer
from drumbeat.interfaces.kit.lists import (
    Cell,
    Column,
    Empty,
    Listing,
    arrange,
    moment_cell,
    read_state,
    show_list,
)
from drumbeat.interfaces.kit.viewer import BUSINESS, Viewer, for_roles, viewer_of
from drumbeat.workflows.retrying import try_again
from drumbeat.workflows.watching import Work, work_at

PASSES_SHOWN = 30
RETRIED_AT_MOST = 500
STUCK = (StepState.FAILED, StepState.UNCERTAIN, StepState.HANDED)
for_operators = for_roles(Role.ADMINISTRATOR, Role.PARTNER_OPERATIONS, Role.DIRECTOR)


@for_operators
def operations(request: HttpRequest) -> HttpResponseBase:
    viewer = viewer_of(request)
    work = work_at(viewer.at)
    context = {
        "complaints": work.complaints,
        "processes": [_process(process, work) for process in work.at_work],
        "ended": [_process(process, work) for process in work.ended],
        "waiting": [_waiting(word, work) for word in work.waiting],
        "due": sorted(work.due.items()),
        "stuck": [_stuck(state, work.stuck.get(state, 0)) for state in STUCK],
        "letters": sorted(work.letters.items()),
        "passes": [_pass(one) for one in Pass.objects.select_related("process")[:PASSES_SHOWN]],
    }
    return render(request, "desk/operations.html", context)


def _process(process: Process, work: Work) -> dict[str, Any]:
    return {
        "name": process.name,
        "kind": process.kind,
        "seen": f"{times.distance_words(work.at - process.seen_at)} ago",
        "took": f"{process.took_ms:,} ms",
        "skew": f"{process.skew_ms / 1000:+.1f} s" if abs(process.skew_ms) >= 50 else "right",
        "is_missed": work.is_missed(process),
    }


def _waiting(word: str, work: Work) -> dict[str, Any]:
    waiting = work.waiting[word]
    lag = waiting.lag(work.at)
    return {
        "word": word,
        "count": waiting.count,
        "lag": times.distance_words(lag) if lag >= timedelta(minutes=1) else "",
    }


def _stuck(state: StepState, count: int) -> dict[str, Any]:
    return {"label": state.label, "count": count, "url": f"{reverse('stuck_steps')}?state={state.value}"}


def _pass(one: Pass) -> dict[str, Any]:
    done = ", ".join(word if count is True else f"{count:,} {word}" for word, count in one.done.items())
    return {"kind": one.kind, "at": one.at, "took": f"{one.took_ms:,} ms", "done": done, "error": one.error}


@for_operators
def stuck_steps(request: HttpRequest) -> HttpResponseBase:
    return show_list(request, stuck_listing(viewer_of(request)), _stuck_steps(), "desk/stuck_steps.html")


def _stuck_steps() -> StepSet:
    related = ("playbook_step", "occurrence__version__routine", "occurrence__subscription__partner")
    return Step.objects.filter(state__in=STUCK).select_related(*related)


def stuck_listing(viewer: Viewer) -> Listing:
    """Administrators see no business data: of partners only those see names who may open their pages."""
    sees_business = viewer.person.has(*BUSINESS)
    return Listing(
        name="stuck-steps",
        nouns=("stuck step", "stuck steps"),
        sort="-recorded_at",
        columns=(
            Column("title", "Step", lambda row: _title(row, sees_business), ("playbook_step__title",)),
            Column("routine", "Routine", lambda row: Cell(row.occurrence.version.routine.title), look="soft"),
            *((Column("partner", "Partner", _partner, look="soft"),) if sees_business else ()),
            Column("kind", "Kind", lambda row: Cell(row.kind), ("kind",), "soft"),
            Column("state", "State", lambda row: Cell(row.get_state_display(), value=row.state), ("state",), "soft"),
            Column("attempts", "Tried", lambda row: Cell(str(row.attempts), value=row.attempts), ("attempts",), "num soft"),
            Column("error", "What went wrong", lambda row: Cell(row.error, tone="off" if row.error else "")),
            Column("recorded_at", "Since", lambda row: moment_cell(row.recorded_at, viewer), ("recorded_at",), "num soft", may_be_empty=True),
        ),
        filters=(
            search("Words of the error", "error__icontains"),
            choice("state", "State", [(state.value, state.label) for state in STUCK]),
            choice("kind", "Kind", [(kind, kind) for kind in ("mail", "report", "meeting", "branch", "wait")]),
            by_id("step", "Step", "pk"),
        ),
        empty=Empty("Nothing is stuck", "A step that fails six times, or of which nobody knows whether it was sent, comes here."),
    )  # fmt: skip


def _title(row: Step, sees_business: bool) -> Cell:
    return Cell(row.playbook_step.title, address("occurrence", row.occurrence_id) if sees_business else "")


def _partner(row: Step) -> Cell:
    partner = row.occurrence.subscription.partner
    return Cell(partner.name if partner else "")


@for_operators
@require_POST
def stuck_attempts(request: HttpRequest) -> HttpResponseBase:
    """Tries the failed ones among those listed again: all that the filters in the address leave."""
    viewer = viewer_of(request)
    listing = stuck_listing(viewer)
    state = read_state(request.GET, listing)
    failed = arrange(_stuck_steps(), listing, state).filter(state=StepState.FAILED)[:RETRIED_AT_MOST]
    return answer(
        request,
        lambda: try_again(failed, by=viewer.person, at=viewer.at),
        said="The failed ones are tried again with the next beat.",
        back=reverse("stuck_steps") + state.query(),
    )
