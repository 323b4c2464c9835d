"""The channel as a business unit: what it brought, what it cost, what is left, and how each manager runs his part."""

from drumbeat.apps.reports.composition import CHANNEL, Composition
from drumbeat.apps.reports.periods import last_month
from drumbeat.apps.reports.sections import business, metric, record, sales, unit

PEOPLE = ("leverage",)
WORK = ("attention_hours", "direct_cost", "fund_utilisation")
LIFE = ("active_partners", "inactive_partners")
DEALS = ("won_amount", "sourced_revenue", "sourced_share", "win_rate", "cycle")

COMPOSITION = Composition(
    name="Director's business review",
    purpose="The channel as a business unit: what it brought, what it cost, what is left, and how each manager runs his part.",
    title="Business review of {subject}, {period}",
    period=last_month,
    subjects=(CHANNEL,),
    for_partners=False,
    sections=(
        business.summary_of_business,
        business.profit_and_loss,
        sales.sales_bars_of_two_years,
        business.managers,
        metric.standing(
            (metric.in_year, PEOPLE), (metric.in_year, WORK), (metric.in_year, LIFE), (metric.in_year, DEALS),
            title="What drives it, beside the year before", key="drivers", against=metric.year_before,
        ),
        metric.split("tier", ("sell_through", "share"), title="Sell-through by tier, twelve months", key="tiers", windowed=metric.in_year),
        metric.split("partner_name", ("sell_through", "share"), title="The ten largest partners, twelve months", key="largest", windowed=metric.in_year, top=10),
        record.record_lines,
        unit.partners_to_decide_on,
    ),
)  # fmt: skip
