"""What may be loaded, kind by kind: the fields of a row, what they are, and where they go. Says nothing of files."""

from __future__ import annotations

from .kinds_of_returns import KINDS_OF_RETURNS
from .shapes import Check, Column, Field, FieldType, Kind


def _needed(name: str, type_: FieldType = "text", longest: int = 160) -> Field:
    return Field(name, type_, True, longest)


def _text(name: str, field: str = "", longest: int = 160) -> Column:
    return Column(name, field or name, f"coalesce(left(s.{field or name}, {longest}), '')")


TERRITORIES = Kind(
    "territories",
    "Where lines are sold: regions in countries in groups.",
    (
        _needed("key", longest=64),
        _needed("region", longest=80),
        Field("country", longest=80),
        Field("group", longest=80),
    ),
    table="sales_salesterritory",
    key=("key",),
    columns=(
        Column("key", "key", "s.key"),
        Column("region", "region", "s.region"),
        _text("country", longest=80),
        Column('"group"', "group", "coalesce(s.\"group\", '')"),
    ),
)
PRODUCTS = Kind(
    "products",
    "Products, each version with its key, by the catalogue's number.",
    (
        _needed("key", longest=64), Field("number", longest=64), _needed("name"), Field("category", longest=80),
        Field("subcategory", longest=80), Field("cost", "money"), Field("list_price", "money"), Field("from_on", "day"),
    ),
    table="sales_product",
    key=("key",),
    columns=(
        Column("key", "key", "s.key"),
        Column("number", "number", "coalesce(s.number, s.key)"),
        Column("name", "name", "s.name"),
        _text("category", longest=80),
        _text("subcategory", longest=80),
        Column("cost", "cost", "s.cost::numeric"),
        Column("list_price", "list_price", "s.list_price::numeric"),
        Column("from_on", "from_on", "s.from_on::date"),
    ),
)  # fmt: skip
PEOPLE = Kind(
    "people",
    "People who sell, and who leads them.",
    (
        _needed("key", longest=64), _needed("name", longest=120), Field("email", longest=254), Field("title", longest=120),
        Field("office", longest=80), Field("manager", longest=64), Field("territory", longest=64),
    ),
    table="sales_seller",
    key=("key",),
    columns=(
        Column("key", "key", "s.key"),
        Column("name", "name", "s.name"),
        _text("email", longest=254),
        _text("title", longest=120),
        _text("office", longest=80),
        _text("manager_key", "manager", 64),
        Column("territory_id", "territory", "territory.id"),
    ),
    joins="LEFT JOIN sales_salesterritory territory ON territory.key = s.territory",
    checks=(
        Check(
            "territory", "s.territory IS NOT NULL AND territory.id IS NULL", "There is no territory {value}",
            "Load the territories first, or correct the cell",
        ),
        Check("manager", "s.manager = s.key", "{value} can't lead himself", "Leave the cell empty"),
    ),
)  # fmt: skip
_NO_SELLER = Check(
    "seller",
    "s.seller IS NOT NULL AND seller.id IS NULL",
    "There is no person {value}",
    "Load the people first, or correct the cell",
)
QUOTAS = Kind(
    "quotas",
    "What people are asked to sell: a quota holds from its day until the same person's next.",
    (
        _needed("seller", longest=64),
        _needed("from_on", "day"),
        _needed("amount", "money"),
        Field("label", longest=20),
    ),
    table="sales_quota",
    key=("seller_id", "from_on"),
    columns=(
        Column("seller_id", "seller", "seller.id"),
        Column("from_on", "from_on", "s.from_on::date"),
        Column("amount", "amount", "s.amount::numeric(18,4)"),
        _text("label", longest=20),
    ),
    joins="LEFT JOIN sales_seller seller ON seller.key = s.seller",
    checks=(_NO_SELLER,),
)
RATES = Kind(
    "rates",
    "What one unit of a currency was worth in the vendor's, day by day.",
    (_needed("currency", longest=3), _needed("on", "day"), _needed("rate", "rate")),
    table="sales_rate",
    key=("currency", '"on"'),
    columns=(
        Column("currency", "currency", "s.currency"),
        Column('"on"', "on", 's."on"::date'),
        Column("rate", "rate", "s.rate::numeric(30,18)"),
    ),
    checks=(
        Check("rate", "s.rate::numeric <= 0", "A rate is above zero, not {value}", "Correct the cell"),
        Check(
            "currency",
            "s.currency !~ '^[A-Z]{3}$'",
            "{value} is no currency",
            "Write three capital letters such as EUR",
        ),
    ),
)
CALENDAR = Kind(
    "calendar",
    "The fiscal year and quarter of each day, as the company publishes them.",
    (_needed("on", "day"), _needed("fiscal_year", "whole"), _needed("fiscal_quarter", "whole")),
    table="sales_fiscalday",
    key=('"on"',),
    columns=(
        Column('"on"', "on", 's."on"::date'),
        Column("fiscal_year", "fiscal_year", "s.fiscal_year::int"),
        Column("fiscal_quarter", "fiscal_quarter", "s.fiscal_quarter::smallint"),
    ),
    checks=(
        Check(
            "fiscal_quarter",
            "s.fiscal_quarter::int NOT BETWEEN 1 AND 4",
            "There is no quarter {value}",
            "Write 1 to 4",
        ),
    ),
)
DEALS = Kind(
    "deals",
    "Deals of partners, or of the vendor's own people, with their stage.",
    (
        _needed("external_id", longest=64), Field("partner", longest=64), Field("customer"), Field("amount", "money"),
        _needed("currency", longest=3), _needed("stage"), Field("stage_as_written", longest=40), Field("seller", longest=64),
        Field("product", longest=64), Field("product_as_written"), Field("submitted_on", "day"), Field("closed_on", "day"),
    ),
    table="deals_deal",
    key=("external_id",),
    columns=(
        Column("external_id", "external_id", "s.external_id"),
        Column("partner_id", "partner", "coalesce(partner.merged_into_id, partner.id)"),
        _text("customer"),
        Column("amount", "amount", "coalesce(s.amount::numeric(14,2), 0)"),
        Column("currency", "currency", "s.currency"),
        Column("stage", "stage", "s.stage"),
        _text("stage_as_written", longest=40),
        Column("seller_id", "seller", "seller.id"),
        Column("product_id", "product", "product.id"),
        _text("product_as_written"),
        Column("submitted_at", "submitted_on", "s.submitted_on::timestamp AT TIME ZONE %(zone)s", "%(at)s"),
        Column("closed_at", "closed_on", "s.closed_on::timestamp AT TIME ZONE %(zone)s"),
        Column(
            "moved_at", "closed_on", "coalesce(s.closed_on, s.submitted_on)::timestamp AT TIME ZONE %(zone)s", "%(at)s"
        ),
    ),
    joins="""LEFT JOIN partners_partner partner ON partner.external_id = s.partner
        LEFT JOIN sales_seller seller ON seller.key = s.seller
        LEFT JOIN sales_product product ON product.key = s.product""",
    checks=(
        _NO_SELLER,
        Check("partner", "s.partner IS NOT NULL AND partner.id IS NULL", "There is no partner {value}", "Load the partners first, or correct the cell"),
        Check("product", "s.product IS NOT NULL AND product.id IS NULL", "There is no product {value}", "Respell it in the mapping, or load the products first"),
        Check("stage", "s.stage NOT IN ('open', 'won', 'lost')", "{value} is no stage", "Map it to open, won or lost"),
        Check("closed_on", "s.stage IN ('won', 'lost') AND s.closed_on IS NULL", "A closed deal says when", "Give the day"),
        Check("closed_on", "s.closed_on::date < s.submitted_on::date", "It closed before it began ({value})", "Correct the days"),
        Check("amount", "s.amount::numeric NOT BETWEEN 0 AND 1e11", "{value} is no amount of a deal", "Correct the cell"),
        Check("currency", "s.currency <> %(currency)s", "Deals are counted in the vendor's currency, not in {value}", "Convert them first"),
    ),
)  # fmt: skip
LINES = Kind(
    "lines",
    "Lines of sell-through: what partners sold, by order and line.",
    (
        _needed("partner", longest=64), _needed("order", longest=64), _needed("line", "whole"), _needed("sold_on", "day"),
        _needed("quantity", "money"), _needed("amount", "money"), _needed("currency", longest=3), Field("seller", longest=64),
        Field("territory", longest=64), Field("product", longest=64), Field("number", longest=64), Field("cost", "money"),
        Field("tax", "money"), Field("freight", "money"), Field("due_on", "day"), Field("shipped_on", "day"),
    ),
)  # fmt: skip
KINDS = {
    kind.noun: kind
    for kind in (TERRITORIES, PRODUCTS, PEOPLE, QUOTAS, RATES, CALENDAR, DEALS, LINES, *KINDS_OF_RETURNS)
}
