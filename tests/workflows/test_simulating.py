"""Simulation against a slow count of each subscription, side by side with a change; and nothing is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection

from drumbeat.apps.partners.models import Contact, Partner
from drumbeat.apps.partners.queries import manager_of
from drumbeat.apps.people.models import Account
from drumbeat.apps.people.queries import vendor
from drumbeat.apps.routines.actions import (
    Agreement,
    agree_override,
    plan_moments,
    publish_version,
    start_routine,
    subscribe,
)
from drumbeat.apps.routines.bridge import Settings, playbook_of
from drumbeat.apps.routines.models import Moment, Occurrence, Routine, Subscription, Version
from drumbeat.core.conflicts import seats_in
from drumbeat.core.planning import Setting, Wanted, is_anchored, wanted_moments
from drumbeat.core.playbook import Routine as Playbook
from drumbeat.core.playbook import read_routine
from drumbeat.core.refusal import Refused
from drumbeat.library import routine_texts
from drumbeat.workflows.simulating import Simulation, quarter_after, simulate
from tests.world import World, build_world

START = datetime(2026, 6, 1, 6, tzinfo=UTC)
FROM, UNTIL = date(2026, 7, 1), date(2026, 10, 1)
KEYS = ("weekly-partner-call", "quarter-review", "monthly-partner-report", "newsletter", "manager-coaching")

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    world = build_world(at=START)
    for key in KEYS:
        routine = publish_version(routine_texts()[key], by=None, at=START).routine
        start_routine(routine, by=None, at=START)
        is_of_partner = playbook_of(routine.version).subject == "partner"
        subjects: list[Any] = (
            [world.bergmann, world.fjord, world.kestrel, world.outsider]
            if is_of_partner
            else [world.alice, world.bob]
        )
        subscribe(routine, subjects, on=START.date() + timedelta(days=3))
    plan_moments(at=START)
    return world


def counted(simulated: Simulation) -> tuple[Counter[tuple[str, int]], Counter[tuple[int, int]]]:
    """(routine, week) -> occurrences and (manager, week) -> minutes as the simulation has them."""
    found = simulated.now.forecast
    occurrences = Counter({
        (key, week): int(found.occurrences[n, :, week].sum())
        for n, (key, _) in enumerate(simulated.routines) for week in range(len(simulated.window.weeks))
    })  # fmt: skip
    minutes = Counter({
        (person.pk, week): int(found.minutes[n, week])
        for n, person in enumerate(simulated.cast.managers) for week in range(len(simulated.window.weeks))
    })  # fmt: skip
    return +occurrences, +minutes


def counted_one_by_one() -> tuple[Counter[tuple[str, int]], Counter[tuple[int, int]]]:
    occurrences: Counter[tuple[str, int]] = Counter()
    minutes: Counter[tuple[int, int]] = Counter()
    monday = FROM - timedelta(days=FROM.weekday())
    for _, playbook, manager, setting, moment in moments_one_by_one():
        on = moment.due_at.astimezone(setting.zone).date()
        occurrences[playbook.key, (on - monday).days // 7] += FROM <= on < UNTIL
        for step, due in zip(playbook.steps, moment.step_dues, strict=True):
            day = due.astimezone(setting.zone).date()
            if (
                manager
                and step.by == "channel_manager"
                and step.kind in ("task", "meeting")
                and FROM <= day < UNTIL
            ):
                minutes[manager.pk, (day - monday).days // 7] += step.minutes
    return +occurrences, +minutes


def moments_one_by_one() -> Iterator[tuple[Subscription, Playbook, Account | None, Setting, Wanted]]:
    for routine in Routine.objects.filter(status="live").select_related("version"):
        playbook = playbook_of(routine.version)
        for one in routine.subscriptions.running():
            manager = manager_of(one.partner, FROM) if one.partner else one.person
            setting = Settings(playbook, vendor()).of(one.partner or one.person, manager)
            anchor = one.started_on if is_anchored(playbook.cadence.rule) else date(2000, 1, 1)
            wanted = wanted_moments(
                playbook,
                setting,
                phase=one.phase,
                anchor=anchor,
                since=one.started_on,
                until=date(2027, 6, 1),
            )
            yield from ((one, playbook, manager, setting, moment) for moment in wanted)


def mails_one_by_one() -> Counter[tuple[str, date]]:
    """(contact, day) -> mails, by the roles and names that hold for each mail on its day."""
    found: Counter[tuple[str, date]] = Counter()
    for one, playbook, _, setting, moment in moments_one_by_one():
        for step, due in zip(playbook.steps, moment.step_dues, strict=True):
            day = due.astimezone(setting.zone).date()
            if step.kind == "mail" and FROM <= day < UNTIL:
                agreed = one.overrides.in_force(day).first()
                words = list((agreed and agreed.recipients) or step.to)
                if "attendees" in words:
                    words += (agreed and agreed.attendees) or playbook.step("call").attendees
                partners = [one.partner] if one.partner else Partner.objects.managed_by(one.person, FROM)
                for contact in Contact.objects.filter(partner__in=partners):
                    names = {*contact.roles, f"contact:{contact.pk}", "partner_contacts"}
                    found[contact.name, day] += bool(names & set(words))
    return +found


def test_a_quarter_as_it_is_agrees_with_counting_one_by_one(world: World) -> None:
    simulated = simulate(None, from_on=FROM, until_on=UNTIL, at=START)
    assert counted(simulated) == counted_one_by_one()
    assert simulated.then is None and simulated.now.forecast.of_partner.sum() > 50


def test_what_is_agreed_apart_is_simulated_as_it_is_planned(world: World) -> None:
    """Paused, opted out, on another day, and another owner: the same moments as planning writes, in the hours of who has them."""
    weekly = Routine.objects.get(key="weekly-partner-call")
    paused, moved, out, owned = weekly.subscriptions.running().order_by("pk")
    begin, end = date(2026, 7, 10), date(2026, 8, 20)
    for one, agreed in (
        (paused, Agreement("pause", begin, "season", end)),
        (moved, Agreement("timing", begin, "trial", end, weekday=3, at=time(14))),
        (out, Agreement("opt_out", begin, "no_need")),
        (owned, Agreement("owner", date(2026, 6, 1), "other", owner=world.bob)),
    ):
        agree_override(one, agreed, by=world.dora, at=START)
    later = START
    while later.date() < UNTIL:
        plan_moments(at=later)
        later += timedelta(days=30)
    monday = FROM - timedelta(days=FROM.weekday())
    planned: Counter[tuple[str, int]] = Counter()
    for moment in Moment.objects.select_related("subscription__routine", "subscription__partner"):
        if moment.subscription.partner and moment.subscription.routine_id == weekly.pk:
            on = moment.due_at.astimezone(moment.subscription.partner.tz).date()
            planned[weekly.key, (on - monday).days // 7] += FROM <= on < UNTIL
    simulated = simulate(None, from_on=FROM, until_on=UNTIL, at=START)
    occurrences, _ = counted(simulated)
    assert {key: n for key, n in occurrences.items() if key[0] == weekly.key} == dict(+planned)
    number = [key for key, _ in simulated.routines].index(weekly.key)
    courses = simulated.now.played[number].courses
    owner = {
        int(s): int(m) for course in courses for s, m in zip(course.subjects, course.managers, strict=True)
    }
    bob = next(n for n, person in enumerate(simulated.cast.managers) if person == world.bob)
    assert owner[simulated.cast.partner_number[owned.partner_id]] == bob


def test_other_people_get_the_mails_and_come_to_the_meetings_while_that_is_agreed(world: World) -> None:
    Routine.objects.filter(key="quarter-review").update(
        status="paused"
    )  # two meetings: the slow way knows one
    begin, end, petra = date(2026, 7, 10), date(2026, 8, 20), f"contact:{world.petra.pk}"
    for key, partner, agreed in (
        ("weekly-partner-call", world.bergmann, {"attendees": ("channel_manager", petra), "until_on": end}),
        ("monthly-partner-report", world.bergmann, {"recipients": (petra,)}),
        ("monthly-partner-report", world.fjord, {"recipients": ("director",)}),
    ):
        one = Subscription.objects.get(routine__key=key, partner=partner)
        agree_override(one, Agreement("people", begin, "other", **agreed), by=world.dora, at=START)
    simulated = simulate(None, from_on=FROM, until_on=UNTIL, at=START)
    mails = simulated.now.forecast.mails
    told = {
        (contact.name, FROM + timedelta(days=day)): int(mails[n, day])
        for n, contact in enumerate(simulated.cast.contacts) for day in range(mails.shape[1]) if mails[n, day]
    }  # fmt: skip
    assert told == mails_one_by_one()
    minutes = [day for (name, day), count in told.items() if name == "Petra Bergmann" and begin <= day < end]
    assert len(minutes) >= 6
    meetings, weekly = (
        simulated.now.meetings,
        [key for key, _ in simulated.routines].index("weekly-partner-call"),
    )
    played = simulated.now.played
    for place, contact in zip(*seats_in(played, simulated.window), strict=True):
        name = simulated.cast.contacts[contact].name
        held_on = datetime.fromtimestamp(meetings.begins[place], UTC).date()
        if simulated.cast.contacts[contact].partner == meetings.subject[place] and name in (
            "Petra Bergmann",
            "Sven Sommer",
        ):
            assert meetings.routine[place] == weekly
            assert name == ("Petra Bergmann" if begin <= held_on < end else "Sven Sommer")


def test_a_change_stands_beside_today_and_touches_nothing_else(world: World) -> None:
    text = (
        routine_texts()["weekly-partner-call"]
        .replace("minutes: 30", "minutes: 60")
        .replace("FREQ=WEEKLY;BYDAY=TU", "FREQ=WEEKLY;BYDAY=MO,TH")
        .replace("spread: 4bd", "spread: 1bd")
    )
    before = (Version.objects.count(), Moment.objects.count(), Occurrence.objects.count())
    writes = len(connection.queries_log)
    simulated = simulate(read_routine(text).routine, from_on=FROM, until_on=UNTIL, at=START)
    assert (Version.objects.count(), Moment.objects.count(), Occurrence.objects.count()) == before
    assert not any(
        q["sql"].startswith(("INSERT", "UPDATE", "DELETE")) for q in list(connection.queries_log)[writes:]
    )
    assert simulated.then and simulated.changed is not None
    now, then = simulated.now.forecast.occurrences, simulated.then.forecast.occurrences
    assert then[simulated.changed].sum() == pytest.approx(2 * now[simulated.changed].sum(), abs=8)
    others = [n for n in range(len(KEYS)) if n != simulated.changed]
    assert (now[others] == then[others]).all()
    assert simulated.then.forecast.minutes.sum() > simulated.now.forecast.minutes.sum()


def test_a_routine_that_is_not_live_counts_those_whom_it_would_fit(world: World) -> None:
    simulated = simulate(
        read_routine(routine_texts()["pos-chase"]).routine, from_on=FROM, until_on=UNTIL, at=START
    )
    assert simulated.then and simulated.changed is not None
    new = simulated.then.forecast.occurrences[simulated.changed].sum()
    assert new == 3  # Bergmann alone sends files, once a month
    assert simulated.now.forecast.occurrences[simulated.changed].sum() == 0


def test_mails_meetings_and_holidays_are_told_with_names(world: World) -> None:
    simulated = simulate(None, from_on=date(2027, 1, 1), until_on=date(2027, 4, 1), at=START)
    tired = {simulated.cast.contacts[one.contact].name: one for one in simulated.now.tired}
    assert (
        tired["Nils Nordmann"].a_day == 2 and tired["Sven Sommer"].a_week == 5 > tired["Kate Kestrel"].a_week
    )
    assert simulated.now.meetings.size > 50
    titles = {key: n for n, (key, _) in enumerate(simulated.routines)}
    new_year = [one for one in simulated.now.collisions if one.routine == titles["quarter-review"]]
    assert {(one.holiday, one.to) for one in new_year} == {(date(2027, 1, 1), date(2027, 1, 4))}
    assert sum(one.subjects for one in new_year) == 4


def test_windows_that_make_no_sense_and_routines_of_events_are_refused(world: World) -> None:
    with pytest.raises(Refused, match="ends before"):
        simulate(None, from_on=UNTIL, until_on=FROM, at=START)
    with pytest.raises(Refused, match="400 days"):
        simulate(None, from_on=FROM, until_on=date(2028, 1, 1), at=START)
    assert quarter_after(date(2026, 11, 24)) == (date(2027, 1, 1), date(2027, 4, 1))
