"""What became of letters."""

from drumbeat.apps.reports.composition import EVERY, Composition
from drumbeat.apps.reports.periods import now
from drumbeat.apps.reports.sections import mails

COMPOSITION = Composition(
    name="Results of a letter",
    purpose="What became of letters.",
    title="Letters of {subject}, {period}",
    period=now,
    subjects=EVERY,
    for_partners=False,
    sections=(mails.letter_sections,),
)
