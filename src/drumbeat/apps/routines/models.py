"""Routines and what becomes of them: versions, subscriptions, moments to come, occurrences opened, steps to do."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from drumbeat.apps.ledger.models import Promise
from drumbeat.apps.meetings.models import Meeting
from drumbeat.apps.partners.models import Partner
from drumbeat.apps.people.models import Account
from drumbeat.apps.routines.decisions import Decision as Decision
from drumbeat.apps.routines.decisions import StepFile as StepFile
from drumbeat.apps.routines.decisions import Tick as Tick
from drumbeat.apps.routines.overrides import Override as Override
from drumbeat.apps.routines.smoothings import PhaseMove as PhaseMove
from drumbeat.apps.routines.smoothings import Smoothing as Smoothing
from drumbeat.apps.routines.states import OPEN_STATES as OPEN_STATES
from drumbeat.apps.routines.states import SETTLED_STATES as SETTLED_STATES
from drumbeat.apps.routines.states import StepState as StepState

from .drafts import RoutineDraft as RoutineDraft
from .reactions import Reaction as Reaction
from .texts import PlaybookStep as PlaybookStep
from .texts import Routine as Routine
from .texts import Version as Version


class SubscriptionSet(models.QuerySet["Subscription"]):
    def running(self) -> SubscriptionSet:
        return self.filter(ended_on=None)


class Subscription(models.Model):
    """One subject on one routine, with its phase. Subjects for now: a partner, or a manager (`person`)."""

    routine = models.ForeignKey(Routine, on_delete=models.PROTECT, related_name="subscriptions")
    partner = models.ForeignKey(Partner, null=True, on_delete=models.PROTECT, related_name="subscriptions")
    person = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="subscriptions")
    phase = models.PositiveSmallIntegerField(default=0)
    started_on = models.DateField()
    ended_on = models.DateField(null=True)
    is_by_hand = models.BooleanField(default=False)  # subscribed past the audience: enrolment leaves it alone
    planned_until = models.DateField(null=True)

    objects = SubscriptionSet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["routine", "partner", "person"],
                condition=Q(ended_on=None),
                nulls_distinct=False,
                name="one_running_subscription",
            )
        ]

    @property
    def subject(self) -> Partner | Account | None:
        return self.partner or self.person


class Moment(models.Model):
    """A due moment to come, as planned; identity is (subscription, nominal date before roll), and the event for what an
    event opens (0 for a cadence). `opened_by` is the step that opens it as its subroutine. One that a person moved is
    `touched_at` and stays where it was put; `moved_from` is where planning had it."""

    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="moments")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+", db_index=False)
    nominal_on = models.DateField()
    event_id = models.BigIntegerField(default=0, db_default=0)
    opened_by_id = models.BigIntegerField(null=True)
    opens_at = models.DateTimeField()
    due_at = models.DateTimeField()
    deadline_at = models.DateTimeField()
    miss_at = models.DateTimeField()
    step_dues = ArrayField(models.DateTimeField())
    step_deadlines = ArrayField(models.DateTimeField(null=True))
    why = models.CharField(max_length=300)
    moved_from = models.DateTimeField(null=True)
    touched_at = models.DateTimeField(null=True)
    touched_by = models.ForeignKey(
        Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subscription", "nominal_on", "event_id"], name="one_moment_a_date_and_event"
            )
        ]
        indexes = [models.Index(fields=["opens_at"], name="moment_opens")]


class OccurrenceSet(models.QuerySet["Occurrence"]):
    def open(self) -> OccurrenceSet:
        return self.filter(closed_at=None)


class Occurrence(models.Model):
    """One due date of a routine for one subject, on the version that it ran with."""

    subscription = models.ForeignKey(
        Subscription, on_delete=models.PROTECT, related_name="occurrences", db_index=False
    )
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+", db_index=False)
    promise = models.OneToOneField(Promise, on_delete=models.PROTECT, related_name="occurrence")
    nominal_on = models.DateField()
    event_id = models.BigIntegerField(default=0, db_default=0)
    opened_by = models.ForeignKey(
        "Step", null=True, on_delete=models.PROTECT, related_name="opened", db_index=False
    )
    due_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=300)
    moved_from = models.DateTimeField(null=True)
    touched_at = models.DateTimeField(null=True)

    objects = OccurrenceSet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subscription", "nominal_on", "event_id"], name="one_occurrence_a_date_and_event"
            )
        ]
        indexes = [
            models.Index(
                fields=["opened_by"], condition=Q(opened_by__isnull=False), name="occurrence_of_step"
            ),
            models.Index(fields=["event_id"], condition=~Q(event_id=0), name="occurrence_of_event"),
        ]


class StepSet(models.QuerySet["Step"]):
    def on_lists(self) -> StepSet:
        """What a person has to do, or waits for."""
        return self.filter(state=StepState.OPEN, is_machine=False)


class Step(models.Model):
    """One piece of an occurrence: on a person's list, or in the machine's hands."""

    occurrence = models.ForeignKey(Occurrence, on_delete=models.PROTECT, related_name="steps")
    playbook_step = models.ForeignKey(
        PlaybookStep, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=12)
    side = models.CharField(max_length=7)
    is_machine = models.BooleanField()
    state = models.CharField(max_length=9, choices=StepState)
    assignee = models.ForeignKey(
        Account, null=True, on_delete=models.PROTECT, related_name="steps", db_index=False
    )
    role = models.CharField(max_length=20)
    starts_at = models.DateTimeField()
    due_at = models.DateTimeField()
    postponed_from = models.DateTimeField(null=True)
    promise = models.OneToOneField(Promise, null=True, on_delete=models.PROTECT, related_name="step")
    meeting = models.ForeignKey(
        Meeting, null=True, on_delete=models.PROTECT, related_name="steps", db_index=False
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True, default="")
    minutes = models.PositiveSmallIntegerField(null=True)
    done_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(
        Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    answer = models.CharField(max_length=24, blank=True, default="")

    objects = StepSet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["assignee", "due_at"],
                condition=Q(state="open", is_machine=False),
                name="step_on_list",
            ),
            models.Index(
                fields=["role", "due_at"],
                condition=Q(state="open", is_machine=False, assignee=None),
                name="step_in_pool",
            ),
            models.Index(
                fields=["kind", "starts_at"],
                condition=Q(state="open", is_machine=True),
                name="step_for_machine",
            ),
            models.Index(
                fields=["state"], condition=Q(state__in=["handed", "failed", "uncertain"]), name="step_stuck"
            ),
            models.Index(fields=["starts_at"], condition=Q(state="held"), name="step_held"),
            models.Index(fields=["starts_at"], condition=Q(state="open", kind="wait"), name="step_waits"),
            models.Index(
                fields=["assignee", "done_at"],
                condition=Q(state="done", is_machine=False),
                name="step_done",
            ),
            models.Index(
                fields=["done_at"], condition=Q(state="done", is_machine=True), name="step_machine_done"
            ),
            models.Index(
                fields=["done_by", "recorded_at"], condition=Q(is_machine=False), name="step_recorded"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
