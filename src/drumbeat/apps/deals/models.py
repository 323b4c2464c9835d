"""Deals: one sale to one customer, and its stage. Registrations and their decisions come with programs."""

from django.db import models
from django.db.models import Q

from drumbeat.apps.partners.models import Partner
from drumbeat.apps.sales.models import Product, Seller


class Deal(models.Model):
    class Stage(models.TextChoices):
        OPEN = "open", "Open"
        WON = "won", "Won"
        LOST = "lost", "Lost"

    # Without a partner it is the vendor's own sale.
    partner = models.ForeignKey(Partner, null=True, on_delete=models.PROTECT, related_name="deals")
    customer = models.CharField(max_length=160)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    currency = models.CharField(max_length=3)
    stage = models.CharField(max_length=4, choices=Stage, default=Stage.OPEN)
    submitted_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    # What a loaded file says besides: its own key, who sells what, and the stage in its own words.
    external_id = models.CharField(max_length=64, null=True, blank=True, unique=True)
    seller = models.ForeignKey(Seller, null=True, on_delete=models.PROTECT, related_name="deals")
    product = models.ForeignKey(Product, null=True, on_delete=models.PROTECT, related_name="deals")
    product_as_written = models.CharField(max_length=160, blank=True, default="", db_default="")
    stage_as_written = models.CharField(max_length=40, blank=True, default="", db_default="")

    class Meta:
        ordering = ["-submitted_at"]
        indexes = [
            models.Index(fields=["partner", "-submitted_at"], name="deal_of_partner"),
            models.Index(fields=["partner", "moved_at"], condition=Q(stage="open"), name="deal_open"),
        ]

    def __str__(self) -> str:
        return self.customer
