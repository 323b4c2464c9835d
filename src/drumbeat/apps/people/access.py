"""Who may do what to accounts and to the vendor. `None` stands for the machine or the operator, who may."""

from __future__ import annotations

from .models import Account, Leave, Role


def may_administer(person: Account | None) -> bool:
    """Accounts, the vendor's own row, company days."""
    return person is None or (person.is_active and person.has(Role.ADMINISTRATOR))


def may_change_account(person: Account | None, account: Account) -> bool:
    """Everybody may change what concerns only himself; the rest is the administrator's."""
    return may_administer(person) or (person == account and account.is_active)


def sees_business(person: Account) -> bool:
    """An administrator installs and configures, and sees no business data."""
    return person.is_active and not person.has(Role.ADMINISTRATOR)


def may_ask_leave(person: Account | None, whose: Account) -> bool:
    """Everybody for himself; a director for anybody, as when somebody falls ill."""
    return person is None or (person.is_active and (person == whose or person.has(Role.DIRECTOR)))


def may_decide_leave(person: Account | None, leave: Leave) -> bool:
    """A director, but nobody on the own leave."""
    if person is None:
        return True
    return person.is_active and person.has(Role.DIRECTOR) and person.pk != leave.person_id
