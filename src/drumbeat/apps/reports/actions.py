"""Building an edition: the report as of a moment, kept with the data that it shows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from drumbeat.apps.partners.models import Partner
from drumbeat.apps.people.models import Account, Vendor
from drumbeat.apps.routines.models import Step
from drumbeat.core.refusal import insist

from .composition import Composition
from .compositions import COMPOSITIONS
from .definitions import take_meanings
from .models import Edition
from .periods import Period, that_begins
from .scope import Scope
from .sections.shapes import Section
from .shelf import Shelf

TITLE_LETTERS = 160


def build_edition(
    report: str,
    *,
    partner: Partner | None = None,
    person: Account | None = None,
    at: datetime,
    step: Step | None = None,
    due_at: datetime | None = None,
) -> Edition:
    """A report of REPORTS about a partner, a person's partners, or (with neither) the whole channel, as of `at`. Its
    period is told from `due_at`, so that a pack built early is about the quarter that it is due for. A step has one
    edition: asked for again, it is the same."""
    shelf = Shelf([partner] if partner else [], at)
    draft = draft_edition(report, shelf, partner=partner, person=person, step=step, due_at=due_at)
    return keep_editions([draft])[0]


def draft_edition(
    report: str,
    shelf: Shelf,
    *,
    partner: Partner | None = None,
    person: Account | None = None,
    step: Step | None = None,
    due_at: datetime | None = None,
    period: Period | None = None,
) -> Edition:
    """The same with what a chunk of editions shares, and not yet kept; of a given `period`, or of the one told from
    `due_at`."""
    insist(
        report in COMPOSITIONS,
        f"There is no report {report!r}",
        f"Use one of {', '.join(COMPOSITIONS)}",
        "report",
    )
    composition, firm = COMPOSITIONS[report], shelf.vendor
    on = (due_at or shelf.at).astimezone(ZoneInfo(firm.zone)).date()
    period = period or composition.period(on)
    scope = Scope(report, partner, person, period, shelf)
    return Edition(
        report=report,
        title=_title(composition, scope),
        partner=partner,
        person=person,
        step=step,
        period_from=period.from_on,
        period_until=period.until_on,
        built_at=shelf.at,
        data=_data(composition, scope, firm),
    )


def draft_again(edition: Edition, *, at: datetime) -> Edition:
    """The same report about the same, as things are known at another moment; not kept."""
    period = that_begins(COMPOSITIONS[edition.report].period, edition.period_from, edition.period_until)
    shelf = Shelf([edition.partner] if edition.partner else [], at)
    return draft_edition(edition.report, shelf, partner=edition.partner, person=edition.person, period=period)


@transaction.atomic
def keep_editions(drafts: Sequence[Edition]) -> list[Edition]:
    """All at once; where a step has one already, that stays and is returned instead."""
    steps = [draft.step_id for draft in drafts if draft.step_id]
    known = {edition.step_id: edition for edition in Edition.objects.filter(step__in=steps)} if steps else {}
    Edition.objects.bulk_create(draft for draft in drafts if draft.step_id not in known)
    return [known.get(draft.step_id, draft) for draft in drafts]


def _title(composition: Composition, scope: Scope) -> str:
    title = composition.title.format(subject=scope.subject, period=scope.period.name)
    return title if len(title) <= TITLE_LETTERS else f"{title[: TITLE_LETTERS - 1]}…"


def _data(composition: Composition, scope: Scope, firm: Vendor) -> dict[str, object]:
    sections = _sections(composition, scope)
    definitions, metrics = take_meanings(sections)
    return {
        "vendor": firm.name,
        "subject": scope.subject,
        "period": scope.period.name,
        "summary": " ".join(sections[0].get("sentences", [])),
        "currency": firm.currency,
        "zone": firm.zone,
        "definitions": definitions,
        "metrics": metrics,
        "sections": sections,
    }


def _sections(composition: Composition, scope: Scope) -> list[Section]:
    found: list[Section] = []
    for build in composition.sections:
        made = build(scope)
        found += made if isinstance(made, list) else [made]
    return found
