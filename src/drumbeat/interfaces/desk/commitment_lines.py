"""A commitment as one line: on its meeting's page, on the partner's, and on Today beside the steps."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

from django.urls import reverse

from drumbeat.apps.ledger.models import Commitment, Side
from drumbeat.interfaces.kit import times
from drumbeat.interfaces.kit.strips import today_until
from drumbeat.interfaces.kit.viewer import Viewer


def commitment_row(one: Commitment, viewer: Viewer, *, may_change: bool = True) -> dict[str, Any]:
    """With its state in words, and what may be done with it; who sees a partner's commitments may answer for it."""
    is_open = one.promise is None or one.promise.standing.outcome is None
    may_change = is_open and may_change
    return {
        "id": f"commitment-{one.pk}",
        "commitment": one,
        "whose": f"{'theirs' if one.contact_id else 'ours'}, {one.owner.name}",
        "due": times.moment_words(_due(one), viewer.zone, viewer.today),
        "state": _state_words(one, viewer),
        "is_late": bool(one.promise and is_open and one.promise.standing.deadline_at <= viewer.at),
        "wanted": times.moment_words(one.wanted_due_at, viewer.zone, viewer.today)
        if one.wanted_due_at
        else "",
        "may_answer": may_change and one.promise is None,
        "may_keep": may_change and one.promise is not None,
        "is_done": not is_open,
    }


def _due(one: Commitment) -> datetime:
    return one.promise.standing.due_at if one.promise else one.due_at


def _state_words(one: Commitment, viewer: Viewer) -> str:
    if one.promise and one.promise.standing.outcome:
        return str(one.promise.standing.get_outcome_display()).lower()
    if one.promise and one.promise.standing.deadline_at <= viewer.at:
        return f"{times.distance_words(viewer.at - one.promise.standing.due_at)} late"
    words = {"proposed": "waits for the owner's yes", "acknowledged": "acknowledged"}
    return words.get(one.state, f"{one.state}{f': {one.note}' if one.note else ''}")


def lines_by_section(commitments: Iterable[Commitment], viewer: Viewer) -> dict[str, list[dict[str, Any]]]:
    """Name of Today's section -> lines of what is due by the end of the week, and of what is late."""
    found: dict[str, list[dict[str, Any]]] = {}
    for one in commitments:
        if section := _section(one, viewer):
            found.setdefault(section, []).append(commitment_line(one, viewer))
    return found


def _section(one: Commitment, viewer: Viewer) -> str:
    assert one.promise, "only acknowledged ones are on lists"
    standing = one.promise.standing
    if standing.due_at >= _week_until(viewer):
        return ""
    if one.owing == Side.PARTNER:
        return "waiting"
    if standing.deadline_at <= viewer.at:
        return "overdue"
    return "due" if standing.due_at < today_until(viewer) else "week"


def _week_until(viewer: Viewer) -> datetime:
    """Sunday night; from Friday on the next one."""
    days = 7 - viewer.today.weekday() + (7 if viewer.today.weekday() >= 4 else 0)
    return datetime.combine(viewer.today + timedelta(days=days), time(), tzinfo=viewer.zone)


def commitment_line(one: Commitment, viewer: Viewer, *, of_partner: bool = False) -> dict[str, Any]:
    """The same shape as a step's line (`items.line_of`)."""
    row = commitment_row(one, viewer)
    keep, promise = reverse("commitment_completion", args=[one.pk]), reverse("promise", args=[one.promise_id])
    is_theirs = one.owing == Side.PARTNER
    partner = one.partner.name if one.partner else ""
    who = f"{partner}, {one.owner.name}" if is_theirs and partner else partner
    return {
        "id": row["id"],
        "what": one.text,
        "url": reverse("meeting", args=[one.origin_id]) if one.origin == "meeting" else promise,
        "who": row["whose"] if of_partner else who,
        "who_url": reverse("partner", args=[one.partner.key]) if one.partner and not of_partner else "",
        "why": f"committed · due {row['due']}",
        "late": row["state"] if row["is_late"] else "",
        "machine": "",
        "minutes": 0,
        "goal": "",
        "done": row["is_done"],
        "done_url": keep if row["may_keep"] else "",
        "done_label": "Received" if is_theirs else "Done",
        "undo_url": "",
        "postpone_url": "",
        "waive_url": reverse("asks", args=[one.promise_id]) if not row["is_done"] else "",
        "open_label": "Open meeting" if one.origin == "meeting" else "Open",
    }
