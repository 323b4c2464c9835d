"""Partners, the people there, who looks after them, and the facts that rules read."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from drumbeat.apps.people.models import Account, Leave, sort_name


class PartnerType(models.TextChoices):
    VAR = "var", "Value-added reseller"
    MSP = "msp", "Managed service provider"
    SI = "si", "Systems integrator"
    ISV = "isv", "Independent software vendor"
    DISTRIBUTOR = "distributor", "Distributor"
    REFERRAL = "referral", "Referral partner"


class Status(models.TextChoices):
    PROSPECT = "prospect", "Prospect"
    ONBOARDING = "onboarding", "Onboarding"
    ACTIVE = "active", "Active"
    SUSPENDED = "suspended", "Suspended"
    CLOSED = "closed", "Closed"


class Tier(models.TextChoices):
    NONE = "none", "No tier"
    REGISTERED = "registered", "Registered"
    SILVER = "silver", "Silver"
    GOLD = "gold", "Gold"
    PLATINUM = "platinum", "Platinum"


class ContactRole(models.TextChoices):
    PRINCIPAL = "principal", "Principal"
    SALES_LEAD = "sales_lead", "Sales lead"
    SELLER = "seller", "Seller"
    TECHNICAL_LEAD = "technical_lead", "Technical lead"
    MARKETING = "marketing", "Marketing"
    OPERATIONS = "operations", "Operations"
    FINANCE = "finance", "Finance"
    PORTAL_ADMIN = "portal_admin", "Portal admin"


class Territory(models.Model):
    key = models.SlugField(max_length=48, unique=True)
    name = models.CharField(max_length=80)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "territories"

    def __str__(self) -> str:
        return self.name


class PartnerSet(models.QuerySet["Partner"]):
    def active(self) -> PartnerSet:
        return self.filter(status=Status.ACTIVE)

    def managed_by(self, person: Account, on: date) -> PartnerSet:
        return self.filter(id__in=Assignment.objects.current(on).filter(person=person).values("partner_id"))


class Partner(models.Model):
    """A firm that sells, services or refers for the vendor."""

    key = models.SlugField(max_length=64, unique=True)
    name = models.CharField(max_length=160)
    sort_name = models.CharField(max_length=200, editable=False)
    type = models.CharField(max_length=12, choices=PartnerType)
    status = models.CharField(max_length=12, choices=Status, default=Status.PROSPECT)
    tier = models.CharField(max_length=12, choices=Tier, default=Tier.NONE)
    country = models.CharField(max_length=2)
    subdivision = models.CharField(max_length=6, blank=True)
    city = models.CharField(max_length=80, blank=True)
    address = models.TextField(blank=True)
    postal_code = models.CharField(max_length=20, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    zone = models.CharField(max_length=64)
    calendar = models.CharField(
        max_length=12,
        blank=True,
        verbose_name="business calendar",
        help_text="DE or DE-BY; empty: by country and subdivision",
    )
    language = models.CharField(max_length=12, default="en")
    territory = models.ForeignKey(Territory, null=True, blank=True, on_delete=models.PROTECT)
    joined_on = models.DateField(null=True, blank=True)
    external_id = models.CharField(max_length=64, null=True, blank=True, unique=True)
    gives_pos = models.BooleanField(default=False, verbose_name="sends point-of-sale files")
    business_type = models.CharField(
        max_length=80, blank=True, default="", db_default="", help_text="What its own source calls it"
    )
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged_from"
    )

    objects = PartnerSet.as_manager()

    class Meta:
        ordering = ["sort_name", "id"]
        indexes = [
            models.Index(fields=["sort_name", "id"], name="partner_by_name"),
            models.Index(fields=["status", "sort_name"], name="partner_by_status"),
            models.Index(fields=["country"], name="partner_by_country"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.sort_name = sort_name(self.name)
        super().save(*args, **kwargs)

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)


class ContactSet(models.QuerySet["Contact"]):
    def present(self, on: date) -> ContactSet:
        return self.filter(Q(left_on=None) | Q(left_on__gt=on), joined_on__lte=on)

    def in_roles(self, *roles: str) -> ContactSet:
        return self.filter(roles__overlap=list(roles))


class Contact(models.Model):
    """A person at a partner; comes and goes."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="contacts")
    name = models.CharField(max_length=120)
    sort_name = models.CharField(max_length=200, editable=False)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    roles = ArrayField(models.CharField(max_length=16, choices=ContactRole), default=list)
    language = models.CharField(max_length=12, blank=True)
    joined_on = models.DateField()
    left_on = models.DateField(null=True, blank=True)

    objects = ContactSet.as_manager()

    class Meta:
        ordering = ["sort_name", "id"]
        indexes = [models.Index(fields=["sort_name", "id"], name="contact_by_name")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.sort_name = sort_name(self.name)
        super().save(*args, **kwargs)


class AssignmentSet(models.QuerySet["Assignment"]):
    def current(self, on: date) -> AssignmentSet:
        return self.filter(Q(until_on=None) | Q(until_on__gt=on), from_on__lte=on)


class Assignment(models.Model):
    """Who looks after a partner, from a day until another: the channel manager over time."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="assignments")
    person = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="assignments")
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)

    objects = AssignmentSet.as_manager()

    class Meta:
        ordering = ["-from_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["partner"], condition=Q(until_on=None), name="one_open_assignment"
            ),
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=models.F("from_on")),
                name="assignment_ends_after_start",
            ),
        ]
        indexes = [models.Index(fields=["person", "partner"], name="assignment_of_person")]


class CoverSet(models.QuerySet["Cover"]):
    def in_force(self, on: date) -> CoverSet:
        return self.filter(leave__state=Leave.State.APPROVED, leave__from_on__lte=on, leave__until_on__gt=on)


class Cover(models.Model):
    """Who looks after one partner during a leave of its manager."""

    leave = models.ForeignKey(Leave, on_delete=models.CASCADE, related_name="covers")
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="covers")
    person = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="covers")

    objects = CoverSet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["leave", "partner"], name="one_cover_a_partner")]


class Merge(models.Model):
    """One partner became part of another. `moved` names the rows that went over, so that a wrong merge can be split."""

    lost = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="merges")
    kept = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+")
    merged_at = models.DateTimeField()
    merged_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    split_at = models.DateTimeField(null=True)
    split_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    moved = models.JSONField(default=dict)

    class Meta:
        ordering = ["-merged_at"]
        constraints = [
            models.UniqueConstraint(fields=["lost"], condition=Q(split_at=None), name="one_standing_merge")
        ]


class Fact(models.Model):
    """A named value about a partner, as of a moment. The latest one counts."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="facts")
    name = models.CharField(max_length=40)
    value = models.JSONField()
    as_of = models.DateTimeField()
    source = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["partner", "name"], name="one_fact_a_name")]


class DoubleSet(models.QuerySet["Double"]):
    def undecided(self) -> DoubleSet:
        """Of partners that both still stand by themselves."""
        return self.filter(decision="", first__merged_into=None, second__merged_into=None)


class Double(models.Model):
    """Two partners that may be one firm, the lower id first, why it looks so, and what a person decided: it is asked once."""

    class Decision(models.TextChoices):
        SAME = "same", "The same"
        APART = "apart", "Not the same"

    first = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="+")
    score = models.SmallIntegerField()
    reasons = ArrayField(models.CharField(max_length=120), default=list)
    found_at = models.DateTimeField()
    decision = models.CharField(max_length=5, choices=Decision, blank=True, default="")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")

    objects = DoubleSet.as_manager()

    class Meta:
        ordering = ["-score", "id"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="one_double_a_pair"),
            models.CheckConstraint(condition=Q(first__lt=models.F("second")), name="double_in_order"),
        ]
        indexes = [models.Index(fields=["-score", "id"], condition=Q(decision=""), name="double_undecided")]

    def __str__(self) -> str:
        return f"{self.first} and {self.second}"
