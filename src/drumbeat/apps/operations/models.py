"""Processes and their passes. A pass that had nothing to do only touches its process; others are kept for two weeks."""

from django.db import models


class Process(models.Model):
    """A clock or a worker on some machine, as it was last seen. `skew_ms` is its own clock against the database's."""

    name = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=12)
    seen_at = models.DateTimeField()
    took_ms = models.PositiveIntegerField(default=0)
    skew_ms = models.IntegerField(default=0)

    class Meta:
        ordering = ["kind", "name"]

    def __str__(self) -> str:
        return self.name


class Pass(models.Model):
    """One pass that did something, or failed: `done` counts by word, `error` is empty when all went well."""

    process = models.ForeignKey(Process, on_delete=models.CASCADE, related_name="passes", db_index=False)
    kind = models.CharField(max_length=12)
    at = models.DateTimeField()
    took_ms = models.PositiveIntegerField()
    done = models.JSONField(default=dict)
    error = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["-at"], name="pass_recent")]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"
