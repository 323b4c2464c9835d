"""Files from outside as they were loaded: which, by whom, with what result."""

from django.db import models

from drumbeat.apps.people.models import Account


class Load(models.Model):
    """One file read through one mapping."""

    noun = models.CharField(max_length=20)
    file_name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()
    loaded_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    created = models.PositiveIntegerField()
    changed = models.PositiveIntegerField()
    warnings = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["noun", "digest"], name="one_load_a_file")]

    def __str__(self) -> str:
        return self.file_name
