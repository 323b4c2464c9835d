"""What happened, in the order it happened. Ids and codes only: no keys upwards, no names but those that posts bring."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class EventSet(models.QuerySet["Event"]):
    def waiting(self) -> EventSet:
        """Not yet heard by the routines that events open."""
        return self.filter(is_waiting=True)


class Event(models.Model):
    """One happening. `partner_id` and `person_id` say whom it concerns, as far as it does; a subject that the product
    keeps no rows of is known by its key. A `key` is given by who posts, so that the same post twice is one event."""

    kind = models.CharField(max_length=40)
    subject_kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField(default=0)
    subject_key = models.CharField(max_length=80, default="", db_default="")
    partner_id = models.BigIntegerField(null=True)
    person_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    source = models.CharField(max_length=40, default="", db_default="")
    key = models.CharField(max_length=100, default="", db_default="")
    payload = models.JSONField(default=dict)
    is_waiting = models.BooleanField(default=False, db_default=False)

    objects = EventSet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["subject_kind", "subject_id", "-at"], name="event_of_subject"),
            models.Index(fields=["subject_key"], condition=~Q(subject_key=""), name="event_of_key"),
            models.Index(fields=["kind", "-at"], name="event_of_kind"),
            models.Index(fields=["id"], condition=Q(is_waiting=True), name="event_waits"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["source", "key"], condition=~Q(key=""), name="one_event_a_key")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_kind} {self.subject_key or self.subject_id}"

    @property
    def subject(self) -> tuple[str, int, str]:
        """What it is about: noun, id (0 where only the key is known) and key."""
        return self.subject_kind, self.subject_id, self.subject_key


class Crossing(models.Model):
    """A fact that is true now and whose event was written: the next one comes after it was false."""

    kind = models.CharField(max_length=40)
    partner_id = models.BigIntegerField()
    since_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "partner_id"], name="one_crossing")]


class SourceSet(models.QuerySet["Source"]):
    def open(self) -> SourceSet:
        return self.filter(closed_at=None)


class Source(models.Model):
    """Another system that may post events, and the secret it signs with."""

    name = models.SlugField(max_length=40, unique=True)
    secret = models.CharField(max_length=100)
    added_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    objects = SourceSet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
