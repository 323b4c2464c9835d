"""What figures are counted from and no other room holds: what an hour costs, direct costs, fund money, what partners did for
a deal, frozen forecasts, and the cells of the market that are aimed at. All of it comes from files; money is in the vendor's
currency. Nothing here is computed."""

from __future__ import annotations

from django.db import models

from drumbeat.apps.deals.models import Deal
from drumbeat.apps.partners.models import Partner, Territory
from drumbeat.apps.people.models import Role


class HourlyCost(models.Model):
    """What an hour of a role costs, from a day until the next such row."""

    role = models.CharField(max_length=20, choices=Role)
    from_on = models.DateField()
    amount = models.DecimalField(max_digits=18, decimal_places=4)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["role", "from_on"], name="one_cost_of_an_hour")]


class Cost(models.Model):
    """Money spent on one partner directly: travel, an event, a machine lent. Fund money is none."""

    key = models.CharField(max_length=64, unique=True)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    amount = models.DecimalField(max_digits=18, decimal_places=4)
    what = models.CharField(max_length=80, default="")


class Fund(models.Model):
    """Money of a marketing fund, as far as it has come. `activity` names what it was for."""

    class State(models.TextChoices):
        GRANTED = "granted", "Granted"
        RESERVED = "reserved", "Reserved"
        PAYABLE = "payable", "Payable"
        PAID = "paid", "Paid"
        EXPIRED = "expired", "Expired"

    key = models.CharField(max_length=64, unique=True)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    state = models.CharField(max_length=8, choices=State)
    amount = models.DecimalField(max_digits=18, decimal_places=4)
    activity = models.CharField(max_length=64, default="", db_index=True)


class Act(models.Model):
    """What a partner did for a deal, on a day; for a fund's activity, if it came of one."""

    key = models.CharField(max_length=64, unique=True)
    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="acts")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    what = models.CharField(max_length=80, default="")
    activity = models.CharField(max_length=64, default="", db_index=True)


class Forecast(models.Model):
    """What a partner was expected to sell in a month, as it was frozen before the month began."""

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+")
    month = models.DateField()
    amount = models.DecimalField(max_digits=18, decimal_places=4)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["partner", "month"], name="one_forecast_a_month")]


class Cell(models.Model):
    """A territory, a vertical and a capability in which a partner is wanted."""

    territory = models.ForeignKey(Territory, on_delete=models.CASCADE, related_name="cells")
    vertical = models.CharField(max_length=64)
    capability = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["territory", "vertical", "capability"], name="one_cell")
        ]
