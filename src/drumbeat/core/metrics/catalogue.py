"""The metric catalogue: each metric with its definition in words, formula, unit, window, grain, what zero and missing mean,
owner and version. A change of meaning is a new version."""

from __future__ import annotations

from .metric import CHANNEL, DEALS, LABELS, LIFE, SALES, WHOLE, WINDOWS, Metric
from .returns import RETURNS


def _sales(
    name: str, title: str, definition: str, formula: str, unit: str, *more: str, **told: str
) -> Metric:
    return Metric(name, title, definition, formula, unit, (SALES, *more), **told)  # type: ignore[arg-type]


def _life(name: str, title: str, definition: str, formula: str) -> Metric:
    return Metric(
        name, title, definition, formula, "count", (LIFE,), window="each period that the window touches",
        grain="partner and period", missing="partners who joined after the period aren't in it",
    )  # fmt: skip


def _channel(name: str, title: str, definition: str, formula: str) -> Metric:
    return Metric(
        name, title, definition, formula, "count", (CHANNEL,), window="lines before --until", grain="partner"
    )


def _deals(
    name: str, title: str, definition: str, formula: str, unit: str = "count", missing: str = ""
) -> Metric:
    return Metric(
        name, title, definition, formula, unit, (DEALS,), window="days of closing; without a window, all deals",
        grain="deal", zero="no deals: 0", missing=missing or "open deals have no day of closing and lie outside any window",
    )  # fmt: skip


def _whole(name: str, title: str, definition: str, formula: str) -> Metric:
    return Metric(
        name, title, definition, formula, "count", (WHOLE,), window="rows before --until", grain="the whole channel",
        zero="none: 0", missing="empty cells aren't counted",
    )  # fmt: skip


_ALL = (
    _sales("lines", "Lines", "Lines of sell-through", "count(lines)", "count"),
    _sales("orders", "Orders", "Different orders", "count(distinct partner and order number)", "count"),
    _sales("units", "Units", "Pieces sold", "Σ quantity", "units"),
    _sales(
        "sell_through", "Sell-through", "What partners sold, in the vendor's currency; returns are negative", "Σ amount",
        "money", WINDOWS, LABELS,
    ),
    _sales("product_cost", "Product cost", "Cost of what was sold, as the lines say it", "Σ cost", "money"),
    _sales("tax", "Tax", "Tax of the lines", "Σ tax", "money"),
    _sales("freight", "Freight", "Freight of the lines", "Σ freight", "money"),
    _sales("margin", "Margin", "Sell-through above cost, over lines that say their cost", "Σ (amount − cost)", "money"),
    _sales("margin_rate", "Margin rate", "Margin as a share of sell-through, over lines that say their cost", "100 × margin ÷ Σ amount", "%", zero="nothing sold: n/a"),
    _sales("share", "Share", "Part of the sell-through of its period", "100 × sell_through ÷ sell_through of the period", "%", zero="nothing sold in the period: n/a"),
    _sales("active_partners", "Active partners", "Partners with at least one line in the period", "count(distinct partner)", "count", LIFE),
    _sales("active_partner_keys", "Active partners by key", "The keys of active partners, in order", "keys of active_partners", "keys"),
    _sales("active_sellers", "Active sellers", "People named in lines", "count(distinct seller)", "count"),
    _sales("products_sold", "Products sold", "Versions of products named in lines", "count(distinct product)", "count"),
    _sales("sold_by_owner", "Sold by the owner", "Sell-through of lines whose seller now owns the partner", "Σ amount where seller = owner", "money"),
    _sales("lines_below_cost", "Lines below cost", "Lines whose amount is less than their cost", "count(lines, amount < cost)", "count"),
    _sales("lines_outside_territory", "Lines outside the territory", "Lines sold in another territory than the seller's own", "count(lines, territory ≠ territory of the seller)", "count", missing="lines or sellers without territory aren't counted"),
    _sales("sell_through_last_quarter", "Last quarter", "Sell-through of the last full calendar quarter before the as-of day", "Σ amount, last full quarter", "money", window="relative to --as-of"),
    _sales("sell_through_quarter_before", "Quarter before", "Sell-through of the quarter before the last full one", "Σ amount, quarter before", "money", window="relative to --as-of"),
    _sales("sell_through_quarter_year_ago", "Quarter a year ago", "Sell-through of the last full quarter's quarter a year before", "Σ amount, a year before", "money", window="relative to --as-of"),
    _sales("sell_through_year_change", "Change on a year ago", "Last full quarter less the same quarter a year before", "sell_through_last_quarter − sell_through_quarter_year_ago", "money", window="relative to --as-of"),
    _sales("sell_through_12m", "Twelve months", "Sell-through of the twelve months before the as-of day", "Σ amount, 12 months", "money", window="relative to --as-of"),
    _sales("growth_12m", "Growth, twelve months", "Twelve months against the twelve before", "100 × (12 months ÷ 12 months before − 1)", "%", zero="nothing a year before: n/a, new", window="relative to --as-of"),
    _life("inactive_partners", "Inactive partners", "Partners without a line in the period", "partners − active_partners"),
    _life("first_partners", "First-time partners", "Partners whose first line ever lies in the period", "count(partners, first line in period)"),
    _life("reactivated_partners", "Reactivated partners", "Active now, not in the period before, but earlier", "count(partners, active ∧ ¬ active before ∧ earlier)"),
    _life("lapsed_partners", "Lapsed partners", "Active in the period before, not in this one", "count(partners, active before ∧ ¬ active)"),
    _channel("partners", "Partners", "Partners in the list, merged ones once", "count(partners)"),
    _sales("leverage", "Leverage", "Sell-through of a channel manager's time, each manager counted once", "sell_through ÷ count(distinct channel manager of the day)", "money", zero="nobody looks after the partners: n/a", missing="partners without a manager are in the sum, not in the count"),
    _channel("partners_per_manager", "Partners per manager", "Partners looked after by one channel manager", "count(partners with a manager) ÷ count(distinct manager)"),
    _channel("partners_without_lines", "Partners without lines", "Partners who never had a line", "count(partners, no line)"),
    Metric("quota", "Quota", "What sellers are asked to sell in windows that begin in the asked time", "Σ quota", "money", (WINDOWS,), window="windows that begin from --from to before --until; each holds until the same person's next", grain="seller and quota window", zero="no quota: no row", missing="a window without a next quota is open and ends with --until"),
    Metric("quota_attainment", "Quota attainment", "Sell-through that the seller sold in the quota's window, as a share of the quota", "100 × Σ sell_through ÷ Σ quota", "%", (WINDOWS,), window="as quota", grain="seller and quota window", zero="quota 0: n/a", missing="as quota"),
    Metric("label_quota", "Quota by label", "Quotas by the label that the source gave them. A trap: labels double some quarters", "Σ quota of the label", "money", (LABELS,), window="labels of quarters in the window", grain="seller and label", zero="no quota of the label: n/a", missing="n/a"),
    Metric("label_quota_rows", "Quotas of a label", "How many quotas bear the label", "count(quotas of the label)", "count", (LABELS,), window="labels of quarters in the window", grain="seller and label"),
    Metric("label_attainment", "Attainment by label", "Sell-through of the calendar quarter against quotas of that label. A trap: use quota_attainment", "100 × sell_through ÷ label_quota", "%", (LABELS,), window="labels of quarters in the window", grain="seller and label", zero="no quota of the label: n/a", missing="n/a"),
    _deals("deals", "Deals", "Deals in any stage", "count(deals)"),
    _deals("deals_open", "Open deals", "Deals neither won nor lost", "count(deals, open)"),
    _deals("deals_won", "Won deals", "Deals that were won", "count(deals, won)"),
    _deals("deals_lost", "Lost deals", "Deals that were lost", "count(deals, lost)"),
    _deals("won_amount", "Won", "Amount of won deals", "Σ amount, won", "money"),
    _deals("pipeline_open", "Open pipeline", "Amount of open deals", "Σ amount, open", "money", "an amount that nobody told is 0"),
    _deals("win_rate", "Win rate", "Won deals as a share of closed ones", "100 × won ÷ (won + lost)", "%", "nothing closed: n/a; below 5 closed it is thin"),
    _deals("average_deal", "Average deal", "Mean amount of won deals", "won_amount ÷ deals_won", "money", "nothing won: n/a"),
    _deals("days_to_close", "Days to close", "Mean days from beginning to closing, won and lost", "mean(closed − began)", "days", "deals without a beginning aren't in it"),
    _deals("cycle", "Cycle", "Median days from beginning to winning", "median(closed − began), won", "days", "nothing won: n/a"),
    _deals("sourced_revenue", "Sourced by partners", "Won deals that a partner brought: no deal of the vendor's own for the same customer and product was there before", "Σ amount, won, brought by the partner", "money", "a deal without customer counts by its product alone"),
    _deals("sourced_share", "Share sourced", "Sourced revenue as a share of all that was won", "100 × sourced_revenue ÷ won_amount", "%", "nothing won: n/a"),
    _deals("open_deals_without_customer", "Open deals without customer", "Open deals that name no customer", "count(open deals, customer empty)"),
    _deals("deals_respelled", "Deals with a respelled product", "Deals whose source spells the product otherwise than the product list", "count(deals, product as written ≠ name)"),
    _whole("partner_names_used_twice", "Names used twice", "Names that several partners bear", "count(names, > 1 partner)"),
    _whole("phones_shared", "Shared phones", "Phone numbers that several partners have", "count(phones, > 1 partner)"),
    _whole("addresses_not_ascii", "Foreign letters in addresses", "Partners whose address has letters outside ASCII; look whether they were lost in an encoding", "count(partners, address not ASCII)"),
    _whole("partners_of_several_sellers", "Partners of several sellers", "Partners whose lines name more than one seller", "count(partners, > 1 seller)"),
    _whole("product_numbers_with_versions", "Products in versions", "Product numbers with several versions", "count(numbers, > 1 version)"),
    _whole("quota_labels_used_twice", "Quota labels used twice", "Person and label with several quotas", "count(person and label, > 1 quota)"),
    _whole("territories_named_na", "Territories named NA", "Territories whose region is literally NA", "count(territories, region = 'NA')"),
)  # fmt: skip
METRICS = {metric.name: metric for metric in (*_ALL, *RETURNS)}
