"""What falls due beyond the planned moments: reckoned, not stored. Subscriptions that want the same days are asked once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Case, Count, Exists, F, OuterRef, Q, Subquery, When

from drumbeat.apps.partners.models import Assignment, Partner
from drumbeat.apps.people.models import Account
from drumbeat.apps.people.queries import vendor as the_vendor
from drumbeat.apps.routines.bridge import Settings, agreements_of, playbook_of
from drumbeat.apps.routines.models import Override, Routine, Subscription, SubscriptionSet
from drumbeat.apps.routines.queries.spans import Span
from drumbeat.core.duedays import due_days
from drumbeat.core.overriding import Override as Agreed
from drumbeat.core.planning import is_anchored

# What does not count from a first day was always there.
EPOCH = date(2000, 1, 1)
MARGIN = timedelta(days=100)
ROWS = {"routines": "routine_id", "partners": "partner_id"}
PLACE = (
    "partner__zone",
    "partner__country",
    "partner__subdivision",
    "partner__calendar",
    "person_id",
    "manager",
)


@dataclass(frozen=True, slots=True)
class _Group:
    """Subscriptions that want the same days: of a row and routine, in one place, in one phase, planned as far. One for which
    something was agreed apart is a group of its `own`."""

    row: int | None
    routine: int
    place: tuple[str, str, str, str]
    person: int | None
    manager: int | None
    phase: int
    started_on: date
    planned_until: date | None
    own: int | None
    size: int


def beyond_horizon(subscriptions: SubscriptionSet, span: Span, *, rows: str) -> Counter[tuple[int, date]]:
    """(row, day due) -> how many, for days of the span that are not planned yet. No query when all is planned."""
    found: Counter[tuple[int, date]] = Counter()
    if span.until_on <= span.at.date():
        return found
    groups = [group for group in _groups(subscriptions, span, ROWS[rows]) if group.row]
    routines = Routine.objects.select_related("version").in_bulk({group.routine for group in groups})
    people = Account.objects.in_bulk({pk for group in groups for pk in (group.person, group.manager) if pk})
    agreed = agreements_of(
        list(Subscription.objects.filter(pk__in=[group.own for group in groups if group.own]))
    )
    settings: dict[int, Settings] = {}
    for group in groups:
        overrides = agreed.get(group.own or 0, ())
        for on in _days(group, routines[group.routine], people, settings, span, overrides):
            found[group.row or 0, on] += group.size
    return found


def _groups(subscriptions: SubscriptionSet, span: Span, row: str) -> Iterator[_Group]:
    held = (
        Assignment.objects.current(span.at.date())
        .filter(partner=OuterRef("partner"))
        .order_by("from_on", "id")
    )
    is_unplanned = Q(planned_until=None) | Q(planned_until__lt=span.until_on + MARGIN)
    running = subscriptions.filter(is_unplanned, ended_on=None, routine__status=Routine.Status.LIVE)
    counted = (
        running.annotate(manager=Subquery(held.values("person")[:1]), own=_own())
        .order_by()
        .values_list(row, "routine_id", *PLACE, "phase", "started_on", "planned_until", "own")
        .annotate(Count("pk"))
    )
    for row_id, routine, zone, country, subdivision, calendar, person, manager, *rest in counted:
        place = (zone or "", country or "", subdivision or "", calendar or "")
        yield _Group(row_id, routine, place, person, manager, *rest)


def _own() -> Case:
    """The subscription itself where something was agreed for it, or a leave may rest it."""
    agreed = Exists(Override.objects.standing().filter(subscription=OuterRef("pk")))
    return Case(When(Q(person__isnull=False) | Q(agreed), then=F("pk")), default=None)


def _days(
    group: _Group,
    routine: Routine,
    people: dict[int, Account],
    settings: dict[int, Settings],
    span: Span,
    overrides: tuple[Agreed, ...],
) -> Iterator[date]:
    assert routine.version, "a live routine has a version"
    playbook = playbook_of(routine.version)
    if not playbook.cadence.rule:
        return
    if routine.pk not in settings:
        settings[routine.pk] = Settings(playbook, the_vendor())
    zone, country, subdivision, calendar = group.place
    subject = people.get(group.person or 0) or Partner(
        zone=zone, country=country, subdivision=subdivision, calendar=calendar
    )
    manager = people.get(group.manager or 0) or people.get(group.person or 0)
    setting = settings[routine.pk].of(subject, manager)
    planned = group.planned_until or max(group.started_on, span.at.date() - MARGIN)
    anchor = group.started_on if is_anchored(playbook.cadence.rule) else EPOCH
    for day in due_days(
        playbook.cadence,
        setting,
        phase=group.phase,
        anchor=anchor,
        since=planned,
        until=span.until_on + MARGIN,
        overrides=overrides,
    ):
        if not day.is_paused and max(span.since, span.at) <= day.due_at < span.until:
            yield day.due_at.astimezone(span.zone).date()
