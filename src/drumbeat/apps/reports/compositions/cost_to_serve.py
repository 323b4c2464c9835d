"""What partners take: hours and money given to each, by routine and by person, beside what they sold."""

from drumbeat.apps.reports.composition import CHANNEL, PERSON, Composition
from drumbeat.apps.reports.periods import last_quarter
from drumbeat.apps.reports.sections import metric

GIVEN = ("attention_hours", "hours_only_planned", "direct_cost", "cost_to_serve")

COMPOSITION = Composition(
    name="Cost to serve",
    purpose="What partners take: hours and money given to each, by routine and by person, beside what they sold.",
    title="Cost to serve of {subject}, {period}",
    period=last_quarter,
    subjects=(CHANNEL, PERSON),
    for_partners=False,
    sections=(
        metric.told("attention_hours", "Staff gave {value} hours in {window}"),
        metric.standing((metric.in_period, GIVEN), (metric.in_year, GIVEN[-1:]), title="What was given", key="standing"),
        metric.by_month("attention_hours", title="Hours by month", key="months"),
        metric.split("partner_name", ("attention_hours", "cost_to_serve", "sell_through"), title="By partner, twelve months", key="partners", windowed=metric.in_year, top=25),
        metric.split("routine", ("attention_hours", "cost_to_serve"), title="By routine, twelve months", key="routines", windowed=metric.in_year),
        metric.split("person", ("attention_hours", "cost_to_serve"), title="By person, twelve months", key="people", windowed=metric.in_year),
    ),
)  # fmt: skip
