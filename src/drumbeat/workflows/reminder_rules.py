"""Which rules speak about which promises: those of the routine's text where it has any, the house's otherwise."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from drumbeat.apps.ledger.models import Promise
from drumbeat.apps.messages.models import Reminder
from drumbeat.apps.routines.queries import texts_behind, undone_steps
from drumbeat.core.playbook import Routine as Playbook
from drumbeat.core.reminding import Rule, rules_for


class Rules:
    """Of a chunk of promises, in a constant number of queries. A reminder whose rule a new version left out has none."""

    def __init__(self, promises: Iterable[Promise]) -> None:
        self._promises = list(promises)

    def about(self, promise: Promise) -> tuple[Rule, ...]:
        return rules_for(promise.owing, self._texts.get(promise.pk))

    def of(self, reminder: Reminder) -> Rule:
        return self._by_key[reminder.promise_id, reminder.rule]

    def still_hold(self, reminder: Reminder) -> bool:
        """Whether there is such a rule, and the step that it speaks of is not done yet."""
        rule = self._by_key.get((reminder.promise_id, reminder.rule))
        return rule is not None and (not rule.step or (reminder.promise_id, rule.step) in self._undone)

    def step_title(self, reminder: Reminder) -> str:
        """What a rule of the text speaks of, unless it is the promise itself."""
        rule, text = self.of(reminder), self._texts.get(reminder.promise_id)
        is_another = text is not None and rule.step not in ("", text.promise.kept_by)
        return text.step(rule.step).title if text and is_another else ""

    @cached_property
    def _texts(self) -> dict[int, Playbook]:
        return texts_behind(promise.pk for promise in self._promises)

    @cached_property
    def _undone(self) -> set[tuple[int, str]]:
        return undone_steps(promise.pk for promise in self._promises)

    @cached_property
    def _by_key(self) -> dict[tuple[int, str], Rule]:
        return {(one.pk, rule.key): rule for one in self._promises for rule in self.about(one)}
