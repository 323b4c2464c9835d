"""Deals: their figures, what moved, what is open, what stands still."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from drumbeat.apps.deals.models import Deal
from drumbeat.apps.deals.queries import FEWEST_CLOSED, STALLED_AFTER, deals_moved, open_deals
from drumbeat.apps.reports.asking import Window, reference
from drumbeat.apps.reports.scope import Scope
from drumbeat.apps.reports.wording import count, money, spelled

from .shapes import DAY, MONEY, NUMBER, PERCENT, TEXT, Section, row, table

SHOWN = 15
NOW = Window("now", None, None)
PIPELINE = f"Open pipeline: the sum of the amounts of open deals; stalled ones have not moved for {STALLED_AFTER.days} days."
WIN_RATE = f"Win rate: deals won ÷ (won + lost), closed in twelve months; not available below {FEWEST_CLOSED} closed."


def deal_rows(scope: Scope) -> list[dict[str, Any]]:
    deals = scope.deals
    stalled = f", {deals.stalled} stalled" if deals.stalled else ""
    registered = f"of {deals.registered} registered" if deals.registered else "none registered"
    rate = 100 * deals.win_rate if deals.win_rate is not None else None
    closed = f"{count(deals.closed, 'deal')} closed in 12 months"
    year = Window("", scope.on - timedelta(days=365), scope.on + timedelta(days=1))
    pipeline, won = (
        reference("pipeline_open", NOW, [("outcome", "open")]),
        reference("deals_won", year, [("outcome", "won")]),
    )
    return [
        row("Open pipeline", float(deals.pipeline), MONEY, compared=f"{count(deals.open, 'deal')} open{stalled}", ref=pipeline, meaning=PIPELINE),
        row("Deals won, 12 months", deals.won, NUMBER, compared=registered, ref=won),
        row("Win rate, 12 months", rate, PERCENT, compared=closed, ref=reference("win_rate", year), meaning=WIN_RATE),
    ]  # fmt: skip


def deal_sentence(scope: Scope) -> str:
    deals = scope.deals
    if not deals.open:
        return "No deal is open."
    worth = money(deals.pipeline, scope.vendor.currency)
    noun, verb = ("deal", "is") if deals.open == 1 else ("deals", "are")
    text = f"{spelled(deals.open).capitalize()} {noun} worth {worth} {verb} open"
    if not deals.stalled:
        return f"{text}."
    stalled = "it" if deals.open == 1 else spelled(deals.stalled)
    verb = "has" if deals.stalled == 1 else "have"
    return f"{text}; {stalled} {verb} not moved for {STALLED_AFTER.days} days."


def deals_open(scope: Scope) -> Section:
    found = scope.deals_listed("open", open_deals)[:SHOWN]
    return _table(
        scope,
        found,
        key="deals-open",
        title="Open deals, the largest first",
        empty="No deal is open.",
        of=scope.deals.open,
    )


def deals_of_week(scope: Scope) -> Section:
    """Of the seven days until now."""
    moved = deals_moved(
        scope.partner or scope.partners, since=scope.at - timedelta(days=7), until=scope.at, limit=SHOWN
    )
    return _table(
        scope,
        moved,
        key="deals-moved",
        title="Deals that moved in seven days",
        empty="No deal moved in seven days.",
    )


def deals_of_period(scope: Scope) -> Section:
    since, until = scope.midnight(scope.period.from_on), scope.midnight(scope.period.until_on)
    listed = partial(deals_moved, since=since, until=until)
    moved = scope.deals_listed(f"moved {since} {until}", listed)[:SHOWN]
    title = f"Deals last changed in {scope.period.name}"
    return _table(
        scope, moved, key="deals-period", title=title, empty=f"No deal changed last in {scope.period.name}."
    )


def deals_stalled(scope: Scope) -> Section:
    found = [
        deal
        for deal in open_deals(scope.partner or scope.partners, limit=200)
        if deal.moved_at <= scope.at - STALLED_AFTER
    ]
    title = f"Open deals without a move for {STALLED_AFTER.days} days"
    return _table(
        scope,
        found[:SHOWN],
        key="deals-stalled",
        title=title,
        empty="No open deal stands still.",
        of=scope.deals.stalled,
    )


def _table(
    scope: Scope, deals: Sequence[Deal], *, key: str, title: str, empty: str, of: int | None = None
) -> Section:
    """With the partner's name where the report is about several."""
    several = scope.partner is None
    columns = [("partner", TEXT)] * several + [
        ("customer", TEXT),
        ("stage", TEXT),
        ("amount", MONEY),
        ("last move", DAY),
    ]
    rows = [
        [deal.partner.name if deal.partner else "vendor"] * several
        + [deal.customer, deal.get_stage_display(), float(deal.amount), scope.day_of(deal.moved_at)]
        for deal in deals
    ]
    refs = [f"partner:{deal.partner_id}" for deal in deals]
    return table(columns, rows, key=key, title=title, refs=refs, empty=empty, of=of)
