"""The smallest set of changes that turns what is arranged into what is wanted.

A changed playbook, a new holiday, a missed night, a restored backup: all are this one call, and calling it twice
changes nothing. What a person touched stays theirs.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

Identity = TypeVar("Identity", bound=Hashable)
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Changes(Generic[Identity, Value]):
    create: dict[Identity, Value]
    move: dict[Identity, Value]
    cancel: frozenset[Identity]

    def __bool__(self) -> bool:
        return bool(self.create or self.move or self.cancel)


def reconcile(
    wanted: Mapping[Identity, Value],
    arranged: Mapping[Identity, Value],
    *,
    touched: Collection[Identity] = frozenset(),
) -> Changes[Identity, Value]:
    """Compare by identity, then by value. Identities in `touched` (opened, moved or done by a person) are left alone."""
    return Changes(
        create={key: value for key, value in wanted.items() if key not in arranged and key not in touched},
        move={
            key: value
            for key, value in wanted.items()
            if key in arranged and arranged[key] != value and key not in touched
        },
        cancel=frozenset(key for key in arranged if key not in wanted and key not in touched),
    )
