"""Questions about packs: the slides of one, its words and their versions, and the packs before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from drumbeat.apps.reports.models import Edition

from .models import Remark


@dataclass(frozen=True, slots=True)
class Words:
    """The latest words to a section; `number` 0 where nobody wrote any."""

    text: str = ""
    is_internal: bool = False
    number: int = 0


def words_of(edition: Edition) -> Mapping[str, Words]:
    """Section -> its latest words."""
    rows = Remark.objects.filter(edition=edition).order_by("section", "-number").distinct("section")
    return {row.section: Words(row.text, row.is_internal, row.number) for row in rows}


def versions_of(edition: Edition, section: str) -> Sequence[Remark]:
    """Newest first."""
    return list(Remark.objects.filter(edition=edition, section=section).select_related("written_by"))


def editions_beside(edition: Edition) -> Sequence[Edition]:
    """All packs of the partner about the same quarter, the newest first."""
    same = Edition.objects.filter(
        report=edition.report, partner=edition.partner_id, period_from=edition.period_from
    )
    return list(same.defer("data"))


def sections_of(edition: Edition) -> frozenset[str]:
    return frozenset(section["key"] for section in edition.data["sections"])
