"""The log of what was asked in SQL: who, when, which words, how many rows came, or why it was refused."""

from django.db import models

from drumbeat.apps.people.models import Account


class Inquiry(models.Model):
    """Written before it is asked, so that nothing is asked unseen; `rows` and `took_ms` come with the answer."""

    text = models.TextField()
    asked_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="inquiries")
    asked_at = models.DateTimeField()
    rows = models.PositiveIntegerField(null=True)
    took_ms = models.PositiveIntegerField(null=True)
    refused = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["-asked_at", "-id"]
        indexes = [models.Index(fields=["-asked_at"], name="inquiry_recent")]

    def __str__(self) -> str:
        return self.text[:60]
