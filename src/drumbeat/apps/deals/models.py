"""Deals: one sale to one customer, and its stage. Registrations and their decisions come with programs."""

from django.db import models
from django.db.models import Q

from drumbeat.apps.partners.models import Partner


class Deal(models.Model):
    class Stage(models.TextChoices):
        OPEN = "open", "Open"
        WON = "won", "Won"
        LOST = "lost", "Lost"

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="deals")
    customer = models.CharField(max_length=160)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    currency = models.CharField(max_length=3)
    stage = models.CharField(max_length=4, choices=Stage, default=Stage.OPEN)
    submitted_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-submitted_at"]
        indexes = [
            models.Index(fields=["partner", "-submitted_at"], name="deal_of_partner"),
            models.Index(fields=["partner", "moved_at"], condition=Q(stage="open"), name="deal_open"),
        ]

    def __str__(self) -> str:
        return self.customer
