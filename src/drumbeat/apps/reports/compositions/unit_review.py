"""A manager's partners as a business unit."""

from drumbeat.apps.reports.composition import CHANNEL, PERSON, Composition
from drumbeat.apps.reports.periods import last_month
from drumbeat.apps.reports.sections import promises, record, sales, summary, unit, work

COMPOSITION = Composition(
    name="Business unit on one page",
    purpose="A manager's partners as a business unit.",
    title="The business unit of {subject}, {period}",
    period=last_month,
    subjects=(PERSON, CHANNEL),
    for_partners=False,
    sections=(
        summary.summary,
        sales.sales_bars,
        summary.standing,
        unit.partners_to_decide_on,
        record.record_lines,
        work.load_bars,
        promises.coming,
    ),
)
