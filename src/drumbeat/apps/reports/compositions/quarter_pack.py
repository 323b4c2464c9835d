"""The pages of a quarterly review."""

from drumbeat.apps.reports.composition import PARTNER, Composition
from drumbeat.apps.reports.periods import last_quarter
from drumbeat.apps.reports.sections import deals, promises, record, review, sales, summary

COMPOSITION = Composition(
    name="Quarterly review pack",
    purpose="The pages of a quarterly review.",
    title="Review of {period}: {subject}",
    period=last_quarter,
    subjects=(PARTNER,),
    for_partners=True,
    sections=(
        summary.summary,
        summary.agenda_of_review,
        review.quarter_done,
        sales.sales_bars_of_two_years,
        summary.standing,
        promises.strips_of_both,
        record.record_lines,
        deals.deals_open,
        deals.deals_of_period,
        review.commitments_of_quarter,
        promises.open_promises,
        review.asks,
        review.commitments_to_come,
        promises.coming,
    ),
)
