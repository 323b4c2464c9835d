"""What people and the world do on a day, by chance that a seed decides: their work, leaves, moves, overrides, versions, events,
mergers, closures. A verb that refuses is no fault: people try things."""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from drumbeat.apps.ledger.actions import ask_release, decide_ask
from drumbeat.apps.ledger.models import Ask, Standing
from drumbeat.apps.messages.models import Message
from drumbeat.apps.partners.models import Merge, Partner, Status
from drumbeat.apps.people.actions import ask_leave, declare_company_day
from drumbeat.apps.people.models import Account, Leave
from drumbeat.apps.routines.actions import (
    Agreement,
    agree_override,
    complete_step,
    move_occurrence,
    publish_version,
    undo_step,
    upgrade_routine,
)
from drumbeat.apps.routines.models import Moment, Occurrence, Step, StepState, Subscription
from drumbeat.core.refusal import Refused
from drumbeat.integrations.fakes import HeldStorage
from drumbeat.workflows.closing import close_partner, merge_partners, reopen_partner, split_partners
from drumbeat.workflows.covering import end_leave, grant_leave
from drumbeat.workflows.filling import fill_in
from drumbeat.workflows.handover import hand_over
from drumbeat.workflows.posting import settle_uncertain
from tests.workflows.deals import happen
from tests.world import World

from .texts import WEEKLY, WEEKLY_LATER


@dataclass
class People:
    world: World
    managers: list[Account]
    partners: list[Partner]
    chance: Random
    versions: int = 1
    tried: dict[str, int] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)

    def live(self, at: datetime, accepted: Collection[str]) -> None:
        """Half a day: who is there works, and sometimes something happens."""
        self._answer_forms(at)
        self._work(at)
        self._settle_uncertain(at, accepted)
        for share, deed in self._deeds():
            if self.chance.random() < share:
                self._try(deed, at)

    def _try(self, deed: Callable[[datetime], None], at: datetime) -> None:
        name = deed.__name__.removeprefix("_")
        self.tried[name] = self.tried.get(name, 0) + 1
        try:
            deed(at)
        except Refused:
            self.refused[name] = self.refused.get(name, 0) + 1

    def _deeds(self) -> list[tuple[float, Callable[[datetime], None]]]:
        return [
            (0.20, self._move), (0.04, self._leave), (0.03, self._return), (0.04, self._override), (0.03, self._ask),
            (0.15, self._submit_deal), (0.08, self._win_deal), (0.015, self._upgrade), (0.01, self._merge),
            (0.02, self._split), (0.01, self._close), (0.02, self._reopen), (0.01, self._holiday), (0.02, self._hand_over),
            (0.10, self._undo),
        ]  # fmt: skip

    def _answer_forms(self, at: datetime) -> None:
        """The partner takes its time; our clock rests meanwhile."""
        asked = Step.objects.on_lists().filter(kind="form").order_by("pk")
        for step in asked.select_related("assignee", "occurrence__version", "playbook_step"):
            if self.chance.random() < 0.2:
                with suppress(Refused):
                    told, by = {"wish": "It is there", "about": "leads"}, step.assignee or self.world.dora
                    fill_in(step, told, {}, by=by, storage=HeldStorage(), at=at)

    def _work(self, at: datetime) -> None:
        due = Step.objects.on_lists().filter(due_at__lte=at + timedelta(hours=12)).order_by("pk")
        for step in due.select_related("assignee"):
            if self.chance.random() < 0.6:
                with suppress(Refused):
                    complete_step(
                        step, by=step.assignee or self.world.dora, at=at, done_at=self._set_back(at)
                    )

    def _set_back(self, at: datetime) -> datetime | None:
        return at - timedelta(hours=self.chance.randint(1, 40)) if self.chance.random() < 0.1 else None

    def _settle_uncertain(self, at: datetime, accepted: Collection[str]) -> None:
        for message in Message.objects.filter(state=Message.State.UNCERTAIN):
            settle_uncertain(message, message.message_id in accepted, by=self.world.dora, at=at)

    def _undo(self, at: datetime) -> None:
        done = Step.objects.filter(state=StepState.DONE, is_machine=False).order_by("-recorded_at")
        step = done.select_related("done_by").first()
        if step and step.done_by:
            undo_step(step, by=step.done_by, at=at)

    def _move(self, at: datetime) -> None:
        moments = Moment.objects.filter(due_at__gt=at).order_by("due_at")[:5]
        subjects = [*moments, *Occurrence.objects.open().order_by("pk")[:5]]
        if subjects:
            on = (at + timedelta(days=self.chance.randint(1, 6))).date()
            move_occurrence(self.chance.choice(subjects), on, by=self.world.dora, at=at, reason="other")

    def _leave(self, at: datetime) -> None:
        person = self.chance.choice(self.managers)
        start = (at + timedelta(days=self.chance.randint(0, 10))).date()
        until = start + timedelta(days=self.chance.randint(1, 20))
        grant_leave(ask_leave(person, start, until, by=person, at=at), by=self.world.dora, at=at)

    def _return(self, at: datetime) -> None:
        leave = Leave.objects.approved().filter(until_on__gt=at.date()).order_by("pk").first()
        if leave:
            end_leave(leave, at.date(), by=leave.person, at=at)

    def _override(self, at: datetime) -> None:
        running = list(Subscription.objects.running().order_by("pk"))
        on, until = at.date(), (at + timedelta(days=self.chance.randint(5, 30))).date()
        agreed = self.chance.choice([
            Agreement("pause", on, "season", until),
            Agreement("opt_out", on, "no_need", until),
            Agreement("timing", on, "trial", until, weekday=self.chance.randint(0, 4), at=time(14)),
            Agreement("people", on, "partner_asked", until, recipients=("principal",)),
            Agreement("owner", on, "other", until, owner=self.chance.choice(self.managers)),
        ])  # fmt: skip
        agree_override(self.chance.choice(running), agreed, by=self.world.dora, at=at)

    def _ask(self, at: datetime) -> None:
        standing = Standing.objects.open().exclude(person=None).order_by("due_at").first()
        if standing is None:
            return
        kind = self.chance.choice(list(Ask.Kind))
        asked = ask_release(
            standing.promise,
            kind,
            by=standing.person,
            at=at,
            reason="other",
            new_due_at=at + timedelta(days=3),
        )
        decide_ask(asked, self.chance.random() < 0.8, by=self.world.dora, at=at)

    def _submit_deal(self, at: datetime) -> None:
        happen(
            "deal.submitted",
            f"D-{self.chance.randint(1, 6)}",
            partner=self.chance.choice(self.partners),
            at=at,
        )

    def _win_deal(self, at: datetime) -> None:
        happen("deal.won", f"D-{self.chance.randint(1, 6)}", partner=self.chance.choice(self.partners), at=at)

    def _upgrade(self, at: datetime) -> None:
        self.versions += 1
        text = WEEKLY if self.versions % 2 else WEEKLY_LATER
        routine = publish_version(text, by=None, at=at).routine
        if self.chance.random() < 0.8:
            upgrade_routine(routine, by=self.world.dora, at=at)

    def _merge(self, at: datetime) -> None:
        lost, kept = self.chance.sample(self.partners, 2)
        merge_partners(_fresh(lost), _fresh(kept), by=self.world.dora, at=at)

    def _split(self, at: datetime) -> None:
        merge = Merge.objects.filter(split_at=None).order_by("pk").first()
        if merge:
            split_partners(merge, by=self.world.dora, at=at)

    def _close(self, at: datetime) -> None:
        finish = self.chance.random() < 0.5
        close_partner(_fresh(self.chance.choice(self.partners)), finish=finish, by=self.world.dora, at=at)

    def _reopen(self, at: datetime) -> None:
        closed = Partner.objects.filter(status=Status.CLOSED, merged_into=None).order_by("pk").first()
        if closed:
            reopen_partner(closed, by=self.world.dora, at=at)

    def _holiday(self, at: datetime) -> None:
        on: date = (at + timedelta(days=self.chance.randint(5, 60))).date()
        declare_company_day(on, "Outing", by=None, at=at)

    def _hand_over(self, at: datetime) -> None:
        partner, person = _fresh(self.chance.choice(self.partners)), self.chance.choice(self.managers)
        hand_over(partner, person, at.date(), by=self.world.dora, at=at)


def _fresh(partner: Partner) -> Partner:
    return Partner.objects.get(pk=partner.pk)
