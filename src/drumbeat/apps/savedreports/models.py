"""Saved reports: what each is put together from, and who may read it. What it tells is answered elsewhere, each time anew."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from drumbeat.apps.people.models import Account, Role


class SavedReports(models.QuerySet["SavedReport"]):
    def in_use(self) -> SavedReports:
        return self.filter(retired_at=None)

    def readable_by(self, person: Account) -> SavedReports:
        """One's own, and those shared with one's role."""
        return self.filter(Q(owner=person) | Q(readers__contains=[person.role]))


class SavedReport(models.Model):
    """`blueprint` is the plain JSON of core's Blueprint; `readers` are the roles it is shared with, none while it is
    private. Its key never changes, so that routines and editions can name it."""

    key = models.SlugField(max_length=48, unique=True)
    title = models.CharField(max_length=80)
    purpose = models.CharField(max_length=200, blank=True, default="")
    blueprint = models.JSONField()
    owner = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="saved_reports")
    readers = ArrayField(models.CharField(max_length=20, choices=Role.choices), default=list)
    saved_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    objects: Any = SavedReports.as_manager()

    class Meta:
        ordering = ["title", "pk"]

    def __str__(self) -> str:
        return self.title
