"""What routines made of events: for people who ask why something opened, or why it did not."""

from __future__ import annotations

from django.db import models


class Reaction(models.Model):
    """What a routine made of an event: it opened, or why it did not. One of each verdict an event and subject."""

    class Verdict(models.TextChoices):
        OPENED = "opened", "Opened"
        RESTARTED = "restarted", "Opened anew; the one before was closed"
        OVERTAKEN = "overtaken", "A later event took its place at once"
        CLOSED = "closed", "Closed what was open"
        IGNORED = "ignored", "Ignored: one is still open"
        DEBOUNCED = "debounced", "Ignored: too soon after the last"
        RESTING = "resting", "It was agreed to leave this subject out"
        OUTSIDE = "outside", "Outside the audience"
        UNMET = "unmet", "The condition does not hold"
        UNKNOWN = "unknown", "Could not be judged"
        OWNERLESS = "ownerless", "Names nobody whom it concerns"
        DATELESS = "dateless", "Tells no day to count from"
        PAST = "past", "Its due day is over"
        FAILED = "failed", "Failed"

    routine = models.ForeignKey("Routine", on_delete=models.CASCADE, related_name="reactions", db_index=False)
    event_id = models.BigIntegerField()
    subscription = models.ForeignKey(
        "Subscription", null=True, on_delete=models.CASCADE, related_name="reactions"
    )
    verdict = models.CharField(max_length=9, choices=Verdict)
    detail = models.CharField(max_length=200, blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["routine", "event_id", "subscription", "verdict"],
                nulls_distinct=False,
                name="one_reaction",
            )
        ]
        indexes = [
            models.Index(fields=["routine", "-id"], name="reaction_of_routine"),
            models.Index(fields=["event_id"], name="reaction_to_event"),
        ]
