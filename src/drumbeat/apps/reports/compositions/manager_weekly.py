"""A manager's week: what was kept, what is open and due, what moved, and who needs a decision."""

from drumbeat.apps.reports.composition import PERSON, Composition
from drumbeat.apps.reports.periods import this_week
from drumbeat.apps.reports.sections import deals, promises, record, summary, unit, work

COMPOSITION = Composition(
    name="Manager's weekly",
    purpose="A manager's week: what was kept, what is open and due, what moved, and who needs a decision.",
    title="The week of {subject}, {period}",
    period=this_week,
    subjects=(PERSON,),
    for_partners=False,
    sections=(
        summary.summary_of_week,
        promises.strip_of_person,
        work.load_bars,
        summary.standing,
        promises.open_promises,
        unit.partners_to_decide_on,
        deals.deals_of_week,
        record.record_lines,
        promises.coming,
    ),
)
