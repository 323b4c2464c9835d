"""A partner's month in full: what was sold and to whom, what both sides promised and kept, and what comes next."""

from drumbeat.apps.reports.composition import PARTNER, Composition
from drumbeat.apps.reports.periods import last_month
from drumbeat.apps.reports.sections import deals, metric, promises, record, sales, summary

SOLD = ("sell_through", "orders", "units", "products_sold")
CLOSED = ("won_amount", "deals_won", "win_rate")

COMPOSITION = Composition(
    name="Partner monthly report",
    purpose="A partner's month in full: what was sold, what both sides promised and kept, and what comes next.",
    title="Monthly report, {period}: {subject}",
    period=last_month,
    subjects=(PARTNER,),
    for_partners=True,
    sections=(
        summary.summary,
        summary.standing,
        sales.sales_bars_of_two_years,
        metric.standing(
            (metric.in_period, SOLD), (metric.in_year, CLOSED), title="The month beside the year before", key="month",
            against=metric.year_before,
        ),
        metric.split("category", ("sell_through", "units"), title="What was sold", key="categories", top=10, empty="The sales files of this month name no products."),
        promises.strips_of_both,
        record.record_lines,
        promises.open_promises,
        deals.deals_open,
        deals.deals_of_period,
        promises.coming,
    ),
)  # fmt: skip
