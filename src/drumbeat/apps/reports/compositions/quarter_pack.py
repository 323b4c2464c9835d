"""The pages of a quarterly review."""

from drumbeat.apps.reports.composition import PARTNER, Composition
from drumbeat.apps.reports.periods import last_quarter
from drumbeat.apps.reports.sections import deals, promises, record, sales, summary

COMPOSITION = Composition(
    name="Quarterly review pack",
    purpose="The pages of a quarterly review.",
    title="Review of {period}: {subject}",
    period=last_quarter,
    subjects=(PARTNER,),
    for_partners=True,
    sections=(
        summary.summary,
        promises.strips_of_both,
        promises.open_promises,
        summary.standing,
        sales.sales_bars_of_two_years,
        deals.deals_open,
        deals.deals_of_period,
        record.record_lines,
        summary.agenda_of_review,
        promises.coming,
    ),
)
