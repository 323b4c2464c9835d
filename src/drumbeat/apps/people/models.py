"""The vendor and its staff. Knows nothing of partners."""

from __future__ import annotations

import unicodedata
from datetime import date, time
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class Role(models.TextChoices):
    CHANNEL_MANAGER = "channel_manager", "Channel manager"
    DIRECTOR = "director", "Director"
    PARTNER_OPERATIONS = "partner_operations", "Partner operations"
    ADMINISTRATOR = "administrator", "Administrator"


def sort_name(name: str) -> str:
    """A folded form to order lists by, the same on every server: no accents, no case."""
    folded = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in folded if not unicodedata.combining(letter)).strip()[:200]


class Vendor(models.Model):
    """The firm that runs this installation: one row."""

    name = models.CharField(max_length=120)
    country = models.CharField(max_length=2)
    subdivision = models.CharField(max_length=6, blank=True)
    zone = models.CharField(max_length=64)
    currency = models.CharField(max_length=3, default="EUR")
    language = models.CharField(max_length=12, default="en")
    mail_from = models.EmailField()
    is_demo = models.BooleanField(default=False)
    # The fiscal year: its first month, and whether it has months or whole weeks. Only weeks end near a weekday.
    fiscal_year_starts = models.PositiveSmallIntegerField(default=1)
    fiscal_pattern = models.CharField(max_length=6, default="months")
    fiscal_anchor = models.CharField(max_length=7, default="nearest")
    fiscal_weekday = models.PositiveSmallIntegerField(default=5)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="vendor_is_one")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_set_up(self) -> bool:
        """False for the stand-in of an installation that nobody has set up yet."""
        return self.pk is not None


class CompanyDay(models.Model):
    """A day on which the vendor as a whole does not work, beside the national holidays."""

    on = models.DateField(unique=True)
    name = models.CharField(max_length=80)

    class Meta:
        ordering = ["on"]


class AccountObjects(BaseUserManager["Account"]):
    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(email__iexact=username)


class Account(AbstractBaseUser):
    """A person of the vendor who may sign in."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    sort_name = models.CharField(max_length=200, editable=False)
    role = models.CharField(max_length=20, choices=Role)
    zone = models.CharField(max_length=64, default="UTC")
    country = models.CharField(max_length=2, blank=True)
    subdivision = models.CharField(max_length=6, blank=True)
    language = models.CharField(max_length=12, default="en")
    works_from = models.TimeField(default=time(9))
    works_until = models.TimeField(default=time(17))
    routine_minutes_a_day = models.PositiveSmallIntegerField(default=360)
    is_active = models.BooleanField(default=True)

    objects: ClassVar[AccountObjects] = AccountObjects()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name", "role"]

    class Meta:
        ordering = ["sort_name", "id"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.sort_name = sort_name(self.name)
        super().save(*args, **kwargs)

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    def has(self, *roles: str) -> bool:
        return self.role in roles


class LeaveSet(models.QuerySet["Leave"]):
    def approved(self) -> LeaveSet:
        return self.filter(state=Leave.State.APPROVED)

    def on(self, day: date) -> LeaveSet:
        return self.filter(from_on__lte=day, until_on__gt=day)

    def standing(self) -> LeaveSet:
        """Asked for or approved, and not taken back."""
        return self.filter(state__in=[Leave.State.ASKED, Leave.State.APPROVED])


class Leave(models.Model):
    """Days on which a person is away, from a day until the day of return. `cover` does what no other cover was named for."""

    class Kind(models.TextChoices):
        HOLIDAY = "holiday", "Holiday"
        ILLNESS = "illness", "Illness"
        PARENTAL = "parental", "Parental leave"
        TRAINING = "training", "Training"
        OTHER = "other", "Other"

    class State(models.TextChoices):
        ASKED = "asked", "Asked for"
        APPROVED = "approved", "Approved"
        DECLINED = "declined", "Declined"
        CANCELLED = "cancelled", "Taken back"

    person = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="leaves")
    from_on = models.DateField()
    until_on = models.DateField()
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.HOLIDAY)
    cover = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="covered_leaves")
    note = models.CharField(max_length=300, blank=True, default="")
    state = models.CharField(max_length=9, choices=State, default=State.ASKED)
    asked_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    objects = LeaveSet.as_manager()

    class Meta:
        ordering = ["from_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until_on__gt=models.F("from_on")), name="leave_has_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.from_on} until {self.until_on}"
