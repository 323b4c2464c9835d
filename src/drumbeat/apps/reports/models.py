"""Editions: a report as it was built, kept with the data that it shows. Pages and PDFs are drawn from that data."""

from django.db import models

from drumbeat.apps.partners.models import Partner
from drumbeat.apps.people.models import Account
from drumbeat.apps.routines.models import Step


class Edition(models.Model):
    report = models.CharField(max_length=48)
    title = models.CharField(max_length=160)
    partner = models.ForeignKey(Partner, null=True, on_delete=models.PROTECT, related_name="editions")
    person = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="editions")
    step = models.OneToOneField(Step, null=True, on_delete=models.PROTECT, related_name="edition")
    period_from = models.DateField()
    period_until = models.DateField()
    built_at = models.DateTimeField()
    data = models.JSONField()
    # When it was noticed that later files have changed its figures; the edition that stands in its place since.
    differs_at = models.DateTimeField(null=True)
    compared_at = models.DateTimeField(null=True)  # when it was last found to tell what would be told then
    corrects = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="correction")

    class Meta:
        ordering = ["-built_at", "-id"]
        indexes = [models.Index(fields=["-built_at"], name="edition_recent")]

    def __str__(self) -> str:
        return self.title
