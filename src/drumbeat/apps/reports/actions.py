"""Building an edition: the report as of a moment, kept with the data that it shows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from drumbeat.apps.partners.models import Partner
from drumbeat.apps.people.models import Account, Vendor
from drumbeat.apps.routines.models import Step
from drumbeat.core.metrics.blueprint import blueprint_of

from .composition import Composition
from .definitions import take_meanings
from .models import Edition
from .own import composed, composition_named
from .periods import Period, spanning, that_begins
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
    composition = composition_named(report)
    on = (due_at or shelf.at).astimezone(ZoneInfo(shelf.vendor.zone)).date()
    scope = Scope(report, partner, person, period or composition.period(on), shelf)
    return draft_composed(composition, scope, step=step)


def draft_composed(composition: Composition, scope: Scope, *, step: Step | None = None) -> Edition:
    """What a composition tells of a scope, not yet kept."""
    period, shelf = scope.period, scope.shelf
    return Edition(
        report=scope.report,
        title=_title(composition, scope),
        partner=scope.partner,
        person=scope.person,
        step=step,
        period_from=period.from_on,
        period_until=period.until_on,
        built_at=shelf.at,
        data=_data(composition, scope, shelf.vendor),
    )


def draft_again(edition: Edition, *, at: datetime) -> Edition:
    """The same report about the same, as things are known at another moment; not kept. A saved report as it was put together
    when the edition was built."""
    composition, period = _as_it_was(edition)
    shelf = Shelf([edition.partner] if edition.partner else [], at)
    return draft_composed(composition, Scope(edition.report, edition.partner, edition.person, period, shelf))


def _as_it_was(edition: Edition) -> tuple[Composition, Period]:
    from_on, until_on = edition.period_from, edition.period_until
    if blueprint := edition.data.get("blueprint"):
        return composed(blueprint_of(blueprint), edition.data["name"]), spanning(from_on, until_on)
    composition = composition_named(edition.report)
    return composition, that_begins(composition.period, from_on, until_on)


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
    told = {"blueprint": composition.blueprint, "name": composition.name} if composition.blueprint else {}
    return {
        **told,
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
