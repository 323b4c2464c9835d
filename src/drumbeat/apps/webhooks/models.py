"""Endpoints of other systems, rooms of chats, and what was delivered to them. `key` is told along, so that the receiver knows a repetition."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q

from drumbeat.apps.people.models import Account


class EndpointSet(models.QuerySet["Endpoint"]):
    def open(self) -> EndpointSet:
        return self.filter(closed_at=None)

    def of_systems(self) -> EndpointSet:
        """Those that routines report to; the others are rooms of chat."""
        return self.open().filter(room=None)


class Endpoint(models.Model):
    """A place that routines report to, by name. The secret signs; headers go along as they are."""

    key = models.SlugField(max_length=48, unique=True)
    url = models.CharField(max_length=500)
    secret = models.CharField(max_length=120)
    headers = models.JSONField(default=dict)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)

    objects = EndpointSet.as_manager()

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return self.key


class Room(models.Model):
    """A room of a chat where digests are told: of one person, or with no person those of the whole team."""

    class Form(models.TextChoices):
        SLACK = "slack", "Slack"
        TEAMS = "teams", "Microsoft Teams"
        PLAIN = "plain", "Plain webhook"

    endpoint = models.OneToOneField(Endpoint, on_delete=models.PROTECT, related_name="room")
    form = models.CharField(max_length=5, choices=Form)
    person = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="rooms")

    def __str__(self) -> str:
        return f"{self.get_form_display()} of {self.person or 'the team'}"


class DeliverySet(models.QuerySet["Delivery"]):
    def due(self, at: datetime) -> DeliverySet:
        return self.filter(state=Delivery.State.QUEUED, next_attempt_at__lte=at)

    def left_behind(self, at: datetime) -> DeliverySet:
        """On the wire when their worker's time was over."""
        return self.filter(state=Delivery.State.SENDING, lease_until__lte=at)


class Delivery(models.Model):
    """One payload for one endpoint. Written before it is sent; sent with the same `key` whenever it is tried again."""

    class State(models.TextChoices):
        QUEUED = "queued", "Queued"
        SENDING = "sending", "Sending"
        DELIVERED = "delivered", "Delivered"
        FAILED = "failed", "Failed"
        UNCERTAIN = "uncertain", "Uncertain"

    key = models.CharField(max_length=80, unique=True)
    step_id = models.BigIntegerField(null=True, db_index=True)  # none: a post to a room
    endpoint = models.ForeignKey(Endpoint, on_delete=models.PROTECT, related_name="deliveries")
    payload = models.TextField()
    state = models.CharField(max_length=9, choices=State, default=State.QUEUED)
    written_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True)
    error = models.CharField(max_length=300, blank=True, default="")

    objects = DeliverySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["next_attempt_at"], condition=Q(state="queued"), name="delivery_queued"),
            models.Index(fields=["lease_until"], condition=Q(state="sending"), name="delivery_sending"),
            models.Index(fields=["-written_at"], name="delivery_recent"),
        ]

    def __str__(self) -> str:
        return self.key
