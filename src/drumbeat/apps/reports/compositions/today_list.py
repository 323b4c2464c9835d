"""What is overdue, due today and due this week."""

from drumbeat.apps.reports.composition import PERSON, Composition
from drumbeat.apps.reports.periods import now
from drumbeat.apps.reports.sections import work

COMPOSITION = Composition(
    name="Today's list",
    purpose="What is overdue, due today and due this week.",
    title="The day of {subject}, {period}",
    period=now,
    subjects=(PERSON,),
    for_partners=False,
    sections=(work.day_sections,),
)
