"""SQL of the metrics that aren't about lines alone: quotas by window and by label, deals, and counts over whole lists."""

from __future__ import annotations

from .bases_of_return import BASES_OF_RETURN, BROUGHT
from .statements import (
    CHANNEL,
    LIFE,
    OF_DAY,
    OF_PARTNER,
    OF_SELLER,
    PARTNER_JOIN,
    SALES,
    SELLER_JOINS,
    Base,
)

WINDOWS = Base(
    source="""(SELECT q.seller_id, q.from_on, q.until_on, q.amount AS quota, q.label, coalesce(sum(sale.amount), 0) AS amount
        FROM (SELECT *, lead(from_on) OVER (PARTITION BY seller_id ORDER BY from_on) AS until_on FROM sales_quota
            WHERE from_on < %(until)s) q
        LEFT JOIN sales_sale sale ON sale.seller_id = q.seller_id AND sale.sold_on >= q.from_on AND sale.sold_on < %(until)s
            AND (q.until_on IS NULL OR sale.sold_on < q.until_on) AND {known}
        WHERE %(from)s::date IS NULL OR q.from_on >= %(from)s
        GROUP BY q.id, q.seller_id, q.from_on, q.until_on, q.amount, q.label) s""",
    columns="s.quota, s.amount",
    joins=SELLER_JOINS,
    dimensions={
        **OF_SELLER,
        "window_from": ("s.from_on", ()),
        "window_until": ("s.until_on", ()),
    },
    metrics={
        "quota": "sum(quota)",
        "sell_through": "sum(amount)",
        "quota_attainment": "100 * sum(amount) / nullif(sum(quota), 0)",
    },
    rows="seller.key AS seller, s.from_on AS window_from, s.until_on AS window_until, s.label, s.quota, s.amount AS sell_through",
)
LABELS = Base(
    source="""(SELECT coalesce(q.seller_id, l.seller_id) AS seller_id, coalesce(q.label, l.label) AS label, q.quota,
            coalesce(q.rows, 0) AS rows, coalesce(l.amount, 0) AS amount
        FROM (SELECT seller_id, label, sum(amount) AS quota, count(*) AS rows FROM sales_quota
            WHERE (%(from)s::date IS NULL OR label >= to_char(%(from)s::date, 'YYYY"Q"Q')) AND label <= to_char(%(until)s::date - 1, 'YYYY"Q"Q')
            GROUP BY seller_id, label) q
        FULL JOIN (SELECT seller_id, to_char(sold_on, 'YYYY"Q"Q') AS label, sum(amount) AS amount FROM sales_sale
            WHERE seller_id IS NOT NULL AND (%(from)s::date IS NULL OR sold_on >= %(from)s) AND sold_on < %(until)s AND {known}
            GROUP BY 1, 2) l ON l.seller_id = q.seller_id AND l.label = q.label) s""",
    columns="s.quota, s.rows, s.amount",
    joins=SELLER_JOINS,
    dimensions={**OF_SELLER, "label": ("s.label", ())},
    metrics={
        "label_quota": "sum(quota)",
        "label_quota_rows": "sum(rows)",
        "sell_through": "sum(amount)",
        "label_attainment": "100 * sum(amount) / nullif(sum(quota), 0)",
    },
    rows="seller.key AS seller, s.label, s.quota, s.rows, s.amount AS sell_through",
)
DEALS = Base(
    source="""(SELECT d.*, (d.closed_at AT TIME ZONE %(zone)s)::date AS sold_on,
            CASE WHEN d.closed_at IS NOT NULL THEN (d.closed_at AT TIME ZONE %(zone)s)::date - (d.submitted_at AT TIME ZONE %(zone)s)::date END AS days
        FROM deals_deal d
        WHERE NOT %(is_windowed)s OR (d.closed_at IS NOT NULL AND (d.closed_at AT TIME ZONE %(zone)s)::date < %(until)s
            AND (%(from)s::date IS NULL OR (d.closed_at AT TIME ZONE %(zone)s)::date >= %(from)s))) s""",
    columns="s.stage, s.amount, s.days, s.customer",
    joins={
        **PARTNER_JOIN,
        **SELLER_JOINS,
        "product": "LEFT JOIN sales_product product ON product.id = s.product_id",
    },
    dimensions={
        **OF_DAY,
        **OF_PARTNER,
        **OF_SELLER,
        "category": ("product.category", ("product",)),
        "product": ("product.number", ("product",)),
        "product_name": ("product.name", ("product",)),
        "currency": ("s.currency", ()),
        "stage": ("coalesce(nullif(s.stage_as_written, ''), s.stage)", ()),
        "outcome": ("s.stage", ()),
        "customer": ("nullif(s.customer, '')", ()),
    },
    extras={
        "is_respelled": ("s.product_as_written <> '' AND s.product_as_written <> product.name", ("product",)),
        "is_brought": (BROUGHT.replace("deal.", "s."), ()),
    },
    metrics={
        "deals": "count(*)",
        "deals_open": "count(*) FILTER (WHERE stage = 'open')",
        "deals_won": "count(*) FILTER (WHERE stage = 'won')",
        "deals_lost": "count(*) FILTER (WHERE stage = 'lost')",
        "won_amount": "coalesce(sum(amount) FILTER (WHERE stage = 'won'), 0)",
        "pipeline_open": "coalesce(sum(amount) FILTER (WHERE stage = 'open'), 0)",
        "win_rate": "100.0 * count(*) FILTER (WHERE stage = 'won') / nullif(count(*) FILTER (WHERE stage <> 'open'), 0)",
        "average_deal": "avg(amount) FILTER (WHERE stage = 'won')",
        "days_to_close": "avg(days)",
        "cycle": "percentile_cont(0.5) WITHIN GROUP (ORDER BY days) FILTER (WHERE stage = 'won')",
        "sourced_revenue": "coalesce(sum(amount) FILTER (WHERE stage = 'won' AND is_brought), 0)",
        "sourced_share": "100.0 * coalesce(sum(amount) FILTER (WHERE stage = 'won' AND is_brought), 0) / "
        "nullif(sum(amount) FILTER (WHERE stage = 'won'), 0)",
        "open_deals_without_customer": "count(*) FILTER (WHERE stage = 'open' AND customer = '')",
        "deals_respelled": "count(*) FILTER (WHERE is_respelled)",
    },
    rows="s.external_id, s.customer, s.stage, s.stage_as_written, s.amount, s.currency, seller.key AS seller, product.name AS product, s.sold_on AS closed_on",
)


def _several(what: str, source: str) -> str:
    return f"(SELECT count(*) FROM (SELECT 1 FROM {source} GROUP BY {what} HAVING count(*) > 1) found)"


WHOLE = Base(
    source="(SELECT 1) s",
    columns="1 AS one",
    dimensions={},
    metrics={
        "partner_names_used_twice": _several("name", "partners_partner WHERE merged_into_id IS NULL"),
        "phones_shared": _several("phone", "partners_partner WHERE merged_into_id IS NULL AND phone <> ''"),
        "addresses_not_ascii": "(SELECT count(*) FROM partners_partner WHERE address ~ '[^\\x01-\\x7f]')",
        "partners_of_several_sellers": """(SELECT count(*) FROM (SELECT 1 FROM sales_sale
            WHERE sold_on < %(until)s AND {known} GROUP BY partner_id HAVING count(DISTINCT seller_id) > 1) found)""",
        "product_numbers_with_versions": _several("number", "sales_product"),
        "quota_labels_used_twice": _several(
            "seller_id, label", "sales_quota WHERE label <> '' AND from_on < %(until)s"
        ),
        "territories_named_na": "(SELECT count(*) FROM sales_salesterritory WHERE region = 'NA')",
    },
)
BASES = {
    "sales": SALES,
    "life": LIFE,
    "windows": WINDOWS,
    "labels": LABELS,
    "channel": CHANNEL,
    "deals": DEALS,
    "whole": WHOLE,
    **BASES_OF_RETURN,
}
