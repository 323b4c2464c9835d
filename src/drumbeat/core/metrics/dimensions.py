"""What figures may be split by, and over which rows each dimension is known."""

from __future__ import annotations

from dataclasses import dataclass

from .metric import (
    BEGUN,
    CELLS,
    CHANNEL,
    DEALS,
    FORECAST,
    FUNDS,
    INFLUENCE,
    LABELS,
    LIFE,
    PROMISES,
    SALES,
    WINDOWS,
    WORK,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Dimension:
    """`is_period` dimensions part time; `is_number` ones are written as numbers."""

    name: str
    meaning: str
    bases: tuple[str, ...]
    is_period: bool = False
    is_number: bool = False


_OF_RETURN = (PROMISES, WORK, INFLUENCE, FUNDS, BEGUN, FORECAST)
_TIMED = (SALES, LIFE, DEALS, *_OF_RETURN)
OF_PARTNERS = (SALES, LIFE, CHANNEL, DEALS, *_OF_RETURN)
_OF_SELLER = (SALES, WINDOWS, LABELS, DEALS)
_ALL = (
    Dimension("year", "calendar year", _TIMED, is_period=True, is_number=True),
    Dimension("quarter", "calendar quarter, 2012Q4", _TIMED, is_period=True),
    Dimension("month", "calendar month, 2012-12", _TIMED, is_period=True),
    Dimension(
        "fiscal_year",
        "fiscal year by --fiscal-start and --fiscal-named, else the vendor's",
        (SALES,),
        is_period=True,
        is_number=True,
    ),
    Dimension(
        "fiscal_quarter", "quarter of the fiscal year, 1 to 4", (SALES,), is_period=True, is_number=True
    ),
    Dimension("fiscal_month", "month of the fiscal year, 1 to 12", (SALES,), is_period=True, is_number=True),
    Dimension(
        "published_fiscal_year", "fiscal year as the loaded calendar names the day", (SALES,), True, True
    ),
    Dimension(
        "published_fiscal_quarter",
        "fiscal quarter as the loaded calendar names the day",
        (SALES,),
        True,
        True,
    ),
    Dimension("window", "windows given by --windows", (SALES, LIFE), True),
    Dimension("partner", "external id of the partner, else its key", OF_PARTNERS),
    Dimension("partner_name", "name of the partner", OF_PARTNERS),
    Dimension("type", "partner type: var, msp, …", OF_PARTNERS),
    Dimension("business_type", "what its source calls the partner's kind, else the type", OF_PARTNERS),
    Dimension("tier", "tier of the partner", OF_PARTNERS),
    Dimension("partner_country", "ISO country of the partner", OF_PARTNERS),
    Dimension(
        "channel_manager",
        "who looked after the partner on the day; now, where rows have no day",
        (SALES, CHANNEL),
    ),
    Dimension(
        "owner",
        "seller of the partner's latest order before --until (ties: order number, line)",
        (SALES, CHANNEL),
    ),
    Dimension("owner_name", "name of the owner", (SALES, CHANNEL)),
    Dimension(
        "dormancy", "days from the last line to the as-of day: 0-90, 91-180, 181-365, 366+, never", (CHANNEL,)
    ),
    Dimension("seller", "key of the person who sold", _OF_SELLER),
    Dimension("seller_name", "name of the person who sold", _OF_SELLER),
    Dimension("office", "office of the person who sold", _OF_SELLER),
    Dimension("manager", "key of the person who leads the seller", _OF_SELLER),
    Dimension("manager_name", "name of the person who leads the seller", _OF_SELLER),
    Dimension("window_from", "day on which the quota begins", (WINDOWS,)),
    Dimension("window_until", "day on which the person's next quota begins; empty: open", (WINDOWS,)),
    Dimension("label", "the source's label of the quota, or the calendar quarter of the lines", (LABELS,)),
    Dimension("territory_group", "group of the line's territory", (SALES,)),
    Dimension("territory_country", "country of the line's territory", (SALES,)),
    Dimension("territory_region", "region of the line's territory", (SALES,)),
    Dimension("category", "product category", (SALES, DEALS)),
    Dimension("subcategory", "product subcategory", (SALES,)),
    Dimension("product", "product number", (SALES, DEALS)),
    Dimension("product_name", "product name", (SALES, DEALS)),
    Dimension("product_key", "key of the product's version", (SALES,)),
    Dimension("currency", "currency of the line", (SALES, DEALS)),
    Dimension("stage", "stage in the source's words, else open, won, lost", (DEALS,)),
    Dimension("outcome", "open, won or lost", (DEALS,)),
    Dimension("customer", "customer of the deal", (DEALS,)),
    Dimension("partner_territory", "key of the partner's own territory", (*_OF_RETURN, CELLS)),
    Dimension("person", "who owes the promise, or did the work", (PROMISES, WORK)),
    Dimension("role", "role of the person", (WORK,)),
    Dimension("routine", "routine of the promise or the work", (PROMISES, WORK)),
    Dimension("side", "vendor or partner: the side that owes", (PROMISES,)),
    Dimension("kept_through", "person, meeting or machine", (PROMISES,)),
    Dimension("activity", "what fund money was for", (FUNDS,)),
    Dimension("vertical", "industry of the cell", (CELLS,)),
    Dimension("capability", "capability of the cell", (CELLS,)),
)
DIMENSIONS = {dimension.name: dimension for dimension in _ALL}
RANK = "rank"
