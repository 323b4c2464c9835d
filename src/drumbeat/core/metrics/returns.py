"""The metrics of promises, cost and return, with their meaning; the catalogue holds them beside the others."""

from __future__ import annotations

from .metric import BEGUN, CELLS, FORECAST, FUNDS, INFLUENCE, PROMISES, WORK, Metric

AS_OF = "rows from --from to before --until, as they stood before the as-of day"


def _promises(name: str, title: str, definition: str, formula: str, unit: str = "count") -> Metric:
    return Metric(
        name, title, definition, formula, unit, (PROMISES,), window=f"promises due (UTC) {AS_OF[5:]}", grain="promise and side",
        zero="nothing judged: n/a" if unit == "%" else "none: 0",
        missing="open promises in grace aren't judged yet; below 5 judged a rate is thin",
    )  # fmt: skip


def _work(
    name: str, title: str, definition: str, formula: str, unit: str, missing: str, zero: str = "no work: 0"
) -> Metric:
    return Metric(
        name, title, definition, formula, unit, (WORK,), window="days of doing, or of spending, from --from to before --until",
        grain="step, or direct cost", zero=zero, missing=missing,
    )  # fmt: skip


def _funds(name: str, title: str, definition: str, formula: str, unit: str, zero: str = "none: 0") -> Metric:
    return Metric(
        name, title, definition, formula, unit, (FUNDS,), window="days of the fund's rows; deals by the day won", grain="fund row",
        zero=zero, missing="money that no file tells isn't in it",
    )  # fmt: skip


def _begun(
    name: str, title: str, definition: str, formula: str, unit: str, zero: str, missing: str
) -> Metric:
    return Metric(
        name, title, definition, formula, unit, (BEGUN,), window="days of joining from --from to before --until, seen from the as-of day",
        grain="partner", zero=zero, missing=missing,
    )  # fmt: skip


def _forecast(name: str, title: str, definition: str, formula: str, unit: str, zero: str) -> Metric:
    return Metric(
        name, title, definition, formula, unit, (FORECAST,), window="months from --from to before --until", grain="partner and month",
        zero=zero, missing="months without a forecast aren't in it; a forecast without sales is measured against 0",
    )  # fmt: skip


def _cells(name: str, title: str, definition: str, formula: str, unit: str = "count") -> Metric:
    return Metric(
        name, title, definition, formula, unit, (CELLS,), window="now", grain="cell of territory, vertical and capability",
        zero="no cell aimed at: n/a" if unit == "%" else "none: 0", missing="partners without these facts cover nothing",
    )  # fmt: skip


_JUDGED = "kept, late, missed, or open past the deadline"
RETURNS = (
    _promises("on_time_rate", "On time", "Promises kept by their deadline, as a share of those judged; a side's own alone when split by side", "100 × kept ÷ (judged − waived)", "%"),
    _promises("promises_judged", "Promises judged", f"Promises with a verdict: {_JUDGED}; waived ones left out", "count(judged − waived)"),
    _promises("promises_kept", "Kept", "Promises kept by their deadline", "count(kept)"),
    _promises("promises_late", "Late", "Promises kept after their deadline", "count(late)"),
    _promises("promises_missed", "Missed", "Promises not kept before they lapsed", "count(missed)"),
    _promises("promises_waived", "Waived", "Promises released by the side that was owed", "count(waived)"),
    _promises("promises_overdue", "Overdue", "Promises open past their deadline", "count(open, deadline < as-of)"),
    _promises("miss_rate", "Missed, share", "Missed promises as a share of those judged", "100 × missed ÷ judged", "%"),
    _promises("waiver_rate", "Waived, share", "Waived promises as a share of judged and waived ones; above 10 % it is shown beside the rate", "100 × waived ÷ (judged + waived)", "%"),
    _work("attention_hours", "Hours", "Hours that staff gave: logged minutes, else the planned minutes of what was done", "Σ minutes ÷ 60", "hours", "steps without minutes count as planned; hours_only_planned tells their share"),
    _work("hours_only_planned", "Hours only planned", "Part of the hours that nobody logged", "100 × Σ minutes not logged ÷ Σ minutes", "%", "n/a", zero="no work: n/a"),
    _work("direct_cost", "Direct cost", "Money spent on partners directly; fund money is none", "Σ cost", "money", "costs that no file tells aren't in it", zero="none: 0"),
    _work("cost_to_serve", "Cost to serve", "Hours at what an hour of the role costs that day, and direct cost", "Σ hours × cost of the role's hour + direct_cost", "money", "n/a while work of a role without a cost is in it", zero="nothing done or spent: 0"),
    Metric("influenced_revenue", "Influenced by partners", "Won deals that no partner brought, with a partner's act in the 180 days before the win; n partners share 1/n", "Σ amount ÷ partners with an act", "money", (INFLUENCE,), window="days of winning from --from to before --until", grain="deal and partner", zero="none: 0", missing="acts that no file tells influence nothing; with sourced revenue it never passes all that was won"),
    _funds("fund_granted", "Granted", "Fund money granted", "Σ granted", "money"),
    _funds("fund_paid", "Paid", "Fund money paid out", "Σ paid", "money"),
    _funds("fund_utilisation", "Fund used", "Money reserved, payable and paid as a share of what was granted", "100 × (reserved + payable + paid) ÷ granted", "%", "nothing granted: n/a"),
    _funds("fund_spent", "Fund spent", "Money paid as a share of what was granted", "100 × paid ÷ granted", "%", "nothing granted: n/a"),
    _funds("fund_expiry", "Fund expired", "Money that lapsed as a share of what was granted", "100 × expired ÷ granted", "%", "nothing granted: n/a"),
    _funds("fund_revenue", "Revenue of funds", "Won deals that an act ties to a fund's activity, won within 180 days of the act; several activities share a deal", "Σ amount, won, tied to an activity", "money"),
    _funds("fund_multiple", "Return of funds", "Revenue that funds brought for each unit paid. Revenue, not margin: the margin of deals is unknown", "fund_revenue ÷ fund_paid", "×", "nothing paid: n/a"),
    _begun("joined_partners", "Joined", "Partners by the day they joined", "count(partners)", "count", "none: 0", "partners without a day of joining aren't in it"),
    _begun("activation_rate", "Activation", "Partners with a first deal within 90 days of joining, as a share of those who joined at least 90 days before the as-of day", "100 × first deal ≤ 90 days ÷ partners at least 90 days old", "%", "nobody old enough: n/a", "younger partners aren't in it"),
    _begun("time_to_first_deal", "Time to first deal", "Median days from joining to the first deal, those who still wait counted as long as they have waited (Kaplan and Meier)", "median(first deal − joined)", "days", "n/a", "n/a while more than half still wait"),
    _forecast("forecast", "Forecast", "What was expected, as frozen before each month", "Σ forecast", "money", "none: 0"),
    _forecast("forecast_error", "Forecast error", "How far forecasts lay from what was sold, up or down", "100 × Σ |forecast − sell_through| ÷ Σ sell_through", "%", "nothing sold: n/a"),
    _forecast("forecast_bias", "Forecast bias", "Whether forecasts lay above what was sold (+) or below (−)", "100 × (Σ forecast − Σ sell_through) ÷ Σ sell_through", "%", "nothing sold: n/a"),
    _cells("cells", "Cells aimed at", "Territory, vertical and capability in which a partner is wanted", "count(cells)"),
    _cells("cells_covered", "Cells covered", "Cells with at least one active partner of that territory, vertical and capability", "count(cells, ≥ 1 able partner)"),
    _cells("coverage", "Coverage", "Covered cells as a share of those aimed at", "100 × cells_covered ÷ cells", "%"),
    _cells("able_partners", "Able partners", "Active partners who cover a cell, counted in each cell", "Σ able partners of the cell"),
)  # fmt: skip
