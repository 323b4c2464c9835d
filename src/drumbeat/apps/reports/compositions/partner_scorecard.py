"""How a partner's month went, and where things stand."""

from drumbeat.apps.reports.composition import PARTNER, Composition
from drumbeat.apps.reports.periods import last_month
from drumbeat.apps.reports.sections import promises, record, sales, summary

COMPOSITION = Composition(
    name="Partner scorecard",
    purpose="How a partner's month went, and where things stand.",
    title="{period} for {subject}",
    period=last_month,
    subjects=(PARTNER,),
    for_partners=True,
    sections=(
        summary.summary,
        sales.sales_bars,
        summary.standing,
        record.record_lines,
        promises.strips_of_both,
        promises.open_promises,
        promises.coming,
    ),
)
