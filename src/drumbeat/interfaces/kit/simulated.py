"""A simulation as tables, the same for page, command line and files: today beside what would be. It reckons nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import numpy as np

from drumbeat.core.simulation import Forecast, rows_behind
from drumbeat.interfaces.kit.tabletexts import Line, Table
from drumbeat.workflows.simulating import Collision, Side, Simulation

ROWS_SHOWN = 200


def tables_of(simulated: Simulation) -> list[Table]:
    builders: tuple[Callable[[Simulation], Table], ...] = (
        figures, weeks, managers, loads, months, routines, partners, contacts, holidays, conflicts,
    )  # fmt: skip
    return [build(simulated) for build in builders]


def _sides(simulated: Simulation) -> list[Side]:
    return [simulated.now, simulated.then] if simulated.then else [simulated.now]


def _heads(simulated: Simulation, name: str = "") -> tuple[str, ...]:
    words = ("today", "with the change") if simulated.then else ("today",)
    return tuple(f"{name} {word}".strip().capitalize() for word in words)


def _each(simulated: Simulation, ask: Callable[[Side], Any]) -> tuple[Any, ...]:
    return tuple(ask(side) for side in _sides(simulated))


def hours(value: float) -> float:
    return round(float(value), 1)


def figures(simulated: Simulation) -> Table:
    room = np.array(simulated.capacity).reshape(len(simulated.cast.managers), -1)
    told: list[tuple[str, str, Callable[[Side], Any]]] = [
        ("Occurrences", "weeks", lambda side: side.forecast.total),
        ("Hours of channel managers", "managers", lambda side: hours(side.forecast.minutes[:-1].sum() / 60)),
        ("Hours they have for planned work", "managers", lambda _side: hours(room.sum())),
        (
            "Weeks of managers above capacity",
            "loads",
            lambda side: int((_hours(side.forecast) > room + 0.05).sum()),
        ),
        ("Hours of partners without a manager", "", lambda side: hours(side.forecast.minutes[-1].sum() / 60)),
        ("Mails to contacts", "contacts", lambda side: int(side.forecast.mails.sum())),
        ("Contacts above a cap of mails", "contacts", lambda side: len(side.tired)),
        ("Meetings", "conflicts", lambda side: side.meetings.size),
        ("Meetings at once for a manager", "conflicts", lambda side: len(side.manager_clashes)),
        ("Meetings at once for a contact", "conflicts", lambda side: len(side.contact_clashes)),
        ("Meetings outside common working hours", "conflicts", lambda side: len(side.out_of_hours)),
        ("Rule dates on holidays", "holidays", lambda side: sum(one.subjects for one in side.collisions)),
    ]
    lines = [Line((name, *_each(simulated, ask)), table=table) for name, table, ask in told]
    return Table("figures", "In figures", ("What", *_heads(simulated)), lines)


def _hours(forecast: Forecast) -> Any:
    return forecast.minutes[:-1] / 60


def weeks(simulated: Simulation) -> Table:
    room = np.array(simulated.capacity).reshape(len(simulated.cast.managers), -1).sum(axis=0)
    lines = [
        Line(
            (
                monday,
                *_each(simulated, lambda side, n=n: int(side.forecast.occurrences[:, :, n].sum())),  # type: ignore[misc]
                *_each(simulated, lambda side, n=n: hours(side.forecast.minutes[:-1, n].sum() / 60)),  # type: ignore[misc]
                hours(room[n]) if room.size else 0.0,
            ),
            (("week", n),),
        )
        for n, monday in enumerate(simulated.window.weeks)
    ]
    heads = (*_heads(simulated, "occurrences"), *_heads(simulated, "hours"))
    return Table("weeks", "By week", ("Week from", *heads, "Hours there are"), lines)


def managers(simulated: Simulation) -> Table:
    lines = []
    for n, person in enumerate(simulated.cast.managers):
        room = np.array(simulated.capacity[n])
        share = np.divide(
            _hours(_sides(simulated)[-1].forecast)[n], room, out=np.zeros(room.size), where=room > 0
        )
        fullest = int(share.argmax()) if share.size else 0
        cells = (
            person.name,
            *_each(simulated, lambda side, n=n: int(side.forecast.occurrences[:, n].sum())),  # type: ignore[misc]
            *_each(simulated, lambda side, n=n: hours(side.forecast.minutes[n].sum() / 60)),  # type: ignore[misc]
            hours(room.sum()),
            simulated.window.weeks[fullest],
            f"{share[fullest]:.0%}" if share.size else "",
        )
        lines.append((float(share.max(initial=0)), Line(cells, (("manager", n),))))
    heads = (*_heads(simulated, "occurrences"), *_heads(simulated, "hours"))
    ordered = [line for _, line in sorted(lines, key=lambda pair: (-pair[0], pair[1].cells[0]))]
    columns = ("Manager", *heads, "Hours there are", "Fullest week", "Its load")
    return Table("managers", "By manager", columns, ordered, "There is no channel manager.")


def loads(simulated: Simulation) -> Table:
    lines = [
        Line(
            (
                person.name,
                monday,
                *_each(simulated, lambda side, m=m, w=w: hours(side.forecast.minutes[m, w] / 60)),  # type: ignore[misc]
                hours(simulated.capacity[m][w]),
            ),
            (("manager", m), ("week", w)),
        )
        for m, person in enumerate(simulated.cast.managers)
        for w, monday in enumerate(simulated.window.weeks)
    ]
    columns = ("Manager", "Week from", *_heads(simulated, "hours"), "Hours there are")
    return Table("loads", "By manager and week", columns, lines)


def months(simulated: Simulation) -> Table:
    lines = [
        Line(
            (f"{month:%B %Y}", *_each(simulated, lambda side, n=n: int(side.forecast.months[:, n].sum()))),  # type: ignore[misc]
            (("month", n),),
        )
        for n, month in enumerate(simulated.window.months)
    ]
    return Table("months", "By month", ("Month", *_heads(simulated, "occurrences")), lines)


def routines(simulated: Simulation) -> Table:
    lines = [
        Line(
            (
                title + (" (changed)" if n == simulated.changed else ""),
                *_each(simulated, lambda side, n=n: int(side.forecast.occurrences[n].sum())),  # type: ignore[misc]
            ),
            (("routine", n),),
        )
        for n, (_, title) in enumerate(simulated.routines)
    ]
    return Table(
        "routines", "By routine", ("Routine", *_heads(simulated, "occurrences")), lines, "No routine is live."
    )


def partners(simulated: Simulation) -> Table:
    counts = [side.forecast.of_partner for side in _sides(simulated)]
    order = np.argsort(-counts[-1], kind="stable")
    lines = [
        Line(
            (one.name, *(int(count[n]) for count in counts)), (("partner", int(n)),), partner=one.key
        )
        for n in order
        for one in [simulated.cast.partners[n]]
        if any(count[n] for count in counts)
    ]  # fmt: skip
    return Table("partners", "By partner", ("Partner", *_heads(simulated, "occurrences")), lines)


def contacts(simulated: Simulation) -> Table:
    found = {tired.contact: tired for tired in _sides(simulated)[-1].tired}
    before = {tired.contact for tired in simulated.now.tired}
    lines = []
    for tired in found.values():
        reader = simulated.cast.contacts[tired.contact]
        partner = simulated.cast.partners[reader.partner]
        news = "" if tired.contact in before or not simulated.then else "new"
        cells = (reader.name, partner.name, tired.a_day, tired.a_week, tired.in_30_days, tired.total, news)
        lines.append(Line(cells, contact=reader.pk, partner=partner.key))
    columns = ("Contact", "Partner", "Most in a day", "In a week", "In 30 days", "In all", "By the change")
    empty = "Nobody gets more than 1 mail a day, 3 a week and 8 in 30 days."
    return Table("contacts", "Contacts above a cap of mails", columns, lines, empty)


def holidays(simulated: Simulation) -> Table:
    """Calendars that move a date alike stand in one line."""
    groups: dict[tuple[date, int, date | None], list[Collision]] = defaultdict(list)
    for one in _sides(simulated)[-1].collisions:
        groups[one.holiday, one.routine, one.to].append(one)
    lines = [
        Line(
            (
                holiday,
                simulated.routines[routine][1],
                to or "left out",
                sum(one.subjects for one in found),
                _calendars([one.calendar for one in found]),
            ),
            (("routine", routine),),
        )
        for (holiday, routine, to), found in sorted(groups.items(), key=lambda item: (item[0][0], item[0][1]))
    ]
    columns = ("Holiday", "Routine", "Moves to", "Subjects", "Calendars")
    return Table("holidays", "Rule dates on holidays", columns, lines, "No rule date is a holiday.")


def _calendars(names: list[str]) -> str:
    shown = ", ".join(sorted(names)[:3])
    return f"{shown} and {len(names) - 3} more" if len(names) > 3 else shown


def conflicts(simulated: Simulation) -> Table:
    side = _sides(simulated)[-1]
    lines = [
        *(_clash(simulated, side, "at once for the manager", *pair) for pair in side.manager_clashes),
        *(_clash(simulated, side, "at once for a contact", *pair) for pair in side.contact_clashes),
        *(_clash(simulated, side, "outside common hours", n, None) for n in side.out_of_hours),
    ]
    columns = ("When (UTC)", "What", "Manager", "Meeting", "With", "The other meeting")
    empty = "No two meetings at once, and all inside the hours of both sides."
    return Table("conflicts", "Meetings that can't be held as planned", columns, lines, empty)


def _clash(simulated: Simulation, side: Side, what: str, first: int, other: int | None) -> Line:
    shown = first if other is None else other
    begins = datetime.fromtimestamp(int(side.meetings.begins[shown]), UTC)
    manager = int(side.meetings.manager[shown])
    title, subject, key = _meeting(simulated, side, shown)
    cells = (
        f"{begins.day} {begins:%b %Y, %H:%M}", what, _manager(simulated, manager), title, subject,
        " · ".join(_meeting(simulated, side, first)[:2]) if other is not None else "",
    )  # fmt: skip
    week = int(
        simulated.window.week_of(np.array([begins.date().toordinal() - date(1970, 1, 1).toordinal()]))[0]
    )
    where = (("manager", manager), ("week", week)) if manager >= 0 else (("week", week),)
    return Line(cells, where, partner=key)


def _meeting(simulated: Simulation, side: Side, n: int) -> tuple[str, str, str]:
    routine = int(side.meetings.routine[n])
    name, key = _subject(simulated, side, routine, int(side.meetings.subject[n]))
    return simulated.routines[routine][1], name, key


def _subject(simulated: Simulation, side: Side, routine: int, subject: int) -> tuple[str, str]:
    if side.played[routine].of_person:
        return simulated.cast.managers[subject].name, ""
    partner = simulated.cast.partners[subject]
    return partner.name, partner.key


def _manager(simulated: Simulation, number: int) -> str:
    return simulated.cast.managers[number].name if number >= 0 else "nobody yet"


def rows_of(simulated: Simulation, where: dict[str, int], limit: int | None = ROWS_SHOWN) -> Iterator[Line]:
    """The occurrences behind a figure, of the changed side where there is one."""
    side = _sides(simulated)[-1]
    for count, row in enumerate(rows_behind(side.played, simulated.window, **where)):
        if limit is not None and count >= limit:
            return
        name, key = _subject(simulated, side, row.routine, row.subject)
        yield Line(
            (row.on, simulated.routines[row.routine][1], name, _manager(simulated, row.manager)), partner=key
        )
