"""What is known of readers and kept for the post: which topics they want, and which addresses get nothing."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from drumbeat.apps.partners.models import Contact
from drumbeat.apps.people.models import Account


class Wish(models.Model):
    """A contact's own word on a topic; without one, optional mail about it is welcome."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="wishes")
    topic = models.CharField(max_length=16)
    is_wanted = models.BooleanField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contact", "topic"], name="one_wish_a_topic")]

    def __str__(self) -> str:
        return f"{self.contact}: {self.topic}"


class SuppressionSet(models.QuerySet["Suppression"]):
    def in_force(self) -> SuppressionSet:
        return self.filter(lifted_at=None)


class Suppression(models.Model):
    """An address to which nothing is sent until operations lift it."""

    class Reason(models.TextChoices):
        HARD_BOUNCE = "hard_bounce", "Hard bounce"
        COMPLAINT = "complaint", "Complaint"
        BY_HAND = "by_hand", "By hand"

    address = models.EmailField()
    reason = models.CharField(max_length=12, choices=Reason)
    note = models.CharField(max_length=300, blank=True, default="")
    since_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(
        Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    objects = SuppressionSet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["address"], condition=Q(lifted_at=None), name="one_suppression_an_address"
            )
        ]

    def __str__(self) -> str:
        return self.address

    @property
    def words(self) -> str:
        """`hard bounce since 2026-06-02`."""
        return f"{self.get_reason_display().lower()} since {self.since_at:%Y-%m-%d}"
