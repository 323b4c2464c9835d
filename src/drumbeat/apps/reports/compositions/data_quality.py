"""Whether figures can be trusted: gaps in the records, doubtful names, lines that don't fit."""

from drumbeat.apps.reports.composition import CHANNEL, Composition
from drumbeat.apps.reports.periods import last_month
from drumbeat.apps.reports.sections import gaps, metric

DOUBTS = (
    "partner_names_used_twice",
    "phones_shared",
    "addresses_not_ascii",
    "partners_of_several_sellers",
    "product_numbers_with_versions",
    "quota_labels_used_twice",
)
LINES = ("lines", "lines_below_cost", "lines_outside_territory")
DEALS = ("open_deals_without_customer", "deals_respelled")

COMPOSITION = Composition(
    name="Data quality",
    purpose="Whether figures can be trusted: gaps in the records, doubtful names, lines that don't fit.",
    title="Data quality of {subject}, {period}",
    period=last_month,
    subjects=(CHANNEL,),
    for_partners=False,
    sections=(
        gaps.gap_sections,
        metric.standing(
            (metric.in_year, LINES),
            (metric.all_time, DEALS),
            title="Lines and deals that don't fit",
            key="lines",
        ),
        metric.standing((metric.all_time, DOUBTS), title="Names and numbers to look at", key="doubts"),
    ),
)
