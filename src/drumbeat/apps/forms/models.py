"""Answers to forms, links that lead to them without a log-in, files handed in, and forms of the vendor's own.

What a form or a link serves is told by a plain id: the steps lie above.
"""

from __future__ import annotations

from django.db import models

from drumbeat.apps.partners.models import Contact
from drumbeat.apps.people.models import Account


class OwnForm(models.Model):
    """A form of the vendor's own; its key takes the place of a shipped one."""

    key = models.SlugField(max_length=48, unique=True)
    text = models.TextField()
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return self.key


class Answer(models.Model):
    """What was filled in for one step, on the form as it stood then. `draft` are raw texts, half filled or refused;
    `values` are there when it was submitted, by the contact or by a colleague (`person`) on the contact's behalf."""

    step_id = models.BigIntegerField(unique=True)
    form = models.SlugField(max_length=48, db_index=False)
    text = models.TextField()
    draft = models.JSONField(default=dict)
    values = models.JSONField(null=True)
    changed_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    contact = models.ForeignKey(
        Contact, null=True, on_delete=models.PROTECT, related_name="answers", db_index=False
    )
    person = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    round = models.PositiveSmallIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.form} for step {self.step_id}"


class Link(models.Model):
    """A signed link for one person and one purpose. It ends by itself, may be called back, and says when it was used.
    Its subject is a step, a meeting, or whose calendar it is."""

    class Purpose(models.TextChoices):
        FORM = "form", "Fill in a form"
        APPROVAL = "approval", "Decide"
        PREFERENCES = "preferences", "Choose what mail comes"
        COMMITMENTS = "commitments", "Answer for commitments"
        AGENDA = "agenda", "Add to an agenda"
        OWN_CALENDAR = "own-calendar", "Subscribe to one's own meetings"
        TEAM_CALENDAR = "team-calendar", "Subscribe to everybody's meetings"
        PARTNER_CALENDAR = "partner-calendar", "Subscribe to the meetings with a partner"

    purpose = models.CharField(max_length=16)
    subject_id = models.BigIntegerField()
    contact = models.ForeignKey(
        Contact, null=True, on_delete=models.PROTECT, related_name="links", db_index=False
    )
    person = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["purpose", "subject_id", "contact", "person"],
                nulls_distinct=False,
                name="one_link_each",
            )
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.subject_id}"

    @property
    def who(self) -> Contact | Account:
        found = self.contact or self.person
        assert found, "a link is somebody's"
        return found


class File(models.Model):
    """A file that was handed in; its bytes lie in the storage under their digest."""

    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    kept_at = models.DateTimeField()
    contact = models.ForeignKey(
        Contact, null=True, on_delete=models.PROTECT, related_name="files", db_index=False
    )
    person = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    def __str__(self) -> str:
        return self.name

    @property
    def as_answer(self) -> dict[str, object]:
        return {"id": self.pk, "name": self.name, "size": self.size}
