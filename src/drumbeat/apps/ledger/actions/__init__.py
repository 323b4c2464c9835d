"""The verbs of the ledger: one file a family."""

from .asking import ask_release, decide_ask, withdraw_ask
from .committing import (
    acknowledge_commitment,
    agree_to_date,
    decline_commitment,
    give_chase,
    keep_commitment,
    propose_commitment,
    question_commitment,
    withdraw_commitment,
)
from .keeping_book import make_months, rebuild_ledger
from .settling import (
    Settlement,
    correct_promises,
    keep_promises,
    miss_overdue,
    miss_promises,
    redate_promise,
    rest_promises,
    resume_promises,
    settle_promises,
    waive_promise,
    waive_promises,
)

__all__ = [
    "Settlement",
    "acknowledge_commitment",
    "agree_to_date",
    "ask_release",
    "correct_promises",
    "decide_ask",
    "decline_commitment",
    "give_chase",
    "keep_commitment",
    "keep_promises",
    "make_months",
    "miss_overdue",
    "miss_promises",
    "propose_commitment",
    "question_commitment",
    "rebuild_ledger",
    "redate_promise",
    "rest_promises",
    "resume_promises",
    "settle_promises",
    "waive_promise",
    "waive_promises",
    "withdraw_ask",
    "withdraw_commitment",
]
