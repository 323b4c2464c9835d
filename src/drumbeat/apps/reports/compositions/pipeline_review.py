"""What is open and what came of it: by stage, by partner, what moved and what stands still."""

from drumbeat.apps.reports.composition import EVERY, Composition
from drumbeat.apps.reports.periods import this_week
from drumbeat.apps.reports.sections import deals, metric, summary

OPEN, OUTCOMES = (
    ("pipeline_open", "deals_open"),
    ("won_amount", "deals_won", "win_rate", "average_deal", "cycle"),
)

COMPOSITION = Composition(
    name="Pipeline review",
    purpose="What is open and what came of it: by stage, by partner, what moved and what stands still.",
    title="Pipeline of {subject}, {period}",
    period=this_week,
    subjects=EVERY,
    for_partners=False,
    sections=(
        summary.summary_of_deals,
        metric.standing(
            (metric.all_time, OPEN),
            (metric.in_year, OUTCOMES),
            title="Where the pipeline stands",
            key="standing",
            against=metric.year_before,
        ),
        metric.by_month("won_amount", title="Won by month", key="won"),
        metric.split("stage", OPEN, title="Open by stage", key="stages", windowed=metric.all_time, where=("outcome", "open")),
        metric.split("partner_name", OPEN, title="Open by partner", key="partners", windowed=metric.all_time, where=("outcome", "open")),
        deals.deals_of_week,
        deals.deals_stalled,
    ),
)  # fmt: skip
