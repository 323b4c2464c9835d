"""Routines, the versions of their texts, and the steps of a version as the beat's SQL reads them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from drumbeat.apps.people.models import Account


class Routine(models.Model):
    """A cadence, an audience and a playbook with a promise. Its key never changes; its text does, by versions."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        LIVE = "live", "Live"
        RETIRED = "retired", "Retired"

    key = models.SlugField(max_length=48, unique=True)
    title = models.CharField(max_length=80)
    subject = models.CharField(max_length=16)
    status = models.CharField(max_length=8, choices=Status, default=Status.DRAFT)
    version = models.ForeignKey("Version", null=True, on_delete=models.PROTECT, related_name="+")
    review_on = models.DateField(null=True)

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class Version(models.Model):
    """The immutable text of a routine. The columns beside it repeat what the beat's SQL reads."""

    routine = models.ForeignKey(Routine, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.TextField()
    digest = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    owner = models.CharField(max_length=20)
    owing = models.CharField(max_length=7)
    owed = models.CharField(max_length=7)
    kept_through = models.CharField(max_length=7)
    catch_up = models.CharField(max_length=5)
    overlap = models.CharField(max_length=7, default="beside", db_default="beside")

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["routine", "number"], name="one_version_a_number")]

    def __str__(self) -> str:
        return f"version {self.number}"


class PlaybookStep(models.Model):
    """One step of a version's playbook, as the beat's SQL reads it; written with its version and as immutable."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="playbook_steps")
    position = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=48)
    kind = models.CharField(max_length=12)
    title = models.CharField(max_length=80)
    by = models.CharField(max_length=20)
    side = models.CharField(max_length=7)
    minutes = models.PositiveSmallIntegerField()
    needs = ArrayField(models.CharField(max_length=48), default=list)
    starts_held = models.BooleanField(default=False)  # a branch decides
    has_condition = models.BooleanField(default=False)  # its own `when` decides
    keeps = models.BooleanField(default=False)
    promised = models.BooleanField(default=False)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["version", "position"], name="one_step_a_position")]

    def __str__(self) -> str:
        return self.title
