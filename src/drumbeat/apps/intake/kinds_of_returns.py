"""What may be loaded for cost and return: hours' costs, direct costs, fund money, acts of partners, forecasts, cells."""

from __future__ import annotations

from .shapes import Check, Column, Field, Kind

_PARTNER = "LEFT JOIN partners_partner partner ON partner.external_id = s.partner"
_KNOWN = Check(
    "partner",
    "partner.id IS NULL",
    "There is no partner {value}",
    "Load the partners first, or correct the cell",
)
_PARTNER_ID = Column("partner_id", "partner", "coalesce(partner.merged_into_id, partner.id)")
_KEY, _ON = Column("key", "key", "s.key"), Column('"on"', "on", 's."on"::date')
_AMOUNT = Column("amount", "amount", "s.amount::numeric(18,4)")
_MONEY = (Field("on", "day", True), Field("amount", "money", True))
_NOT_BELOW_ZERO = Check("amount", "s.amount::numeric < 0", "{value} is below zero", "Correct the cell")


def _key(name: str = "key") -> Field:
    return Field(name, is_needed=True, longest=64)


def _text(name: str, longest: int) -> Column:
    return Column(name, name, f"coalesce(left(s.{name}, {longest}), '')")


HOURS = Kind(
    "hours",
    "What an hour of a role costs, from a day on.",
    (
        Field("role", is_needed=True, longest=20),
        Field("from_on", "day", True),
        Field("amount", "money", True),
    ),
    table="figures_hourlycost",
    key=("role", "from_on"),
    columns=(Column("role", "role", "s.role"), Column("from_on", "from_on", "s.from_on::date"), _AMOUNT),
    checks=(
        _NOT_BELOW_ZERO,
        Check(
            "role",
            "s.role NOT IN ('channel_manager', 'director', 'partner_operations', 'administrator')",
            "{value} is no role",
            "Write channel_manager, director, partner_operations or administrator",
        ),
    ),
)
COSTS = Kind(
    "costs",
    "Direct costs of partners: travel, events, machines lent.",
    (_key(), _key("partner"), *_MONEY, Field("what", longest=80)),
    table="figures_cost",
    key=("key",),
    columns=(_KEY, _PARTNER_ID, _ON, _AMOUNT, _text("what", 80)),
    joins=_PARTNER,
    checks=(_KNOWN,),
)
FUNDS = Kind(
    "funds",
    "Fund money granted, reserved, payable, paid or expired.",
    (_key(), _key("partner"), Field("state", is_needed=True, longest=8), *_MONEY, Field("activity", longest=64)),
    table="figures_fund",
    key=("key",),
    columns=(_KEY, _PARTNER_ID, _ON, _AMOUNT, Column("state", "state", "s.state"), _text("activity", 64)),
    joins=_PARTNER,
    checks=(
        _KNOWN,
        _NOT_BELOW_ZERO,
        Check(
            "state",
            "s.state NOT IN ('granted', 'reserved', 'payable', 'paid', 'expired')",
            "{value} is no state of fund money",
            "Map it to granted, reserved, payable, paid or expired",
        ),
    ),
)  # fmt: skip
ACTS = Kind(
    "acts",
    "What partners did for deals.",
    (_key(), _key("deal"), _key("partner"), Field("on", "day", True), Field("what", longest=80), Field("activity", longest=64)),
    table="figures_act",
    key=("key",),
    columns=(_KEY, Column("deal_id", "deal", "deal.id"), _PARTNER_ID, _ON, _text("what", 80), _text("activity", 64)),
    joins=f"{_PARTNER} LEFT JOIN deals_deal deal ON deal.external_id = s.deal",
    checks=(
        _KNOWN,
        Check("deal", "deal.id IS NULL", "There is no deal {value}", "Load the deals first, or correct the cell"),
    ),
)  # fmt: skip
FORECASTS = Kind(
    "forecasts",
    "What partners were expected to sell, month by month, as frozen before.",
    (_key("partner"), Field("month", "day", True), Field("amount", "money", True)),
    table="figures_forecast",
    key=("partner_id", "month"),
    columns=(_PARTNER_ID, Column("month", "month", "date_trunc('month', s.month::date)::date"), _AMOUNT),
    joins=_PARTNER,
    checks=(_KNOWN, _NOT_BELOW_ZERO),
)
CELLS = Kind(
    "cells",
    "Where partners are wanted: territory, vertical and capability.",
    (Field("territory", is_needed=True, longest=48), _key("vertical"), _key("capability")),
    table="figures_cell",
    key=("territory_id", "vertical", "capability"),
    columns=(
        Column("territory_id", "territory", "territory.id"),
        Column("vertical", "vertical", "s.vertical"),
        Column("capability", "capability", "s.capability"),
    ),
    joins="LEFT JOIN partners_territory territory ON territory.key = s.territory",
    checks=(
        Check(
            "territory",
            "territory.id IS NULL",
            "There is no territory {value}",
            "Name the key of a territory of partners",
        ),
    ),
)
KINDS_OF_RETURNS = (HOURS, COSTS, FUNDS, ACTS, FORECASTS, CELLS)
