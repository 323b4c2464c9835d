"""Scorecards, the immutable versions of their texts, and the scores that partners had on days. A score keeps the values it
was reckoned from, so that it can be reckoned again and explained."""

from __future__ import annotations

from django.db import models

from drumbeat.apps.partners.models import Partner
from drumbeat.apps.people.models import Account


class Scorecard(models.Model):
    """Its key never changes; its text does, by versions."""

    key = models.SlugField(max_length=48, unique=True)
    title = models.CharField(max_length=80)
    version = models.ForeignKey("Version", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class Version(models.Model):
    """The immutable text of a scorecard: measures, weights, bands."""

    scorecard = models.ForeignKey(Scorecard, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.TextField()
    digest = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["scorecard", "number"], name="one_scorecard_version")]

    def __str__(self) -> str:
        return f"version {self.number}"


class Score(models.Model):
    """What a partner scored as of the beginning of a day; without `total` too little was known. `values` are texts of
    fractions by the key of the part."""

    scorecard = models.ForeignKey(Scorecard, on_delete=models.PROTECT, related_name="scores")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="scores")
    on = models.DateField()
    total = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    band = models.CharField(max_length=40, blank=True, default="")
    values = models.JSONField()
    scored_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scorecard", "partner", "on"], name="one_score_a_day")]
        indexes = [models.Index(fields=["scorecard", "on", "total"], name="score_by_total")]
