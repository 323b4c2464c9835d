"""Who asks in SQL: partner operations, who see all partners anyway. An administrator sees no business data, here neither."""

from drumbeat.apps.people.models import Account, Role


def may_inquire(person: Account) -> bool:
    return person.is_active and person.has(Role.PARTNER_OPERATIONS)
