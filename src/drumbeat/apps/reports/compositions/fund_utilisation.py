"""Marketing funds: what was granted, used, paid and lost, what came back, and where money waits."""

from drumbeat.apps.reports.composition import EVERY, Composition
from drumbeat.apps.reports.periods import last_quarter
from drumbeat.apps.reports.sections import facts, metric

MONEY = (
    "fund_granted",
    "fund_paid",
    "fund_utilisation",
    "fund_spent",
    "fund_expiry",
    "fund_revenue",
    "fund_multiple",
)
USED = ("fund_granted", "fund_paid", "fund_utilisation")
WAITS = (
    facts.Told("fund_available", "to use", facts.MONEY),
    facts.Told("fund_expiring_30d", "lapses in 30 days", facts.MONEY),
    facts.Told("claims_open", "open claims"),
)
EMPTY = "No fund rows are known: `drumbeat intake` loads them as funds (granted, reserved, payable, paid, expired)."

COMPOSITION = Composition(
    name="Fund utilisation",
    purpose="Marketing funds: what was granted, used, paid and lost, what came back, and where money waits.",
    title="Marketing funds of {subject}, {period}",
    period=last_quarter,
    subjects=EVERY,
    for_partners=True,
    sections=(
        metric.told("fund_granted", "{value} of marketing funds were granted in {window}"),
        metric.standing((metric.in_period, MONEY), (metric.in_year, MONEY[:3]), title="What became of it", key="standing"),
        metric.split("partner_name", USED, title="By partner, twelve months", key="partners", windowed=metric.in_year, top=25, empty=EMPTY),
        metric.split("activity", ("fund_granted", "fund_paid", "fund_revenue"), title="By activity, twelve months", key="activities", windowed=metric.in_year, empty=EMPTY),
        facts.by_partner(WAITS, title="Money that waits", key="waits"),
    ),
)  # fmt: skip
