"""Who may do what to accounts and to the vendor. `None` stands for the machine or the operator, who may."""

from __future__ import annotations

from .models import Account, Role


def may_administer(person: Account | None) -> bool:
    """Accounts, the vendor's own row, company days."""
    return person is None or (person.is_active and person.has(Role.ADMINISTRATOR))


def may_change_account(person: Account | None, account: Account) -> bool:
    """Everybody may change what concerns only himself; the rest is the administrator's."""
    return may_administer(person) or (person == account and account.is_active)


def sees_business(person: Account) -> bool:
    """An administrator installs and configures, and sees no business data."""
    return person.is_active and not person.has(Role.ADMINISTRATOR)
