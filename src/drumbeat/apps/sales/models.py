"""What partners sell: lines with their products, sellers and territories; quotas, rates, the published fiscal days;
and the months that lines, or figures without lines, add up to. Knows no file that they came from, only its number."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from drumbeat.apps.partners.models import Partner


class SellThrough(models.Model):
    """What a partner sold in a month, and when its file came in: the sum of the month's lines, or a figure of its own.
    Of lines it knows their cost, the amount of those that say one, their first and last day, and when they changed last."""

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="sell_through")
    month = models.DateField()
    amount = models.DecimalField(max_digits=18, decimal_places=4)
    currency = models.CharField(max_length=3)
    received_at = models.DateTimeField()
    has_lines = models.BooleanField(default=False, db_default=False)
    cost = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    costed = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    first_on = models.DateField(null=True)
    last_on = models.DateField(null=True)
    changed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partner", "month"], name="one_figure_a_month"),
            models.CheckConstraint(
                name="a_month_of_lines_knows_its_days",
                condition=Q(has_lines=False)
                | Q(first_on__isnull=False, last_on__isnull=False, changed_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["month"], name="figure_by_month"),
            models.Index(fields=["changed_at"], condition=Q(changed_at__isnull=False), name="figure_changed"),
            models.Index(fields=["received_at"], condition=Q(has_lines=False), name="figure_received"),
        ]


class SalesTerritory(models.Model):
    """Where lines are sold: a region in a country in a group of countries."""

    key = models.CharField(max_length=64, unique=True)
    region = models.CharField(max_length=80)
    country = models.CharField(max_length=80, default="")
    group = models.CharField(max_length=80, default="")

    def __str__(self) -> str:
        return self.region


class Seller(models.Model):
    """A person who sells, as the sources name him. The manager is named by key: he may not be in any list himself."""

    key = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=120)
    email = models.CharField(max_length=254, default="")
    title = models.CharField(max_length=120, default="")
    office = models.CharField(max_length=80, default="")
    manager_key = models.CharField(max_length=64, default="", db_index=True)
    territory = models.ForeignKey(SalesTerritory, null=True, on_delete=models.PROTECT, related_name="sellers")

    def __str__(self) -> str:
        return self.name


class Product(models.Model):
    """One version of a product: the number is the catalogue's, the key tells versions apart."""

    key = models.CharField(max_length=64, unique=True)
    number = models.CharField(max_length=64, db_index=True)
    name = models.CharField(max_length=160)
    category = models.CharField(max_length=80, default="")
    subcategory = models.CharField(max_length=80, default="")
    cost = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    list_price = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    from_on = models.DateField(null=True)

    def __str__(self) -> str:
        return self.name


class Line(models.Model):
    """One line of an order that a partner sold. `amount`, cost, tax and freight are in the vendor's currency. A corrected
    line is a new row; the one before it says when and by which load it was replaced, and no longer counts."""

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="lines", db_index=False)
    order_number = models.CharField(max_length=64)
    line_number = models.IntegerField()
    seller = models.ForeignKey(Seller, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    territory = models.ForeignKey(
        SalesTerritory, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    product = models.ForeignKey(
        Product, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    sold_on = models.DateField()
    due_on = models.DateField(null=True)
    shipped_on = models.DateField(null=True)
    quantity = models.DecimalField(max_digits=18, decimal_places=4)
    amount = models.DecimalField(max_digits=18, decimal_places=4)
    currency = models.CharField(max_length=3)
    amount_in_currency = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    cost = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    tax = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    freight = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    load_id = models.BigIntegerField(db_index=True)
    loaded_at = models.DateTimeField()
    replaced_by_load = models.BigIntegerField(null=True)
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "order_number", "line_number"],
                condition=Q(replaced_at=None),
                name="a_line_counts_once",
            ),
        ]
        indexes = [
            models.Index(fields=["sold_on"], name="line_by_day"),
            models.Index(
                fields=["replaced_by_load"], condition=Q(replaced_at__isnull=False), name="line_replaced"
            ),
            models.Index(
                fields=["replaced_at"], condition=Q(replaced_at__isnull=False), name="line_replaced_at"
            ),
        ]


class LineClaim(models.Model):
    """A later file held the same line unchanged: when the file that brought it is undone, the line stays for that one."""

    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="claims")
    load_id = models.BigIntegerField(db_index=True)
    loaded_at = models.DateTimeField()


class Quota(models.Model):
    """What a seller is asked to sell, from a day until the same person's next quota. The label is the source's word."""

    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="quotas")
    from_on = models.DateField()
    amount = models.DecimalField(max_digits=18, decimal_places=4)
    label = models.CharField(max_length=20, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seller", "from_on"], name="one_quota_a_day")]


class Rate(models.Model):
    """What one unit of a currency was worth in the vendor's on a day."""

    currency = models.CharField(max_length=3)
    on = models.DateField()
    rate = models.DecimalField(max_digits=30, decimal_places=18)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["currency", "on"], name="one_rate_a_day")]


class FiscalDay(models.Model):
    """Fiscal year and quarter of a day as a published calendar names them, right or wrong."""

    on = models.DateField(unique=True)
    fiscal_year = models.IntegerField()
    fiscal_quarter = models.SmallIntegerField()
