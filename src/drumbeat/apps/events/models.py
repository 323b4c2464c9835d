"""What happened, in the order it happened. Ids and codes only: no keys upwards, no names."""

from django.db import models


class Event(models.Model):
    kind = models.CharField(max_length=40)
    subject_kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    payload = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["subject_kind", "subject_id", "-at"], name="event_of_subject"),
            models.Index(fields=["kind", "-at"], name="event_of_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_kind} {self.subject_id}"
