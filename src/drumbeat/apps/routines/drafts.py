"""Texts of routines in the making. A draft becomes a version when it is published; until then nothing runs by it."""

from __future__ import annotations

from django.db import models

from drumbeat.apps.people.models import Account

from .texts import Routine, Version


class RoutineDraft(models.Model):
    """The next text of a routine, or the first of one that isn't there yet. `stamp` counts its saves: who saves says which
    one he saw. `based_on` is the version it began from."""

    key = models.SlugField(max_length=48, unique=True)
    routine = models.OneToOneField(Routine, null=True, on_delete=models.CASCADE, related_name="draft")
    based_on = models.ForeignKey(Version, null=True, on_delete=models.SET_NULL, related_name="+")
    text = models.TextField()
    stamp = models.PositiveIntegerField(default=1)
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-saved_at"]

    def __str__(self) -> str:
        return f"draft of {self.key}"
