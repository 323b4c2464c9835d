"""Which report is made of what: a title, a rule for its period, and its sections in order. Adding a report is adding
a line here and to the playbook's vocabulary."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .periods import PeriodRule, last_month, last_quarter, now, this_week
from .scope import Scope
from .sections import deals, gaps, mails, promises, record, sales, summary, unit, work
from .sections.shapes import Section

Builder = Callable[[Scope], Section | list[Section]]


@dataclass(frozen=True, slots=True)
class Composition:
    """`title` takes {subject} and {period}."""

    title: str
    period: PeriodRule
    sections: tuple[Builder, ...]


COMPOSITIONS = {
    "partner-scorecard": Composition(
        "{period} for {subject}",
        last_month,
        (
            summary.summary,
            sales.sales_bars,
            summary.standing,
            record.record_lines,
            promises.strips_of_both,
            promises.open_promises,
            promises.coming,
        ),
    ),
    "quarter-pack": Composition(
        "Review of {period}: {subject}",
        last_quarter,
        (
            summary.summary,
            promises.strips_of_both,
            promises.open_promises,
            summary.standing,
            sales.sales_bars_of_two_years,
            deals.deals_open,
            deals.deals_of_period,
            record.record_lines,
            summary.agenda_of_review,
            promises.coming,
        ),
    ),
    "quarter-digest": Composition(
        "{period} for {subject}, on one page",
        last_quarter,
        (summary.summary, sales.sales_bars, summary.standing, promises.strips_of_both),
    ),
    "agenda": Composition(
        "Agenda for {subject}, {period}",
        now,
        (
            summary.summary_of_promises,
            summary.agenda_of_call,
            promises.open_promises,
            deals.deals_of_week,
            promises.strips_of_both,
            promises.coming,
        ),
    ),
    "plan-now-next": Composition(
        "Then, now, next: {subject}, {period}",
        last_month,
        (
            summary.summary,
            sales.sales_bars,
            deals.deals_of_period,
            promises.open_promises,
            deals.deals_open,
            promises.coming,
        ),
    ),
    "unit-review": Composition(
        "The business unit of {subject}, {period}",
        last_month,
        (
            summary.summary,
            sales.sales_bars,
            summary.standing,
            unit.partners_to_decide_on,
            record.record_lines,
            work.load_bars,
            promises.coming,
        ),
    ),
    "deals-moved": Composition(
        "Deals that moved: {subject}, {period}",
        this_week,
        (summary.summary_of_deals, summary.standing_of_deals, deals.deals_of_week, deals.deals_stalled),
    ),
    "today-list": Composition("The day of {subject}, {period}", now, (work.day_sections,)),
    "coaching": Composition(
        "Record and load of {subject}, {period}",
        now,
        (
            summary.summary_of_work,
            promises.strip_of_person,
            record.record_lines,
            work.load_bars,
            record.record_by_routine,
            promises.open_promises,
        ),
    ),
    "data-gaps": Composition("Gaps in the records of {subject}, {period}", now, (gaps.gap_sections,)),
    "newsletter-results": Composition("Letters of {subject}, {period}", now, (mails.letter_sections,)),
}
