# ruff: noqa: S608 - constants that only this file writes; nothing from outside is put into them
"""The views that may be read, each with its meaning and what it selects. No password, token, signed link, address of an
endpoint or text of a letter is in any of them; what isn't here can't be read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class View:
    name: str
    meaning: str
    select: str


_PARTNER = "partners_partner partner ON partner.id ="
_PERSON = "people_account person ON person.id ="
_LINE = """partner.key AS partner, line.order_number, line.line_number, line.sold_on, line.quantity, line.amount, line.currency,
    line.amount_in_currency, line.cost, line.tax, line.freight, product.number AS product, product.category, seller.key AS seller,
    territory.key AS territory, line.loaded_at"""
_OF_LINE = f"""FROM sales_line line JOIN {_PARTNER} line.partner_id LEFT JOIN sales_product product ON product.id = line.product_id
    LEFT JOIN sales_seller seller ON seller.id = line.seller_id
    LEFT JOIN sales_salesterritory territory ON territory.id = line.territory_id"""
VIEWS = (
    View("partners", "A row for each partner; `manager` looks after it now, `merged_into` is the partner it became part of", f"""
    SELECT partner.key, partner.external_id, partner.name, partner.type, partner.business_type, partner.status, partner.tier,
    partner.country, partner.subdivision, partner.city, partner.postal_code, territory.key AS territory, partner.joined_on,
    partner.gives_pos AS sends_sales_files, person.name AS manager, kept.key AS merged_into
    FROM partners_partner partner LEFT JOIN partners_territory territory ON territory.id = partner.territory_id
    LEFT JOIN partners_partner kept ON kept.id = partner.merged_into_id
    LEFT JOIN partners_assignment assigned ON assigned.partner_id = partner.id AND assigned.from_on <= current_date
      AND (assigned.until_on IS NULL OR assigned.until_on > current_date) LEFT JOIN {_PERSON} assigned.person_id"""),
    View("contacts", "People at partners; `left_on` is the day from which they aren't there any more", f"""
    SELECT contact.id, partner.key AS partner, contact.name, contact.email, contact.phone, contact.roles, contact.language,
    contact.joined_on, contact.left_on FROM partners_contact contact JOIN {_PARTNER} contact.partner_id"""),
    View("assignments", "Who looked after which partner, from a day until before another", f"""
    SELECT partner.key AS partner, person.name AS manager, assigned.from_on, assigned.until_on
    FROM partners_assignment assigned JOIN {_PARTNER} assigned.partner_id JOIN {_PERSON} assigned.person_id"""),
    View("facts", "Named values about partners, as JSON, as of a moment", f"""
    SELECT partner.key AS partner, fact.name, fact.value, fact.as_of, fact.source
    FROM partners_fact fact JOIN {_PARTNER} fact.partner_id"""),
    View("territories", "Sets of places given to one manager", "SELECT key, name FROM partners_territory"),
    View("staff", "Accounts of the vendor's people; whether and how they sign in isn't told", """
    SELECT name, email, role, country, zone, language, is_active FROM people_account"""),
    View("leaves", "Days on which somebody is away, until the day of return; the reason isn't told", f"""
    SELECT person.name AS person, leave.from_on, leave.until_on, leave.state
    FROM people_leave leave JOIN {_PERSON} leave.person_id"""),
    View("lines", "Lines that partners sold, as known now; amounts are in the vendor's currency", f"""
    SELECT {_LINE} {_OF_LINE} WHERE line.replaced_at IS NULL"""),
    View("line_history", "The same with what later files replaced, and when", f"SELECT {_LINE}, line.replaced_at {_OF_LINE}"),
    View("months", "Sell-through by partner and month, whether told by lines or as a sum", f"""
    SELECT partner.key AS partner, sold.month, sold.amount, sold.currency, sold.has_lines, sold.received_at
    FROM sales_sellthrough sold JOIN {_PARTNER} sold.partner_id"""),
    View("products", "Versions of products", "SELECT key, number, name, category, subcategory, cost, list_price, from_on FROM sales_product"),
    View("sellers", "People named in lines, quotas or deals as those who sold", """
    SELECT seller.key, seller.name, seller.title, seller.office, seller.manager_key, territory.key AS territory
    FROM sales_seller seller LEFT JOIN sales_salesterritory territory ON territory.id = seller.territory_id"""),
    View("quotas", "What sellers are asked to sell from a day until their next quota begins", """
    SELECT seller.key AS seller, quota.from_on, quota.amount, quota.label
    FROM sales_quota quota JOIN sales_seller seller ON seller.id = quota.seller_id"""),
    View("rates", "What a unit of a currency is worth in the vendor's, by day", 'SELECT currency, "on", rate FROM sales_rate'),
    View("deals", "Deals with their stage now", f"""
    SELECT deal.id, deal.external_id, partner.key AS partner, deal.customer, product.number AS product, seller.key AS seller,
    deal.amount, deal.currency, deal.stage, deal.stage_as_written, deal.submitted_at, deal.moved_at, deal.closed_at
    FROM deals_deal deal LEFT JOIN {_PARTNER} deal.partner_id LEFT JOIN sales_product product ON product.id = deal.product_id
    LEFT JOIN sales_seller seller ON seller.id = deal.seller_id"""),
    View("promises", "Promises with how they stand; without `outcome` they are open", f"""
    SELECT promise.id, promise.routine, promise.origin, promise.owing, promise.owed, promise.kept_through, promise.text,
    partner.key AS partner, person.name AS person, promise.promised_at, promise.original_due_at, standing.due_at,
    standing.deadline_at, standing.outcome, standing.outcome_at, standing.cause
    FROM ledger_promise promise JOIN ledger_standing standing ON standing.promise_id = promise.id
    LEFT JOIN {_PARTNER} standing.partner_id LEFT JOIN {_PERSON} standing.person_id"""),
    View("entries", "The ledger, line by line", """
    SELECT id, promise_id, kind, at, recorded_at, cause, reason, due_at FROM ledger_entry"""),
    View("commitments", "What somebody undertook, in a meeting or beside it", f"""
    SELECT done.id, done.text, done.measure, done.due_at, done.state, done.proposed_at, done.answered_at, done.promise_id,
    partner.key AS partner, person.name AS person
    FROM ledger_commitment done LEFT JOIN {_PARTNER} done.partner_id LEFT JOIN {_PERSON} done.person_id"""),
    View("routines", "Routines with the version in force", """
    SELECT routine.key, routine.title, routine.subject, routine.status, version.number AS version, version.owner, routine.review_on
    FROM routines_routine routine LEFT JOIN routines_version version ON version.id = routine.version_id"""),
    View("subscriptions", "Which partner or manager is on which routine", f"""
    SELECT subscription.id, routine.key AS routine, partner.key AS partner, person.name AS person, subscription.started_on,
    subscription.ended_on FROM routines_subscription subscription
    JOIN routines_routine routine ON routine.id = subscription.routine_id
    LEFT JOIN {_PARTNER} subscription.partner_id LEFT JOIN {_PERSON} subscription.person_id"""),
    View("occurrences", "Due dates of routines, opened", """
    SELECT occurrence.id, occurrence.subscription_id, occurrence.promise_id, occurrence.nominal_on, occurrence.due_at,
    occurrence.opened_at, occurrence.closed_at FROM routines_occurrence occurrence"""),
    View("steps", "What was to be done in occurrences, by whom, and what became of it", f"""
    SELECT step.id, step.occurrence_id, playbook.key AS step, playbook.title, step.kind, step.side, step.is_machine, step.state,
    person.name AS assignee, doer.name AS done_by, step.due_at, step.done_at, step.minutes, playbook.minutes AS planned_minutes
    FROM routines_step step JOIN routines_playbookstep playbook ON playbook.id = step.playbook_step_id
    LEFT JOIN {_PERSON} step.assignee_id LEFT JOIN people_account doer ON doer.id = step.done_by_id"""),
    View("meetings", "Meetings; what was said in them isn't told", f"""
    SELECT meeting.id, meeting.title, partner.key AS partner, person.name AS organiser, meeting.starts_at, meeting.minutes,
    meeting.zone, meeting.state, meeting.minutes_sent_at
    FROM meetings_meeting meeting LEFT JOIN {_PARTNER} meeting.partner_id LEFT JOIN {_PERSON} meeting.organiser_id"""),
    View("messages", "Letters and where each is; their texts hold signed links and aren't told", f"""
    SELECT message.id, partner.key AS partner, message.to_name, message.purpose, message.topic, message.language, message.state,
    message.written_at, message.sent_at, message.attempts FROM outbox_message message LEFT JOIN {_PARTNER} message.partner_id"""),
    View("editions", "Editions of reports that were kept", f"""
    SELECT edition.id, edition.report, edition.title, partner.key AS partner, person.name AS person, edition.period_from,
    edition.period_until, edition.built_at, edition.corrects_id
    FROM reports_edition edition LEFT JOIN {_PARTNER} edition.partner_id LEFT JOIN {_PERSON} edition.person_id"""),
    View("scores", "Scores of partners by scorecard and day", f"""
    SELECT card.key AS scorecard, partner.key AS partner, score."on", score.total, score.band, version.number AS version
    FROM scorecards_score score JOIN scorecards_scorecard card ON card.id = score.scorecard_id
    JOIN scorecards_version version ON version.id = score.version_id JOIN {_PARTNER} score.partner_id"""),
    View("funds", "Fund money by state: granted, reserved, payable, paid, expired", f"""
    SELECT fund.key, partner.key AS partner, fund."on", fund.state, fund.amount, fund.activity
    FROM figures_fund fund LEFT JOIN {_PARTNER} fund.partner_id"""),
    View("costs", "Money spent on partners directly", f"""
    SELECT cost.key, partner.key AS partner, cost."on", cost.amount, cost.what
    FROM figures_cost cost LEFT JOIN {_PARTNER} cost.partner_id"""),
    View("hourly_costs", "What an hour of a role costs, from a day", "SELECT role, from_on, amount FROM figures_hourlycost"),
    View("forecasts", "What was expected of a partner's month, as frozen before it", f"""
    SELECT partner.key AS partner, forecast.month, forecast.amount
    FROM figures_forecast forecast LEFT JOIN {_PARTNER} forecast.partner_id"""),
    View("acts", "What partners did for deals, and for which activity of a fund", f"""
    SELECT act.key, partner.key AS partner, act.deal_id, act."on", act.what, act.activity
    FROM figures_act act LEFT JOIN {_PARTNER} act.partner_id"""),
    View("loads", "Files that were loaded, and what they changed", f"""
    SELECT load.id, load.noun, load.file_name, load.loaded_at, person.name AS loaded_by, load.created, load.changed,
    load.unchanged, load.refused, load.warnings, load.undone_at FROM intake_load load LEFT JOIN {_PERSON} load.loaded_by_id"""),
)  # fmt: skip
