"""SQL of the metrics of promises, cost and return: what was kept on time, hours and money given to partners, what came of
partners' acts and of fund money, how partners begin, forecasts, and cells of the market that are covered."""

from __future__ import annotations

from .statements import OF_DAY, OF_PARTNER, PARTNER_JOIN, Base, Expression

_IN_WINDOW = "(%(from)s::date IS NULL OR {day} >= %(from)s) AND {day} < %(until)s"
PERSON_JOIN = {"person": "LEFT JOIN people_account person ON person.id = s.person_id"}
OF_PERSON: dict[str, Expression] = {"person": ("person.name", ("person",))}
TERRITORY: dict[str, Expression] = {"partner_territory": ("territory.key", ("partner", "territory"))}
TERRITORY_JOIN = {
    "territory": "LEFT JOIN partners_territory territory ON territory.id = partner.territory_id"
}
OF_PARTNER_AND_TERRITORY = {**OF_PARTNER, **TERRITORY}
PARTNER_AND_TERRITORY = {**PARTNER_JOIN, **TERRITORY_JOIN}

# One row a promise and side that it counts for: of both sides, and broken, for the side named as cause. Days are UTC's, as
# everywhere in the ledger.
_DUE = "(standing.due_at AT TIME ZONE 'UTC')::date"
_JUDGED = "count(*) FILTER (WHERE outcome IN ('kept', 'late', 'missed') OR (outcome IS NULL AND is_past))"
PROMISES = Base(
    source=f"""(SELECT standing.partner_id, standing.person_id, promise.routine, promise.kept_through, side.name AS side,
            {_DUE} AS sold_on, CASE WHEN standing.outcome_at < %(as_of)s THEN standing.outcome END AS outcome,
            standing.deadline_at < %(as_of)s AS is_past, standing.due_at, standing.outcome_at, standing.promise_id
        FROM ledger_standing standing JOIN ledger_promise promise ON promise.id = standing.promise_id
        JOIN (VALUES ('vendor'), ('partner')) AS side (name) ON side.name = CASE WHEN promise.owing = 'team' THEN 'vendor'
            WHEN promise.owing <> 'both' THEN promise.owing
            WHEN standing.outcome IN ('late', 'missed') AND standing.cause <> '' THEN standing.cause ELSE side.name END
        WHERE {_IN_WINDOW.format(day=_DUE)}) s""",
    columns="s.outcome, s.is_past",
    joins={**PARTNER_AND_TERRITORY, **PERSON_JOIN},
    dimensions={
        **OF_DAY,
        **OF_PARTNER_AND_TERRITORY,
        **OF_PERSON,
        "side": ("s.side", ()),
        "routine": ("nullif(s.routine, '')", ()),
        "kept_through": ("s.kept_through", ()),
    },
    metrics={
        "promises_judged": _JUDGED,
        "promises_kept": "count(*) FILTER (WHERE outcome = 'kept')",
        "promises_late": "count(*) FILTER (WHERE outcome = 'late')",
        "promises_missed": "count(*) FILTER (WHERE outcome = 'missed')",
        "promises_waived": "count(*) FILTER (WHERE outcome = 'waived')",
        "promises_overdue": "count(*) FILTER (WHERE outcome IS NULL AND is_past)",
        "on_time_rate": f"100.0 * count(*) FILTER (WHERE outcome = 'kept') / nullif({_JUDGED}, 0)",
        "miss_rate": f"100.0 * count(*) FILTER (WHERE outcome = 'missed') / nullif({_JUDGED}, 0)",
        "waiver_rate": "100.0 * count(*) FILTER (WHERE outcome = 'waived') / nullif(count(*) FILTER (WHERE outcome IS NOT NULL "
        "OR is_past), 0)",
    },
    rows="""coalesce(partner.external_id, partner.key) AS partner, s.promise_id AS promise, s.side, s.routine, s.due_at, s.outcome,
        s.outcome_at, s.is_past""",
)

# Steps that people did, with what an hour of their role cost that day; and money spent directly.
_DONE = "(step.done_at AT TIME ZONE %(zone)s)::date"
WORK = Base(
    source=f"""(SELECT subscription.partner_id, coalesce(step.done_by_id, step.assignee_id) AS person_id, routine.key AS routine,
            {_DONE} AS sold_on, coalesce(step.minutes, playbook.minutes)::numeric AS minutes, step.minutes IS NULL AS is_planned,
            0::numeric AS spent, playbook.title AS what
        FROM routines_step step JOIN routines_occurrence occurrence ON occurrence.id = step.occurrence_id
        JOIN routines_subscription subscription ON subscription.id = occurrence.subscription_id
        JOIN routines_routine routine ON routine.id = subscription.routine_id
        JOIN routines_playbookstep playbook ON playbook.id = step.playbook_step_id
        WHERE step.state = 'done' AND NOT step.is_machine AND step.side <> 'partner' AND {_IN_WINDOW.format(day=_DONE)}
        UNION ALL
        SELECT partner_id, NULL, NULL, "on", 0, false, amount, what FROM figures_cost
        WHERE {_IN_WINDOW.format(day='"on"')}) s""",
    columns="s.minutes, s.is_planned, s.spent",
    joins={
        **PARTNER_AND_TERRITORY,
        **PERSON_JOIN,
        "hour": """LEFT JOIN LATERAL (SELECT amount FROM figures_hourlycost WHERE role = person.role AND from_on <= s.sold_on
            ORDER BY from_on DESC LIMIT 1) hour ON true""",
    },
    dimensions={
        **OF_DAY,
        **OF_PARTNER_AND_TERRITORY,
        **OF_PERSON,
        "role": ("person.role", ("person",)),
        "routine": ("s.routine", ()),
    },
    extras={"hourly": ("hour.amount", ("person", "hour"))},
    metrics={
        "attention_hours": "coalesce(sum(minutes), 0) / 60",
        "hours_only_planned": "100 * coalesce(sum(minutes) FILTER (WHERE is_planned), 0) / nullif(sum(minutes), 0)",
        "direct_cost": "coalesce(sum(spent), 0)",
        "cost_to_serve": "CASE WHEN count(*) FILTER (WHERE minutes > 0 AND hourly IS NULL) = 0 "
        "THEN coalesce(sum(minutes * hourly) FILTER (WHERE minutes > 0), 0) / 60 + coalesce(sum(spent), 0) END",
    },
    rows="""coalesce(partner.external_id, partner.key) AS partner, s.sold_on AS "on", s.what, person.name AS person, s.routine,
        s.minutes, s.is_planned, s.spent""",
)

# The parts of won deals that partners' acts had a hand in; a deal that a partner brought is not among them.
_WON = """deals_deal won JOIN LATERAL (SELECT (won.closed_at AT TIME ZONE %(zone)s)::date AS on) closed ON won.stage = 'won'"""
BROUGHT = """deal.partner_id IS NOT NULL AND NOT EXISTS (SELECT FROM deals_deal own WHERE own.partner_id IS NULL
    AND own.customer = deal.customer AND own.product_id IS NOT DISTINCT FROM deal.product_id AND own.submitted_at <= deal.submitted_at)"""
INFLUENCE = Base(
    source=f"""(SELECT shared.partner_id, closed.on AS sold_on, won.amount / count(*) OVER (PARTITION BY won.id) AS amount,
            won.customer, won.external_id
        FROM {_WON} JOIN LATERAL (SELECT DISTINCT partner_id FROM figures_act act WHERE act.deal_id = won.id
            AND act.on <= closed.on AND act.on > closed.on - 180) shared ON true
        WHERE NOT ({BROUGHT.replace("deal.", "won.")}) AND {_IN_WINDOW.format(day="closed.on")}) s""",
    columns="s.amount",
    joins=PARTNER_AND_TERRITORY,
    dimensions={**OF_DAY, **OF_PARTNER_AND_TERRITORY},
    metrics={"influenced_revenue": "coalesce(sum(amount), 0)"},
    rows="coalesce(partner.external_id, partner.key) AS partner, s.external_id AS deal, s.customer, s.sold_on AS won_on, s.amount",
)

# Fund money, and what deals brought in that an act ties to a fund's activity, won within 180 days of the act.
FUNDS = Base(
    source=f"""(SELECT partner_id, "on" AS sold_on, state, amount, 0::numeric AS returned, activity FROM figures_fund
        WHERE {_IN_WINDOW.format(day='"on"')}
        UNION ALL
        SELECT tied.partner_id, closed.on, 'won', 0, won.amount / count(*) OVER (PARTITION BY won.id), tied.activity
        FROM {_WON} JOIN LATERAL (SELECT DISTINCT act.partner_id, act.activity FROM figures_act act
            JOIN figures_fund fund ON fund.activity = act.activity AND fund.partner_id = act.partner_id
            WHERE act.deal_id = won.id AND act.activity <> '' AND closed.on >= act.on AND closed.on < act.on + 180) tied ON true
        WHERE {_IN_WINDOW.format(day="closed.on")}) s""",
    columns="s.state, s.amount, s.returned",
    joins=PARTNER_AND_TERRITORY,
    dimensions={**OF_DAY, **OF_PARTNER_AND_TERRITORY, "activity": ("nullif(s.activity, '')", ())},
    metrics={
        "fund_granted": "coalesce(sum(amount) FILTER (WHERE state = 'granted'), 0)",
        "fund_paid": "coalesce(sum(amount) FILTER (WHERE state = 'paid'), 0)",
        "fund_utilisation": "100 * coalesce(sum(amount) FILTER (WHERE state IN ('reserved', 'payable', 'paid')), 0) / "
        "nullif(sum(amount) FILTER (WHERE state = 'granted'), 0)",
        "fund_spent": "100 * coalesce(sum(amount) FILTER (WHERE state = 'paid'), 0) / "
        "nullif(sum(amount) FILTER (WHERE state = 'granted'), 0)",
        "fund_expiry": "100 * coalesce(sum(amount) FILTER (WHERE state = 'expired'), 0) / "
        "nullif(sum(amount) FILTER (WHERE state = 'granted'), 0)",
        "fund_revenue": "coalesce(sum(returned), 0)",
        "fund_multiple": "sum(returned) / nullif(sum(amount) FILTER (WHERE state = 'paid'), 0)",
    },
    rows='coalesce(partner.external_id, partner.key) AS partner, s.sold_on AS "on", s.state, s.activity, s.amount, s.returned',
)

# Partners by the day they joined, with the days to their first deal; those without one wait on.
BEGUN = Base(
    source=f"""(SELECT partner.id AS partner_id, partner.joined_on AS sold_on, first.on - partner.joined_on AS days,
            %(as_of)s::date - partner.joined_on AS age
        FROM partners_partner partner LEFT JOIN LATERAL (
            SELECT min((deal.submitted_at AT TIME ZONE %(zone)s)::date) AS on FROM deals_deal deal
            WHERE deal.partner_id = partner.id AND (deal.submitted_at AT TIME ZONE %(zone)s)::date >= partner.joined_on
              AND (deal.submitted_at AT TIME ZONE %(zone)s)::date < %(as_of)s) first ON true
        WHERE partner.merged_into_id IS NULL AND partner.joined_on < %(as_of)s AND {_IN_WINDOW.format(day="partner.joined_on")}) s""",
    columns="s.days, s.age",
    joins=PARTNER_AND_TERRITORY,
    dimensions={**OF_DAY, **OF_PARTNER_AND_TERRITORY},
    metrics={
        "joined_partners": "count(*)",
        "activation_rate": "100.0 * count(*) FILTER (WHERE age >= 90 AND days <= 90) / nullif(count(*) FILTER (WHERE age >= 90), 0)",
        "time_to_first_deal": "array_agg(coalesce(days, -1 - age))",
    },
    rows="coalesce(partner.external_id, partner.key) AS partner, partner.name, s.sold_on AS joined_on, s.days AS days_to_first_deal, s.age",
)

FORECAST = Base(
    source=f"""(SELECT forecast.partner_id, forecast.month AS sold_on, forecast.amount AS forecast, coalesce(sold.amount, 0) AS actual
        FROM figures_forecast forecast LEFT JOIN (
            SELECT partner_id, date_trunc('month', sold_on)::date AS month, sum(amount) AS amount FROM sales_sale
            WHERE sold_on < %(until)s AND {{known}} GROUP BY 1, 2) sold
          ON sold.partner_id = forecast.partner_id AND sold.month = forecast.month
        WHERE {_IN_WINDOW.format(day="forecast.month")}) s""",
    columns="s.forecast, s.actual",
    joins=PARTNER_AND_TERRITORY,
    dimensions={**OF_DAY, **OF_PARTNER_AND_TERRITORY},
    metrics={
        "forecast": "coalesce(sum(forecast), 0)",
        "forecast_error": "100 * sum(abs(forecast - actual)) / nullif(sum(actual), 0)",
        "forecast_bias": "100 * (sum(forecast) - sum(actual)) / nullif(sum(actual), 0)",
    },
    rows="coalesce(partner.external_id, partner.key) AS partner, s.sold_on AS month, s.forecast, s.actual",
)

CELLS = Base(
    source="""(SELECT cell.id, territory.key AS territory, cell.vertical, cell.capability, able.partners FROM figures_cell cell
        JOIN partners_territory territory ON territory.id = cell.territory_id
        LEFT JOIN LATERAL (SELECT count(*) AS partners FROM partners_partner partner
            JOIN partners_fact verticals ON verticals.partner_id = partner.id AND verticals.name = 'partner.verticals'
            JOIN partners_fact capabilities ON capabilities.partner_id = partner.id AND capabilities.name = 'partner.capabilities'
            WHERE partner.territory_id = cell.territory_id AND partner.status = 'active' AND partner.merged_into_id IS NULL
              AND verticals.value ? cell.vertical AND capabilities.value ? cell.capability) able ON true) s""",
    columns="s.partners",
    dimensions={
        "partner_territory": ("s.territory", ()),
        "vertical": ("s.vertical", ()),
        "capability": ("s.capability", ()),
    },
    metrics={
        "cells": "count(*)",
        "cells_covered": "count(*) FILTER (WHERE partners > 0)",
        "coverage": "100.0 * count(*) FILTER (WHERE partners > 0) / nullif(count(*), 0)",
        "able_partners": "coalesce(sum(partners), 0)::bigint",
    },
    rows="s.territory, s.vertical, s.capability, s.partners",
)
BASES_OF_RETURN = {
    "promises": PROMISES,
    "work": WORK,
    "influence": INFLUENCE,
    "funds": FUNDS,
    "begun": BEGUN,
    "forecast": FORECAST,
    "cells": CELLS,
}
