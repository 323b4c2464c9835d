"""A partner's quarter on one page."""

from drumbeat.apps.reports.composition import PARTNER, Composition
from drumbeat.apps.reports.periods import last_quarter
from drumbeat.apps.reports.sections import promises, sales, summary

COMPOSITION = Composition(
    name="Quarter on one page",
    purpose="A partner's quarter on one page.",
    title="{period} for {subject}, on one page",
    period=last_quarter,
    subjects=(PARTNER,),
    for_partners=True,
    sections=(summary.summary, sales.sales_bars, summary.standing, promises.strips_of_both),
)
