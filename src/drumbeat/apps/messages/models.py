"""Mail on its way out of the house. `key` says what a message is for, so that it is written once; its state says
whether it left, so that it is sent once."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q

from drumbeat.apps.ledger.models import Promise
from drumbeat.apps.partners.models import Contact, Partner
from drumbeat.apps.people.models import Account

from .announcements import Announcement, Letterhead, Pace
from .readers import Suppression, Wish

__all__ = [
    "LEASE",
    "Announcement",
    "Attachment",
    "Letterhead",
    "Message",
    "Pace",
    "ReadingPlace",
    "Received",
    "Reminder",
    "Suppression",
    "Wish",
]


LEASE = timedelta(minutes=30)


def lease_is_over(at: datetime) -> Q:
    """Also one that ends later than any begun by now: a clock that ran ahead wrote it."""
    return Q(lease_until__lte=at) | Q(lease_until__gt=at + LEASE)


class MessageSet(models.QuerySet["Message"]):
    def due(self, at: datetime) -> MessageSet:
        """Queued, its next attempt has come, and nobody holds it."""
        free = Q(lease_until=None) | lease_is_over(at)
        return self.filter(free, state=Message.State.QUEUED, next_attempt_at__lte=at)

    def left_behind(self, at: datetime) -> MessageSet:
        """On the wire when their worker's time was over."""
        return self.filter(lease_is_over(at), state=Message.State.SENDING)

    def of_step(self, step_id: int) -> MessageSet:
        return self.filter(key__startswith=step_key(step_id))

    def stuck(self) -> MessageSet:
        """What a person should look at."""
        return self.filter(state__in=[Message.State.FAILED, Message.State.UNCERTAIN])


def step_key(step_id: int, *rest: object) -> str:
    """The key of what a step writes: `step:17:contact:5`; without more, the beginning of them all."""
    return ":".join(["step", str(step_id), *map(str, rest)]) + ("" if rest else ":")


def domain_of(address: str) -> str:
    return address.rpartition("@")[2].lower()


class Message(models.Model):
    class State(models.TextChoices):
        QUEUED = "queued", "Queued"
        SENDING = "sending", "Sending"
        SENT = "sent", "Sent"
        FAILED = "failed", "Failed"
        UNCERTAIN = "uncertain", "Uncertain"
        DROPPED = "dropped", "Dropped"
        BOUNCED = "bounced", "Bounced"
        COMPLAINED = "complained", "Complained about"

    ACCEPTED = (State.SENT, State.BOUNCED, State.COMPLAINED)

    key = models.CharField(max_length=80, unique=True)
    partner = models.ForeignKey(Partner, null=True, on_delete=models.PROTECT, related_name="messages")
    contact = models.ForeignKey(
        Contact, null=True, on_delete=models.PROTECT, related_name="messages", db_index=False
    )
    person = models.ForeignKey(
        Account, null=True, on_delete=models.PROTECT, related_name="messages", db_index=False
    )
    promise = models.ForeignKey(
        Promise, null=True, on_delete=models.PROTECT, related_name="messages", db_index=False
    )
    to_name = models.CharField(max_length=120)
    to_address = models.EmailField()
    reply_to = models.EmailField(blank=True, default="")
    subject = models.CharField(max_length=200)
    text = models.TextField()
    message_id = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    written_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    # Told by a provider: when the reader's own server took it.
    delivered_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True, default="")
    purpose = models.CharField(max_length=48, blank=True, default="")
    # Optional mail has a topic, by which its reader may decline it; what a contract needs has none.
    topic = models.CharField(max_length=16, blank=True, default="")
    language = models.CharField(max_length=12, blank=True, default="en")
    announcement = models.ForeignKey(
        Announcement, null=True, on_delete=models.PROTECT, related_name="messages"
    )

    objects = MessageSet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["next_attempt_at"], condition=Q(state="queued"), name="message_queued"),
            models.Index(fields=["lease_until"], condition=Q(state="sending"), name="message_sending"),
            models.Index(
                fields=["state"], condition=Q(state__in=["failed", "uncertain"]), name="message_stuck"
            ),
            models.Index(fields=["-written_at"], name="message_recent"),
            models.Index(
                fields=["contact", "sent_at"], condition=Q(sent_at__isnull=False), name="message_fatigue"
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def domain(self) -> str:
        """Whose servers take it: what stands behind the @."""
        return domain_of(self.to_address)

    @property
    def step_id(self) -> int | None:
        """The step that wrote it, if one did."""
        kind, _, rest = self.key.partition(":")
        return int(rest.partition(":")[0]) if kind == "step" else None


class Attachment(models.Model):
    """A file of a message: the bytes themselves, or the name of what makes them when it leaves (`edition:17`)."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=120)
    content = models.BinaryField(null=True)
    source = models.CharField(max_length=40, blank=True, default="")


class Received(models.Model):
    """A mail that came in, once each: known by its Message-ID, whatever the mailbox numbers it. What nobody could be found
    for has neither message nor partner."""

    class Kind(models.TextChoices):
        BOUNCE = "bounce", "Bounce"
        AUTO_REPLY = "auto-reply", "Auto-reply"
        COMPLAINT = "complaint", "Complaint"
        CALENDAR_REPLY = "calendar reply", "Calendar reply"
        HUMAN_REPLY = "human reply", "Reply"
        OTHER = "other", "Other"
        UNREAD = "unread", "Not readable"

    digest = models.CharField(max_length=64, unique=True)
    mailbox = models.CharField(max_length=120)
    validity = models.BigIntegerField()
    uid = models.BigIntegerField()
    kind = models.CharField(max_length=14, choices=Kind)
    message = models.ForeignKey(Message, null=True, on_delete=models.SET_NULL, related_name="answers")
    partner = models.ForeignKey(Partner, null=True, on_delete=models.PROTECT, related_name="received")
    contact = models.ForeignKey(
        Contact, null=True, on_delete=models.PROTECT, related_name="received", db_index=False
    )
    from_address = models.CharField(max_length=254, blank=True, default="")
    subject = models.CharField(max_length=200, blank=True, default="")
    text = models.TextField(blank=True, default="")
    note = models.CharField(max_length=300, blank=True, default="")
    received_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["-received_at"], name="received_recent")]

    def __str__(self) -> str:
        return self.subject


class ReadingPlace(models.Model):
    """How far a mailbox was read, and why the last reading failed, if it did."""

    mailbox = models.CharField(max_length=120, unique=True)
    validity = models.BigIntegerField(default=0)
    uid = models.BigIntegerField(default=0)
    read_at = models.DateTimeField()
    error = models.CharField(max_length=300, blank=True, default="")

    def __str__(self) -> str:
        return self.mailbox


class Reminder(models.Model):
    """Somebody is to be told of a promise, once for its rule and due moment; who that is, is asked when the time comes."""

    class State(models.TextChoices):
        PLANNED = "planned", "Planned"
        TOLD = "told", "Told"
        KEPT = "kept", "Kept for the digest"
        DROPPED = "dropped", "Dropped"

    promise = models.ForeignKey(Promise, on_delete=models.PROTECT, related_name="reminders", db_index=False)
    rule = models.CharField(max_length=16)
    for_due_at = models.DateTimeField()
    at = models.DateTimeField()
    state = models.CharField(max_length=7, choices=State, default=State.PLANNED)
    person = models.ForeignKey(
        Account, null=True, on_delete=models.PROTECT, related_name="reminders", db_index=False
    )
    contact = models.ForeignKey(
        Contact, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["promise", "for_due_at", "rule"], name="one_reminder_a_rule")
        ]
        indexes = [
            models.Index(fields=["at"], condition=Q(state="planned"), name="reminder_planned"),
            models.Index(fields=["person", "told_at"], condition=Q(state="told"), name="reminder_told"),
            models.Index(fields=["person"], condition=Q(state="kept"), name="reminder_kept"),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.promise_id}"
