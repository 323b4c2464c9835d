"""What was agreed for a subscription apart from its routine, as rows. A room of its own beside the other models."""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from drumbeat.apps.people.models import Account


class OverrideSet(models.QuerySet["Override"]):
    def standing(self) -> OverrideSet:
        """Agreed and not taken back; over or not."""
        return self.filter(withdrawn_at=None)

    def in_force(self, on: date) -> OverrideSet:
        return self.standing().filter(Q(until_on=None) | Q(until_on__gt=on), from_on__lte=on)

    def not_over(self, on: date) -> OverrideSet:
        return self.standing().filter(Q(until_on=None) | Q(until_on__gt=on))

    def for_review(self, on: date) -> OverrideSet:
        """Agreed until told otherwise, and long enough ago to ask again."""
        return self.not_over(on).filter(review_on__lte=on)


class Override(models.Model):
    """A subscription's lasting difference from its routine: what, from when until when, why, and who agreed."""

    class Kind(models.TextChoices):
        PAUSE = "pause", "Pause"
        OPT_OUT = "opt_out", "Opt-out"
        TIMING = "timing", "Other day or time"
        PEOPLE = "people", "Other people"
        OWNER = "owner", "Other owner"

    subscription = models.ForeignKey("Subscription", on_delete=models.PROTECT, related_name="overrides")
    kind = models.CharField(max_length=7, choices=Kind)
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    review_on = models.DateField(null=True)
    weekday = models.PositiveSmallIntegerField(null=True)
    at = models.TimeField(null=True)
    phase = models.PositiveSmallIntegerField(null=True)
    attendees = ArrayField(models.CharField(max_length=24), default=list)
    recipients = ArrayField(models.CharField(max_length=24), default=list)
    owner = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=24)
    note = models.CharField(max_length=300, blank=True, default="")
    agreed_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    objects = OverrideSet.as_manager()

    class Meta:
        ordering = ["-from_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gt=F("from_on")), name="override_has_a_day"
            )
        ]
        indexes = [
            models.Index(
                fields=["subscription"],
                condition=Q(withdrawn_at=None, kind="owner"),
                name="override_of_owner",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} from {self.from_on}"
