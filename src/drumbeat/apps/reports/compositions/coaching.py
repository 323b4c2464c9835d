"""A manager's record, load and what is open, for a talk."""

from drumbeat.apps.reports.composition import PERSON, Composition
from drumbeat.apps.reports.periods import now
from drumbeat.apps.reports.sections import promises, record, summary, work

COMPOSITION = Composition(
    name="Record and load",
    purpose="A manager's record, load and what is open, for a talk.",
    title="Record and load of {subject}, {period}",
    period=now,
    subjects=(PERSON,),
    for_partners=False,
    sections=(
        summary.summary_of_work,
        promises.strip_of_person,
        record.record_lines,
        work.load_bars,
        record.record_by_routine,
        promises.open_promises,
    ),
)
