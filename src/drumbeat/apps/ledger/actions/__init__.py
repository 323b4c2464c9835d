"""The verbs of the ledger: one file a family."""

from .asking import ask_release, decide_ask, withdraw_ask
from .keeping_book import make_months, rebuild_ledger
from .settling import (
    correct_promises,
    keep_promises,
    miss_overdue,
    miss_promises,
    redate_promise,
    waive_promise,
    waive_promises,
)

__all__ = [
    "ask_release",
    "correct_promises",
    "decide_ask",
    "keep_promises",
    "make_months",
    "miss_overdue",
    "miss_promises",
    "rebuild_ledger",
    "redate_promise",
    "waive_promise",
    "waive_promises",
    "withdraw_ask",
]
