"""Meetings of both sides, with who comes and what is on the agenda. An invitation is a message beside it."""

from __future__ import annotations

from django.db import models

from drumbeat.apps.ledger.models import Promise, Side
from drumbeat.apps.partners.models import Contact, Partner
from drumbeat.apps.people.models import Account


class Series(models.Model):
    """Meetings that were arranged together, by a rule (RRULE, with COUNT or UNTIL). Its dates are meetings of their own."""

    uid = models.CharField(max_length=120, unique=True)
    sequence = models.PositiveIntegerField(default=0)
    rule = models.CharField(max_length=200)
    starts_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.rule


class Meeting(models.Model):
    """One meeting. Of a series it bears the series' UID, and `original_at` is the start that it had there."""

    class State(models.TextChoices):
        ARRANGED = "arranged", "Arranged"
        HELD = "held", "Held"
        CANCELLED = "cancelled", "Cancelled"

    uid = models.CharField(max_length=120)
    series = models.ForeignKey(Series, null=True, on_delete=models.PROTECT, related_name="meetings")
    original_at = models.DateTimeField(null=True)
    sequence = models.PositiveIntegerField(default=0)
    title = models.CharField(max_length=160)
    partner = models.ForeignKey(Partner, null=True, on_delete=models.PROTECT, related_name="meetings")
    organiser = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="organised")
    promise = models.ForeignKey(Promise, null=True, on_delete=models.PROTECT, related_name="meetings")
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    zone = models.CharField(max_length=64)
    room = models.CharField(max_length=120, blank=True, default="")
    video_url = models.URLField(max_length=500, blank=True, default="")
    changed_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State, default=State.ARRANGED)
    notes = models.TextField(blank=True, default="")
    notes_version = models.PositiveIntegerField(default=0)
    minutes_sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["starts_at"]
        indexes = [models.Index(fields=["organiser", "starts_at"], name="meeting_of_organiser")]
        constraints = [
            models.UniqueConstraint(
                fields=["uid", "original_at"], nulls_distinct=False, name="one_meeting_a_date"
            )
        ]

    def __str__(self) -> str:
        return self.title


class Attendee(models.Model):
    class Answer(models.TextChoices):
        NONE = "none", "No answer yet"
        ACCEPTED = "accepted", "Accepted"
        DECLINED = "declined", "Declined"

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendees")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=8, choices=Answer, default=Answer.NONE)
    attended = models.BooleanField(null=True)

    @property
    def who(self) -> Contact | Account | None:
        return self.contact or self.person


class CounterProposal(models.Model):
    """Another time that a guest asked for. One that nobody settled yet is open; a guest has one open at most."""

    attendee = models.ForeignKey(Attendee, on_delete=models.CASCADE, related_name="counters")
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=300, blank=True, default="")
    received_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    is_accepted = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["attendee"], condition=models.Q(settled_at=None), name="one_open_counter_each"
            )
        ]

    def __str__(self) -> str:
        return f"{self.attendee.who} asks for {self.starts_at:%Y-%m-%d %H:%M}"


class OwnCalendar(models.Model):
    """Somebody's own calendar on a server (CalDAV), where his meetings are laid. The password is sealed."""

    person = models.OneToOneField(Account, on_delete=models.PROTECT, related_name="own_calendar")
    url = models.URLField(max_length=500)
    user = models.CharField(max_length=200)
    password = models.TextField()
    opened_at = models.DateTimeField()
    closing_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True, default="")
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.url

    @property
    def is_closing(self) -> bool:
        """Also when the account was closed."""
        return self.closing_at is not None or not self.person.is_active


class CalendarCopy(models.Model):
    """A meeting as it lies on somebody's calendar: its version there (ETag), and of which change of the meeting it tells.

    *Foreign* is one that somebody else changed or took away over there: it is left alone until a person decides.
    """

    class State(models.TextChoices):
        CURRENT = "current", "Laid there"
        FOREIGN = "foreign", "Changed over there"
        REFUSED = "refused", "Refused by the server"
        OURS = "ours", "To be written again"
        LEFT = "left", "Left as it is over there"

    calendar = models.ForeignKey(OwnCalendar, on_delete=models.CASCADE, related_name="copies")
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="copies")
    etag = models.CharField(max_length=200, blank=True, default="")
    told_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.CURRENT)
    error = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["calendar", "meeting"], name="one_copy_each")]

    def __str__(self) -> str:
        return f"{self.meeting} on {self.calendar}"


class AgendaPoint(models.Model):
    """Something to talk about: found by the machine, or added by somebody (`contact` or `person`), and then it stays."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="points")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)
    side = models.CharField(max_length=7, choices=Side, default=Side.BOTH)
    promise = models.ForeignKey(Promise, null=True, on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    is_done = models.BooleanField(default=False)
    notes = models.TextField(blank=True, default="")
    notes_version = models.PositiveIntegerField(default=0)
    decision = models.TextField(blank=True, default="")
    decision_version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
