"""What people write to the sections of a pack. Figures stay those of the edition; words are kept in every version."""

from __future__ import annotations

from django.db import models

from drumbeat.apps.people.models import Account
from drumbeat.apps.reports.models import Edition


class Remark(models.Model):
    """The words to one section, and whether the partner sees the section. Immutable: the latest one counts."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="remarks")
    section = models.CharField(max_length=48)
    number = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    is_internal = models.BooleanField(default=False)
    written_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "section", "number"], name="one_remark_a_number")
        ]

    def __str__(self) -> str:
        return f"{self.section} {self.number} of {self.edition_id}"
