"""The verbs of people: one file a family."""

from .accounts import (
    change_account,
    close_account,
    declare_company_day,
    open_account,
    reopen_account,
    set_fiscal_year,
    set_password,
    set_up_vendor,
    withdraw_company_day,
)
from .leaves import approve_leave, ask_leave, decline_leave, take_back_leave

__all__ = [
    "approve_leave",
    "ask_leave",
    "change_account",
    "close_account",
    "declare_company_day",
    "decline_leave",
    "open_account",
    "reopen_account",
    "set_fiscal_year",
    "set_password",
    "set_up_vendor",
    "take_back_leave",
    "withdraw_company_day",
]
