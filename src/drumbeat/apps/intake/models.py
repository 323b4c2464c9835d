"""Files from outside as they were loaded: which, by whom, with what result, what they changed; and what was learned
from them about their senders' layouts."""

from django.db import models
from django.db.models import Q

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
    unchanged = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["noun", "digest"], condition=Q(undone_at=None), name="one_load_a_file"
            )
        ]

    def __str__(self) -> str:
        return self.file_name


class Change(models.Model):
    """A row as it was before a load changed it; without `before` the load added it."""

    load = models.ForeignKey(Load, on_delete=models.CASCADE, related_name="changes")
    table = models.CharField(max_length=40)
    row_id = models.BigIntegerField()
    before = models.JSONField(null=True)

    class Meta:
        indexes = [models.Index(fields=["table", "row_id"], name="change_of_row")]


class LearnedMapping(models.Model):
    """How files of one layout are read: the mapping's text, the forms of dates and numbers that were certain, and the
    lists that it looks up, so that next year's file needs nothing but itself."""

    noun = models.CharField(max_length=20)
    name = models.CharField(max_length=120)
    layout = models.JSONField()
    text = models.TextField()
    forms = models.JSONField(default=dict)
    lists = models.JSONField(default=dict)
    learned_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["noun", "name"], name="one_mapping_a_name")]

    def __str__(self) -> str:
        return self.name
