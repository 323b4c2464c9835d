"""Letters to many at once, and how all letters look. An announcement's readers are frozen when it is sent: they are its
messages."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from drumbeat.apps.people.models import Account


class Letterhead(models.Model):
    """How mail looks and how fast optional mail goes out: one row, set by partner operations."""

    colour = models.CharField(max_length=7, default="#3a5bc7")
    logo = models.BinaryField(null=True)
    logo_type = models.CharField(max_length=16, blank=True, default="")
    sender_line = models.CharField(max_length=120, blank=True, default="")
    postal_address = models.CharField(max_length=300, blank=True, default="")
    a_minute = models.PositiveIntegerField(default=60)
    needs_approval = models.BooleanField(default=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="letterhead_is_one")]

    def __str__(self) -> str:
        return self.sender_line


class Pace(models.Model):
    """Optional letters that went to one mail domain in the last minute in which any went."""

    domain = models.CharField(max_length=254, unique=True)
    minute_at = models.DateTimeField()
    letters = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.domain


class Announcement(models.Model):
    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        ASKED = "asked", "Waits for approval"
        SENT = "sent", "Sent"

    title = models.CharField(max_length=80)
    topic = models.CharField(max_length=16)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    audience = models.TextField()
    roles = ArrayField(models.CharField(max_length=16), default=list, blank=True)
    without = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    state = models.CharField(max_length=5, choices=State, default=State.DRAFT)
    not_before = models.DateTimeField(null=True)
    written_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="announcements")
    written_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    sent_at = models.DateTimeField(null=True)
    readers = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-written_at", "-id"]

    def __str__(self) -> str:
        return self.title
