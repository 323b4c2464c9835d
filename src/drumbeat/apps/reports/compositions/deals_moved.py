"""Deals that moved since the last call, and those that stand still."""

from drumbeat.apps.reports.composition import EVERY, Composition
from drumbeat.apps.reports.periods import this_week
from drumbeat.apps.reports.sections import deals, summary

COMPOSITION = Composition(
    name="Deals that moved",
    purpose="Deals that moved since the last call, and those that stand still.",
    title="Deals that moved: {subject}, {period}",
    period=this_week,
    subjects=EVERY,
    for_partners=False,
    sections=(summary.summary_of_deals, summary.standing_of_deals, deals.deals_of_week, deals.deals_stalled),
)
