"""SQL of the metrics: the rows of each base with their joins, one expression for each dimension and metric. The only place
where figures are computed. `%(name)s` are values of a question; nothing else varies.

Of a base: FROM over rows `s`; JOINS by name, put in only where an expression needs them; DIMENSIONS and EXTRAS as
(expression, joins); METRICS as aggregates over the columns of BASE_COLUMNS, of extras and of dimensions.
"""

from __future__ import annotations

from dataclasses import dataclass, field

Expression = tuple[str, tuple[str, ...]]
PERIODS = "unnest(%(period_labels)s::text[], %(period_from)s::date[], %(period_until)s::date[]) AS period(label, from_on, until_on)"
FISCAL = (
    "LEFT JOIN unnest(%(fiscal_from)s::date[], %(fiscal_until)s::date[], %(fiscal_year)s::int[], %(fiscal_month)s::int[]) "
    "AS fiscal(from_on, until_on, year, month) ON s.sold_on >= fiscal.from_on AND s.sold_on < fiscal.until_on"
)
OWNERS = """LEFT JOIN (
    SELECT DISTINCT ON (partner_id) partner_id, seller_id FROM sales_sale
    WHERE is_line AND seller_id IS NOT NULL AND sold_on < %(until)s AND {known}
    ORDER BY partner_id, sold_on DESC, order_number DESC, line_number DESC) owned ON owned.partner_id = {partner}
  LEFT JOIN sales_seller owner ON owner.id = owned.seller_id"""
KNOWN_NOW = "replaced_at IS NULL"
KNOWN_THEN = "loaded_at <= %(known_at)s AND (replaced_at IS NULL OR replaced_at > %(known_at)s)"

OF_PARTNER: dict[str, Expression] = {
    "partner": ("coalesce(partner.external_id, partner.key)", ("partner",)),
    "partner_name": ("partner.name", ("partner",)),
    "type": ("partner.type", ("partner",)),
    "business_type": ("coalesce(nullif(partner.business_type, ''), partner.type)", ("partner",)),
    "tier": ("partner.tier", ("partner",)),
    "partner_country": ("partner.country", ("partner",)),
}
OF_SELLER: dict[str, Expression] = {
    "seller": ("seller.key", ("seller",)),
    "seller_name": ("seller.name", ("seller",)),
    "office": ("seller.office", ("seller",)),
    "manager": ("nullif(seller.manager_key, '')", ("seller",)),
    "manager_name": ("coalesce(manager.name, nullif(seller.manager_key, ''))", ("seller", "manager")),
}
SELLER_JOINS = {
    "seller": "LEFT JOIN sales_seller seller ON seller.id = s.seller_id",
    "manager": "LEFT JOIN sales_seller manager ON manager.key = seller.manager_key",
}
PARTNER_JOIN = {"partner": "LEFT JOIN partners_partner partner ON partner.id = s.partner_id"}
OWNER: dict[str, Expression] = {"owner": ("owner.key", ("owner",)), "owner_name": ("owner.name", ("owner",))}
OF_DAY: dict[str, Expression] = {
    "year": ("extract(year FROM s.sold_on)::int", ()),
    "quarter": ("to_char(s.sold_on, 'YYYY\"Q\"Q')", ()),
    "month": ("to_char(s.sold_on, 'YYYY-MM')", ()),
}
OF_PERIOD = dict.fromkeys(("year", "quarter", "month", "window"), ("s.period", ()))


@dataclass(frozen=True, slots=True)
class Base:
    source: str
    columns: str
    dimensions: dict[str, Expression]
    metrics: dict[str, str]
    joins: dict[str, str] = field(default_factory=dict)
    extras: dict[str, Expression] = field(default_factory=dict)
    rows: str = "s.*"


_QUARTER = "date_trunc('quarter', %(as_of)s::date)"


def _between(back_from: str, back_until: str) -> str:
    return f"coalesce(sum(amount) FILTER (WHERE sold_on >= {_QUARTER} - interval '{back_from}' AND sold_on < {_QUARTER} - interval '{back_until}'), 0)"


_LAST, _BEFORE, _YEAR_AGO = (
    _between("3 months", "0"),
    _between("6 months", "3 months"),
    _between("15 months", "12 months"),
)
_YEAR = "coalesce(sum(amount) FILTER (WHERE sold_on >= %(as_of)s::date - interval '12 months' AND sold_on < %(as_of)s), 0)"
_YEAR_BEFORE = "sum(amount) FILTER (WHERE sold_on >= %(as_of)s::date - interval '24 months' AND sold_on < %(as_of)s::date - interval '12 months')"

SALES = Base(
    source="(SELECT * FROM sales_sale WHERE (%(from)s::date IS NULL OR sold_on >= %(from)s) AND sold_on < %(until)s AND {known}) s",
    columns="s.partner_id, s.seller_id, s.product_id, s.order_number, s.sold_on, s.quantity, s.amount, s.cost, s.tax, s.freight, s.is_line",
    joins={
        **PARTNER_JOIN,
        **SELLER_JOINS,
        "territory": "LEFT JOIN sales_salesterritory territory ON territory.id = s.territory_id",
        "product": "LEFT JOIN sales_product product ON product.id = s.product_id",
        "owner": OWNERS.replace("{partner}", "s.partner_id"),
        "fiscal": FISCAL,
        "published": "LEFT JOIN sales_fiscalday published ON published.on = s.sold_on",
        "window": f"JOIN {PERIODS} ON s.sold_on >= period.from_on AND s.sold_on < period.until_on",
        "assigned": """LEFT JOIN partners_assignment assigned ON assigned.partner_id = s.partner_id AND assigned.from_on <= s.sold_on
            AND (assigned.until_on IS NULL OR assigned.until_on > s.sold_on)
            LEFT JOIN people_account channel_manager ON channel_manager.id = assigned.person_id""",
        "load": "LEFT JOIN intake_load load ON load.id = s.load_id",
    },
    dimensions={
        **OF_DAY,
        **OF_PARTNER,
        **OF_SELLER,
        **OWNER,
        "fiscal_year": ("fiscal.year", ("fiscal",)),
        "fiscal_quarter": ("(fiscal.month + 2) / 3", ("fiscal",)),
        "fiscal_month": ("fiscal.month", ("fiscal",)),
        "published_fiscal_year": ("published.fiscal_year", ("published",)),
        "published_fiscal_quarter": ("published.fiscal_quarter", ("published",)),
        "window": ("period.label", ("window",)),
        "channel_manager": ("channel_manager.name", ("assigned",)),
        "territory_group": ("territory.group", ("territory",)),
        "territory_country": ("territory.country", ("territory",)),
        "territory_region": ("territory.region", ("territory",)),
        "category": ("product.category", ("product",)),
        "subcategory": ("product.subcategory", ("product",)),
        "product": ("product.number", ("product",)),
        "product_name": ("product.name", ("product",)),
        "product_key": ("product.key", ("product",)),
        "currency": ("s.currency", ()),
    },
    extras={
        "partner_key": ("coalesce(partner.external_id, partner.key)", ("partner",)),
        "is_by_owner": ("owned.seller_id = s.seller_id", ("owner",)),
        "is_outside": ("seller.territory_id <> s.territory_id", ("seller",)),
        "looked_after_by": ("assigned.person_id", ("assigned",)),
    },
    metrics={
        "lines": "count(*) FILTER (WHERE is_line)",
        "orders": "count(DISTINCT (partner_id, order_number)) FILTER (WHERE is_line)",
        "units": "coalesce(sum(quantity), 0)",
        "sell_through": "coalesce(sum(amount), 0)",
        "product_cost": "sum(cost)",
        "tax": "sum(tax)",
        "freight": "sum(freight)",
        "margin": "sum(amount - cost)",
        "margin_rate": "100 * sum(amount - cost) / nullif(sum(amount) FILTER (WHERE cost IS NOT NULL), 0)",
        "share": "100 * sum(amount) / nullif(sum(sum(amount)) OVER ({over}), 0)",
        "active_partners": "count(DISTINCT partner_id)",
        "active_partner_keys": "array_agg(DISTINCT partner_key ORDER BY partner_key)",
        "active_sellers": "count(DISTINCT seller_id)",
        "products_sold": "count(DISTINCT product_id)",
        "sold_by_owner": "coalesce(sum(amount) FILTER (WHERE is_by_owner), 0)",
        "lines_below_cost": "count(*) FILTER (WHERE is_line AND amount < cost)",
        "lines_outside_territory": "count(*) FILTER (WHERE is_line AND is_outside)",
        "leverage": "sum(amount) / nullif(count(DISTINCT looked_after_by), 0)",
        "sell_through_last_quarter": _LAST,
        "sell_through_quarter_before": _BEFORE,
        "sell_through_quarter_year_ago": _YEAR_AGO,
        "sell_through_year_change": f"{_LAST} - {_YEAR_AGO}",
        "sell_through_12m": _YEAR,
        "growth_12m": f"100 * ({_YEAR} / nullif(CASE WHEN {_YEAR_BEFORE} > 0 THEN {_YEAR_BEFORE} END, 0) - 1)",
    },
    rows="""coalesce(partner.external_id, partner.key) AS partner, s.order_number AS "order", s.line_number AS line,
        s.sold_on, seller.key AS seller, territory.region AS territory, product.number AS product, s.quantity, s.amount,
        s.currency, s.amount_in_currency, s.cost, load.file_name AS file""",
)
LIFE = Base(
    source=f"""(SELECT partner.id AS partner_id, period.label AS period, coalesce(sold.now, false) AS is_active,
            coalesce(sold.before, false) AS was_active, first.first_on, period.from_on, period.until_on
        FROM {PERIODS}
        JOIN partners_partner partner ON partner.merged_into_id IS NULL
         AND (partner.joined_on IS NULL OR partner.joined_on < period.until_on)
        LEFT JOIN (SELECT partner_id, min(first_on) AS first_on FROM {{sales}} sale WHERE sold_on < %(until)s
            GROUP BY partner_id) first ON first.partner_id = partner.id
        LEFT JOIN (SELECT sale.partner_id, p.from_on, bool_or(sale.sold_on >= p.from_on) AS now, bool_or(sale.sold_on < p.from_on) AS before
            FROM unnest(%(period_before)s::date[], %(period_from)s::date[], %(period_until)s::date[]) AS p(before_on, from_on, until_on)
            JOIN {{sales}} sale ON sale.sold_on >= p.before_on AND sale.sold_on < p.until_on AND sale.sold_on < %(until)s
            GROUP BY sale.partner_id, p.from_on) sold ON sold.partner_id = partner.id AND sold.from_on = period.from_on) s""",
    columns="s.is_active, s.was_active, s.first_on, s.from_on, s.until_on",
    joins=PARTNER_JOIN,
    dimensions={**OF_PARTNER, **OF_PERIOD},
    metrics={
        "active_partners": "count(*) FILTER (WHERE is_active)",
        "inactive_partners": "count(*) FILTER (WHERE NOT is_active)",
        "first_partners": "count(*) FILTER (WHERE first_on >= from_on AND first_on < until_on)",
        "reactivated_partners": "count(*) FILTER (WHERE is_active AND NOT was_active AND first_on < from_on)",
        "lapsed_partners": "count(*) FILTER (WHERE was_active AND NOT is_active)",
    },
    rows="coalesce(partner.external_id, partner.key) AS partner, partner.name, s.period, s.is_active, s.was_active, s.first_on",
)
CHANNEL = Base(
    source="""(SELECT p.id AS partner_id, last.last_on, %(as_of)s::date - last.last_on AS days FROM partners_partner p
        LEFT JOIN (SELECT partner_id, max(last_on) AS last_on FROM {sales} sale WHERE sold_on < %(until)s
            GROUP BY partner_id) last ON last.partner_id = p.id
        WHERE p.merged_into_id IS NULL AND (p.joined_on IS NULL OR p.joined_on < %(until)s)) s""",
    columns="s.last_on",
    joins={
        **PARTNER_JOIN,
        "owner": OWNERS.replace("{partner}", "s.partner_id"),
        "assigned": """LEFT JOIN partners_assignment assigned ON assigned.partner_id = s.partner_id AND assigned.from_on <= %(as_of)s
            AND (assigned.until_on IS NULL OR assigned.until_on > %(as_of)s)
            LEFT JOIN people_account channel_manager ON channel_manager.id = assigned.person_id""",
    },
    dimensions={
        **OF_PARTNER,
        **OWNER,
        "channel_manager": ("channel_manager.name", ("assigned",)),
        "dormancy": (
            "CASE WHEN s.days IS NULL THEN 'never' WHEN s.days <= 90 THEN '0-90' WHEN s.days <= 180 THEN '91-180' "
            "WHEN s.days <= 365 THEN '181-365' ELSE '366+' END",
            (),
        ),
    },
    extras={"looked_after_by": ("assigned.person_id", ("assigned",))},
    metrics={
        "partners": "count(*)",
        "partners_without_lines": "count(*) FILTER (WHERE last_on IS NULL)",
        "partners_per_manager": "count(looked_after_by)::numeric / nullif(count(DISTINCT looked_after_by), 0)",
    },
    rows="coalesce(partner.external_id, partner.key) AS partner, partner.name, s.last_on, s.days",
)

# The sums of the months instead of their lines: the same figures where a question asks for whole months by partner alone.
MONTHS = Base(
    source="""(SELECT * FROM {sales} sale WHERE (%(from)s::date IS NULL OR sold_on >= %(from)s) AND sold_on < %(until)s) s""",
    columns="s.partner_id, s.sold_on, s.amount, s.cost, s.costed",
    joins={name: SALES.joins[name] for name in ("partner", "assigned")},
    dimensions={**OF_DAY, **OF_PARTNER, "channel_manager": SALES.dimensions["channel_manager"]},
    extras={name: SALES.extras[name] for name in ("partner_key", "looked_after_by")},
    metrics={
        **{
            name: SALES.metrics[name]
            for name in (
                "sell_through", "product_cost", "share", "active_partners", "active_partner_keys", "leverage",
                "sell_through_last_quarter", "sell_through_quarter_before", "sell_through_quarter_year_ago",
                "sell_through_year_change", "sell_through_12m", "growth_12m",
            )
        },
        "margin": "sum(costed - cost)",
        "margin_rate": "100 * sum(costed - cost) / nullif(sum(costed), 0)",
    },
)  # fmt: skip
