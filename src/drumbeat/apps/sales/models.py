"""Sell-through as partners report it, by month. Lines, products and quotas come with the channel data."""

from django.db import models

from drumbeat.apps.partners.models import Partner


class SellThrough(models.Model):
    """What a partner sold in a month, and when its file came in."""

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="sell_through")
    month = models.DateField()
    amount = models.DecimalField(max_digits=16, decimal_places=2)
    currency = models.CharField(max_length=3)
    received_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["partner", "month"], name="one_figure_a_month")]
