"""Partners that sell no more: since when, what they sold before, and who looks after them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from drumbeat.apps.figures.queries import rows_behind
from drumbeat.apps.partners.models import Assignment, Status
from drumbeat.apps.reports.asking import Window, ask, before, in_period
from drumbeat.apps.reports.scope import Scope
from drumbeat.apps.reports.wording import count, spelled
from drumbeat.core.metrics import Asked, Question

from .shapes import DAY, MONEY, NUMBER, TEXT, Section, kept, sentences, table

SILENT, SHOWN = 90, 50
LIFE = ("inactive_partners", "lapsed_partners", "reactivated_partners")


def summary_of_silence(scope: Scope) -> Section:
    window = in_period(scope.period)
    now, then = (_life(scope, one) for one in (window, before(window)))
    told = f"{count(now['inactive_partners'], 'partner').capitalize()} sold nothing in {window.name}"
    change = now["inactive_partners"] - then["inactive_partners"]
    more = (
        f", {abs(change):,} {'more' if change > 0 else 'fewer'} than in {before(window).name}"
        if change
        else ""
    )
    lapsed, back = now["lapsed_partners"], now["reactivated_partners"]
    return sentences(
        [
            f"{told}{more}.",
            f"{count(lapsed, 'partner').capitalize()} sold before and not now; {spelled(back)} came back.",
        ]
    )


def _life(scope: Scope, window: Window) -> dict[str, int]:
    (row,) = ask(scope, LIFE, window).rows or [(0,) * len(LIFE)]
    return dict(zip(LIFE, row, strict=True))


def silent_partners(scope: Scope) -> Section:
    """Active partners without a sale for 90 days, those that sold most first."""
    keyed = {
        partner.external_id or partner.key: partner for partner in scope.partners.filter(status=Status.ACTIVE)
    }
    silent = [one for one in _days(scope) if one[0] in keyed and (one[3] is None or one[3] >= SILENT)]
    sold = {
        row[0]: kept(row[-1])
        for row in ask(scope, ["sell_through"], Window("", None, None), by=["partner"]).rows
    }
    silent.sort(key=lambda one: (-(sold.get(one[0]) or 0), one[1]))
    managers = _managers(scope)
    rows = [
        [name, keyed[key].get_tier_display(), last and last.isoformat(), days, sold.get(key), managers.get(keyed[key].pk, "nobody")]
        for key, name, last, days in silent[:SHOWN]
    ]  # fmt: skip
    columns = [("partner", TEXT), ("tier", TEXT), ("last sale", DAY), ("days ago", NUMBER), ("sold in all", MONEY), ("looked after by", TEXT)]  # fmt: skip
    refs = [f"partner:{keyed[one[0]].pk}" for one in silent[:SHOWN]]
    title = f"Active partners without a sale for {SILENT} days"
    return table(columns, rows, key="silent", title=title, refs=refs, empty="Every active partner sold lately.", of=len(silent))  # fmt: skip


def _days(scope: Scope) -> list[tuple[Any, ...]]:
    """Key, name, last sale and days since then of every partner. Figures of a month count from its first day."""
    question = Question(
        (Asked("partners", "partners"),),
        as_of=scope.on + timedelta(days=1),
        known_at=scope.at,
        partners=scope.partner_ids,
    )
    return rows_behind(question, today=scope.on).rows


def _managers(scope: Scope) -> dict[int, str]:
    current = Assignment.objects.current(scope.on).filter(partner__in=scope.partners.order_by().values("pk"))
    return dict(current.values_list("partner_id", "person__name"))
