"""Which requirements of the program are met, and which partners fall short of what."""

from drumbeat.apps.reports.composition import CHANNEL, PERSON, Composition
from drumbeat.apps.reports.periods import now
from drumbeat.apps.reports.sections import compliance

COMPOSITION = Composition(
    name="Program compliance",
    purpose="Which requirements of the program are met, and which partners fall short of what.",
    title="Program compliance of {subject}, {period}",
    period=now,
    subjects=(CHANNEL, PERSON),
    for_partners=False,
    sections=(compliance.compliance_sections,),
)
