"""Phases that were moved together to lower a peak, as rows, so that they can be put back. A room beside the other models."""

from __future__ import annotations

from django.db import models

from drumbeat.apps.people.models import Account


class Smoothing(models.Model):
    """One confirmed move of phases for the work of one manager."""

    person = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="smoothings")
    at = models.DateTimeField()
    by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "-id"]


class PhaseMove(models.Model):
    """One subscription's phase before and after."""

    smoothing = models.ForeignKey(Smoothing, on_delete=models.CASCADE, related_name="moves")
    subscription = models.ForeignKey("Subscription", on_delete=models.CASCADE, related_name="+")
    was = models.PositiveSmallIntegerField()
    becomes = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["smoothing", "subscription"], name="one_move_a_smoothing")
        ]
