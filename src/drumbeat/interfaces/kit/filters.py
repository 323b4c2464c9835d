"""How a list is narrowed: one of several, yes or no, words to search, or an id that a link from elsewhere sets."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet

from drumbeat.apps.people.models import sort_name

Rows = QuerySet[Any]


@dataclass(frozen=True, slots=True)
class Filter:
    name: str
    label: str
    narrow: Callable[[Rows, str], Rows]
    options: tuple[tuple[str, str], ...] | None = None
    kind: str = "select"  # or search; or hidden, which only links set


def choice(
    name: str,
    label: str,
    options: Iterable[tuple[Any, str]],
    narrow: Callable[[Rows, str], Rows] | None = None,
) -> Filter:
    """One of the options; without `narrow` the field of that name must equal it."""
    chosen = tuple((str(value), text) for value, text in options)
    return Filter(name, label, narrow or (lambda rows, value: rows.filter(**{name: value})), chosen)


def yes_no(name: str, label: str, yes: Q, words: tuple[str, str] = ("Yes", "No")) -> Filter:
    def narrow(rows: Rows, value: str) -> Rows:
        return rows.filter(yes) if value == "yes" else rows.exclude(yes)

    return Filter(name, label, narrow, (("yes", words[0]), ("no", words[1])))


def search(label: str, *lookups: str, name: str = "q") -> Filter:
    """Every word must be found in one of the lookups; folded names are searched by folded words."""

    def narrow(rows: Rows, value: str) -> Rows:
        for word in value.split()[:8]:
            found = [Q(**{name: sort_name(word) if "sort_name" in name else word}) for name in lookups]
            rows = rows.filter(reduce(or_, found))
        return rows

    return Filter(name, label, narrow, kind="search")


def by_id(name: str, label: str, field: str) -> Filter:
    """Set by links from other pages, not by hand."""

    def narrow(rows: Rows, value: str) -> Rows:
        return (
            rows.filter(**{field: int(value)})
            if value.isascii() and value.isdigit() and len(value) < 10
            else rows.none()
        )

    return Filter(name, label, narrow, kind="hidden")
