"""What is missing in the records of partners."""

from drumbeat.apps.reports.composition import EVERY, Composition
from drumbeat.apps.reports.periods import now
from drumbeat.apps.reports.sections import gaps

COMPOSITION = Composition(
    name="Gaps in the records",
    purpose="What is missing in the records of partners.",
    title="Gaps in the records of {subject}, {period}",
    period=now,
    subjects=EVERY,
    for_partners=False,
    sections=(gaps.gap_sections,),
)
