"""Who has it when a role is empty: the owner, who covers for him, a director, partner operations; nobody is said aloud."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from drumbeat.apps.people.models import Account, Role
from drumbeat.apps.people.queries import staff
from drumbeat.apps.routines.actions import fail_step
from drumbeat.apps.routines.models import Step
from drumbeat.core.refusal import Refused

from .scene import Scene

# Role -> who stands in, in order.
STAND_INS: dict[str, tuple[str, ...]] = {
    Role.CHANNEL_MANAGER: (Role.DIRECTOR, Role.PARTNER_OPERATIONS),
    Role.DIRECTOR: (Role.PARTNER_OPERATIONS,),
    Role.PARTNER_OPERATIONS: (Role.DIRECTOR,),
    Role.ADMINISTRATOR: (Role.DIRECTOR, Role.PARTNER_OPERATIONS),
}


@dataclass(frozen=True, slots=True)
class Keeper:
    """The role that has it, and who that is now; `person` is the one concerned, where the role has one."""

    role: str
    people: tuple[Account, ...]

    @property
    def person(self) -> Account | None:
        return self.people[0] if self.role == Role.CHANNEL_MANAGER else None


def keeper_of(role: str, step: Step, scene: Scene) -> Keeper:
    """Raises Refused when nobody is there, not even to stand in."""
    if keeper := keeper_or_none(role, step, scene):
        return keeper
    raise Refused(f"Nobody is there as {_words(role)}, nor to stand in", "Open an account in this role.")


def keeper_or_none(role: str, step: Step, scene: Scene) -> Keeper | None:
    for one in (role, *STAND_INS.get(role, ())):
        if people := staff_in(one, step, scene):
            return Keeper(one, tuple(people))
    return None


def staff_in(role: str, step: Step, scene: Scene) -> list[Account]:
    """A channel manager is the one concerned, or who covers for him; of other roles everybody."""
    if role != Role.CHANNEL_MANAGER:
        return scene.staff[role]
    manager = scene.manager(step)
    if manager is None:
        return []
    leave = scene.leaves.get(manager.pk)
    return [leave.cover if leave and leave.cover else manager]


@transaction.atomic
def find_stand_ins(*, at: datetime) -> int:
    """Open steps in the pool of a role that nobody has any more go to who stands in; with nobody there they stand stuck, with
    words. How many moved; twice changes nothing."""
    there = set(staff().values_list("role", flat=True))
    watched = there - {Role.CHANNEL_MANAGER} | ({Role.CHANNEL_MANAGER} if Role.DIRECTOR in there else set())
    lost = Step.objects.on_lists().filter(assignee=None, side="vendor").exclude(role__in=watched)
    return sum(_moved(step, there, at) for step in lost.order_by("pk").select_for_update(of=("self",)))


def _moved(step: Step, there: Iterable[str], at: datetime) -> bool:
    stand_in = next((role for role in STAND_INS.get(step.role, ()) if role in there), None)
    if stand_in is None:
        words = f"Nobody is there as {_words(step.role)}, nor to stand in. Open an account in this role."
        return fail_step(step, words, at=at, retry=False)
    return bool(Step.objects.filter(pk=step.pk).update(role=stand_in))


def _words(role: str) -> str:
    return role.replace("_", " ")
