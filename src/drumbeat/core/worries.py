"""When a partner is dormant, at risk or silent, by the facts. Who is told of it is decided elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

DORMANT_AFTER_SALE, DORMANT_AFTER_DEAL = 180, 90
SILENT_AFTER = 60  # days without two-way contact
HEALTH_FALL, FEW_ON_TIME, LOW_PULSE = -15.0, 0.7, 4

Facts = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Sight:
    """What no fact tells. `days_since_deal` is None where no deal ever moved; `has_sales` says whether the house knows
    any sales at all; `has_leader_left` whether a principal or sales lead left in the last 90 days."""

    days_since_deal: int | None
    has_sales: bool
    has_leader_left: bool


def is_dormant(facts: Facts, sight: Sight) -> bool:
    """No sale for 180 days and no deal moved for 90, of one who has been there longer than 180. Where nobody enters
    sales, nobody can be called dormant."""
    joined = _number(facts, "partner.days_in_program")
    sold = _number(facts, "partner.days_since_sale")
    has_not_sold = sold > DORMANT_AFTER_SALE if sold is not None else sight.has_sales
    has_no_deal = sight.days_since_deal is None or sight.days_since_deal > DORMANT_AFTER_DEAL
    return has_not_sold and has_no_deal and joined is not None and joined > DORMANT_AFTER_SALE


def is_at_risk(facts: Facts, sight: Sight) -> bool:
    """The health score fell by 15, less than 70 % of our promises were kept on time, someone who leads there left and
    nobody holds the role, or the last pulse was 4 or less."""
    fall = _number(facts, "partner.health_change_90d")
    on_time = _number(facts, "partner.on_time_vendor_12m")
    pulse = _number(facts, "partner.pulse_last")
    is_headless = sight.has_leader_left and not (
        facts.get("partner.has_principal") and facts.get("partner.has_sales_lead")
    )
    return (
        (fall is not None and fall <= HEALTH_FALL)
        or (on_time is not None and on_time < FEW_ON_TIME)
        or (pulse is not None and pulse <= LOW_PULSE)
        or is_headless
    )


def is_silent(facts: Facts) -> bool:
    """No two-way contact for 60 days; a meeting counts where no other contact is known."""
    days = _number(facts, "partner.days_since_contact")
    if days is None:
        days = _number(facts, "partner.days_since_meeting")
    return days is not None and days >= SILENT_AFTER


def _number(facts: Facts, name: str) -> float | None:
    value = facts.get(name)
    return None if value is None else float(value)  # type: ignore[arg-type]
