"""What people said beside doing a step: decisions with their reasons, points ticked, files laid beside it."""

from __future__ import annotations

from django.db import models

from drumbeat.apps.forms.models import File
from drumbeat.apps.partners.models import Contact
from drumbeat.apps.people.models import Account


class Decision(models.Model):
    """One opinion on an approval step: the first, or the second pair of eyes; by a colleague, or by a contact by link.

    Immutable: one that no longer counts, because it was sent back or taken back, is `set_aside_at`. With its inputs and the
    occurrence's version it can be explained and judged again.
    """

    class Outcome(models.TextChoices):
        APPROVED = "approved", "Approved"
        DECLINED = "declined", "Declined"
        SENT_BACK = "sent_back", "Sent back"

    step = models.ForeignKey("Step", on_delete=models.PROTECT, related_name="decisions")
    place = models.PositiveSmallIntegerField()  # 1 the approver, 2 the second pair of eyes
    outcome = models.CharField(max_length=9, choices=Outcome)
    reason = models.CharField(max_length=40, blank=True, default="")
    note = models.TextField(blank=True, default="")
    person = models.ForeignKey(
        Account, null=True, on_delete=models.PROTECT, related_name="decisions", db_index=False
    )
    contact = models.ForeignKey(
        Contact, null=True, on_delete=models.PROTECT, related_name="decisions", db_index=False
    )
    decided_at = models.DateTimeField()
    inputs = models.JSONField(default=dict)
    set_aside_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["decided_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["step", "place"], condition=models.Q(set_aside_at=None), name="one_opinion_a_place"
            )
        ]

    def __str__(self) -> str:
        return f"{self.outcome} ({self.step_id})"

    @property
    def who(self) -> str:
        who = self.contact or self.person
        return who.name if who else ""


class Tick(models.Model):
    """A point of a step's checklist that somebody did."""

    step = models.ForeignKey("Step", on_delete=models.PROTECT, related_name="ticks")
    point = models.PositiveSmallIntegerField()
    person = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    ticked_at = models.DateTimeField()

    class Meta:
        ordering = ["point"]
        constraints = [models.UniqueConstraint(fields=["step", "point"], name="one_tick_a_point")]

    def __str__(self) -> str:
        return f"point {self.point} of {self.step_id}"


class StepFile(models.Model):
    """A file laid beside a step; one taken away is `removed_at`, its bytes stay."""

    step = models.ForeignKey("Step", on_delete=models.PROTECT, related_name="files")
    file = models.ForeignKey(File, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["added_at", "pk"]

    def __str__(self) -> str:
        return f"{self.file_id} beside {self.step_id}"
