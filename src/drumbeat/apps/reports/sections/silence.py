"""Partners that sell no more: since when, what they sold before, and who looks after them."""

from __future__ import annotations

from datetime import timedelta

from drumbeat.apps.partners.models import Tier
from drumbeat.apps.reports.asking import Window, ask, before, in_period
from drumbeat.apps.reports.scope import Scope
from drumbeat.apps.reports.statements import silent_for
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
    question = Question(
        (Asked("partners", "partners"),), as_of=scope.on + timedelta(days=1), known_at=scope.at, partners=scope.partner_ids
    )  # fmt: skip
    found = silent_for(SILENT, question, on=scope.on, limit=SHOWN)
    rows = [
        [name, Tier(tier).label, last and last.isoformat(), days, kept(sold), manager or "nobody"]
        for _, name, tier, last, days, sold, manager, _ in found
    ]
    columns = [("partner", TEXT), ("tier", TEXT), ("last sale", DAY), ("days ago", NUMBER), ("sold in all", MONEY), ("looked after by", TEXT)]  # fmt: skip
    refs = [f"partner:{pk}" for pk, *_ in found]
    title = f"Active partners without a sale for {SILENT} days"
    return table(columns, rows, key="silent", title=title, refs=refs, empty="Every active partner sold lately.", of=found[0][-1] if found else 0)  # fmt: skip
