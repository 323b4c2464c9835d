"""What a partner did, what is open, and what comes."""

from drumbeat.apps.reports.composition import PARTNER, Composition
from drumbeat.apps.reports.periods import last_month
from drumbeat.apps.reports.sections import deals, promises, sales, summary

COMPOSITION = Composition(
    name="Then, now, next",
    purpose="What a partner did, what is open, and what comes.",
    title="Then, now, next: {subject}, {period}",
    period=last_month,
    subjects=(PARTNER,),
    for_partners=True,
    sections=(
        summary.summary,
        sales.sales_bars,
        deals.deals_of_period,
        promises.open_promises,
        deals.deals_open,
        promises.coming,
    ),
)
