"""Partners with what is told of them: facts that other systems and people bring, and where nothing is told, how it comes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from drumbeat.apps.partners.models import Fact
from drumbeat.apps.reports.scope import Scope

from .shapes import MONEY, NUMBER, PERCENT, TEXT, Section, kept, table

Builder = Callable[[Scope], Section]
SHOWN = 40
HOW = "Nothing is told of this yet. Other systems bring it as facts: `drumbeat events post` takes {facts} of a partner."


@dataclass(frozen=True, slots=True)
class Told:
    """A fact as a column. Ratios are shown in percent."""

    fact: str
    head: str
    kind: str = NUMBER

    def cell(self, value: Any) -> Any:
        if isinstance(value, bool):
            return "yes" if value else "no"
        if not isinstance(value, int | float):
            return value
        return kept(100 * value if self.kind == PERCENT else value)


def by_partner(columns: Sequence[Told], *, title: str, key: str) -> Builder:
    """The partners of whom at least one of the facts is told, the largest by the first of them first."""

    def build(scope: Scope) -> Section:
        found = _told(scope, [column.fact for column in columns])
        names = {
            pk: (name, tier)
            for pk, name, tier in scope.partners.filter(pk__in=found).values_list("pk", "name", "tier")
        }
        ordered = sorted(names, key=lambda pk: (-_size(found[pk].get(columns[0].fact)), names[pk][0]))
        rows = [
            [*names[pk], *(column.cell(found[pk].get(column.fact)) for column in columns)] for pk in ordered
        ]
        return table(
            [("partner", TEXT), ("tier", TEXT), *((column.head, column.kind) for column in columns)],
            rows[:SHOWN],
            key=key,
            title=title,
            refs=[f"partner:{pk}" for pk in ordered[:SHOWN]],
            empty=HOW.format(facts=", ".join(column.fact for column in columns)),
            of=len(rows),
        )  # fmt: skip

    return build


def _told(scope: Scope, names: Sequence[str]) -> dict[int, dict[str, Any]]:
    """Partner id -> fact -> value, in one query; what says no and nothing is left out."""
    facts = Fact.objects.filter(
        name__in=[f"partner.{name}" for name in names], partner__in=scope.partners.order_by().values("pk")
    )
    found: dict[int, dict[str, Any]] = {}
    for pk, name, value in facts.values_list("partner_id", "name", "value"):
        found.setdefault(pk, {})[name.removeprefix("partner.")] = value
    return {pk: values for pk, values in found.items() if any(values.values())}


def _size(value: Any) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


__all__ = ["MONEY", "NUMBER", "PERCENT", "TEXT", "Told", "by_partner"]
