"""Who kept what was promised: both sides by month, by routine, by person and by partner, the weakest first."""

from drumbeat.apps.reports.composition import EVERY, Composition
from drumbeat.apps.reports.periods import last_month
from drumbeat.apps.reports.sections import promises, record

COMPOSITION = Composition(
    name="On-time record",
    purpose="Who kept what was promised: both sides by month, by routine, by person and by partner, the weakest first.",
    title="On-time record of {subject}, {period}",
    period=last_month,
    subjects=EVERY,
    for_partners=False,
    sections=(
        record.summary_of_record,
        record.standing_of_record,
        record.record_lines,
        record.record_by_routine,
        record.record_by_person,
        record.record_by_partner,
        promises.open_promises,
    ),
)
