"""What became of mail: sent, failed, waiting, by what it was for."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Count, Q

from drumbeat.apps.messages.models import Message
from drumbeat.apps.reports.scope import Scope
from drumbeat.apps.reports.wording import count

from .shapes import NUMBER, TEXT, Section, sentences, table

State = Message.State


def letter_sections(scope: Scope) -> list[Section]:
    """Mail to the report's partners in the 30 days until now, one query; newsletters are told in the sentence."""
    rows = _by_purpose(scope)
    letters = next((row for row in rows if row[0] == "newsletter"), None)
    columns = [
        ("what for", TEXT),
        ("sent", NUMBER),
        ("failed", NUMBER),
        ("uncertain", NUMBER),
        ("waiting", NUMBER),
    ]
    shown = [[scope.titles.get(str(purpose), purpose or "other"), *counts] for purpose, *counts in rows]
    return [
        sentences([_sentence(letters)]),
        table(columns, shown, key="mails", title="Mail of the last 30 days by what it was for", empty="No mail in 30 days."),
    ]  # fmt: skip


def _by_purpose(scope: Scope) -> list[tuple[str | int, ...]]:
    written = Message.objects.filter(
        partner__in=scope.partners.order_by().values("pk"),
        written_at__gte=scope.at - timedelta(days=30),
        written_at__lte=scope.at,
    )
    counts = {
        "sent": Count("pk", filter=Q(state=State.SENT)),
        "failed": Count("pk", filter=Q(state=State.FAILED)),
        "uncertain": Count("pk", filter=Q(state=State.UNCERTAIN)),
        "waiting": Count("pk", filter=Q(state__in=[State.QUEUED, State.SENDING])),
    }
    return list(
        written.values("purpose").annotate(**counts).order_by("purpose").values_list("purpose", *counts)
    )


def _sentence(letters: tuple[str | int, ...] | None) -> str:
    if letters is None:
        return "No newsletter went out in the last 30 days."
    _, sent, failed, uncertain, waiting = (
        int(value or 0) if index else 0 for index, value in enumerate(letters)
    )
    text = f"The newsletter reached {count(sent, 'contact')}"
    rest = [
        f"{n} {word}"
        for n, word in ((failed, "failed"), (uncertain, "uncertain"), (waiting, "still to leave"))
        if n
    ]
    return f"{text}; {', '.join(rest)}." if rest else f"{text}; none failed."
