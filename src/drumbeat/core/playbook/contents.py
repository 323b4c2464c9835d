"""What meetings go through and what reports there are, by the keys that a routine names. How they are made is told elsewhere."""

# What meetings go through when nothing else is open; the points of both sides come on top.
AGENDAS = {
    "weekly-call": (
        "promises of last week, both sides",
        "deals that moved",
        "asks of each side",
        "new commitments",
    ),
    "plan-checkin": (
        "promises of last month, both sides",
        "plan against actual",
        "what to correct",
        "new commitments",
    ),
    "quarter-review": (
        "promises of last time, both sides",
        "results against plan",
        "pipeline: what must land",
        "enablement, certifications, funds",
        "market, product, what changes",
        "asks of each side",
        "new commitments read aloud, next date",
    ),
    "unit-review": (
        "results of the month",
        "partners that need a decision",
        "hours and balance",
        "decisions",
    ),
    "forecast": ("deals that moved", "commit and best case", "what must land this week"),
    "one-to-one": ("how it goes", "record and load", "the development step", "commitments of both"),
}

REPORTS = {
    "today-list": "what is overdue, due today and due this week",
    "agenda": "what is open on both sides",
    "plan-now-next": "the plan: then, now, next",
    "partner-scorecard": "a partner's month in figures",
    "unit-review": "a manager's business unit on one page",
    "quarter-pack": "the pages of a quarterly review",
    "quarter-digest": "a partner's quarter on one page",
    "deals-moved": "deals that moved since the last call",
    "newsletter-results": "clicks and answers of a letter",
    "data-gaps": "duplicates, bounces and gaps in the records",
    "partner-monthly": "a partner's month in full",
    "manager-weekly": "a manager's week",
    "business-review": "the channel as a business unit",
    "cost-to-serve": "what partners take, beside what they sell",
    "fund-utilisation": "what became of marketing funds",
    "pipeline-review": "what is open and what came of it",
    "on-time-record": "who kept what was promised",
    "inactive-partners": "who went quiet, and whom to call",
    "program-compliance": "which requirements are met",
    "certification-expiry": "certifications that end soon",
    "data-quality": "whether figures can be trusted",
    "coaching": "a manager's record, load and development step",
}

OWN_REPORT = "own-"  # so begin the keys of reports that were saved in this installation

# What may reach the people of a partner: a report about that partner which shows nothing but its own.
FOR_PARTNERS = frozenset(
    {
        "agenda",
        "certification-expiry",
        "fund-utilisation",
        "partner-monthly",
        "partner-scorecard",
        "plan-now-next",
        "quarter-digest",
        "quarter-pack",
    }
)
