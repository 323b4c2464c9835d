"""What is open on both sides, for a call."""

from drumbeat.apps.reports.composition import PARTNER, Composition
from drumbeat.apps.reports.periods import now
from drumbeat.apps.reports.sections import deals, promises, summary

COMPOSITION = Composition(
    name="Call agenda",
    purpose="What is open on both sides, for a call.",
    title="Agenda for {subject}, {period}",
    period=now,
    subjects=(PARTNER,),
    for_partners=True,
    sections=(
        summary.summary_of_promises,
        summary.agenda_of_call,
        promises.open_promises,
        deals.deals_of_week,
        promises.strips_of_both,
        promises.coming,
    ),
)
