"""What was promised and what became of it. Entries and promises are written once: the database refuses change.

Ids and codes only; names, addresses and free text live in erasable rows beside the ledger.
"""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q

from drumbeat.apps.partners.models import Contact, Partner
from drumbeat.apps.people.models import Account


class Side(models.TextChoices):
    VENDOR = "vendor", "Vendor"
    PARTNER = "partner", "Partner"
    BOTH = "both", "Both"
    TEAM = "team", "Team"


class Through(models.TextChoices):
    PERSON = "person", "a person"
    MACHINE = "machine", "the machine"
    MEETING = "meeting", "a meeting"


class Outcome(models.TextChoices):
    KEPT = "kept", "Kept"
    LATE = "late", "Late"
    MISSED = "missed", "Missed"
    WAIVED = "waived", "Waived"


class EntryKind(models.TextChoices):
    PROMISED = "promised", "Promised"
    REDATED = "redated", "Redated"
    RESTED = "rested", "The other side's turn"
    RESUMED = "resumed", "Our turn again"
    KEPT = "kept", "Kept"
    LATE = "late", "Late"
    MISSED = "missed", "Missed"
    WAIVED = "waived", "Waived"
    CORRECTED = "corrected", "Corrected"


class Promise(models.Model):
    """A dated undertaking of one side to the other. `routine` is a key, because routines live above the ledger."""

    origin = models.CharField(max_length=10, default="routine")
    routine = models.CharField(max_length=48, blank=True)
    owing = models.CharField(max_length=7, choices=Side)
    owed = models.CharField(max_length=7, choices=Side)
    kept_through = models.CharField(max_length=7, choices=Through)
    partner = models.ForeignKey(
        Partner, null=True, on_delete=models.PROTECT, related_name="promises", db_index=False
    )
    person = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    promised_at = models.DateTimeField()
    original_due_at = models.DateTimeField()
    original_deadline_at = models.DateTimeField()
    original_miss_at = models.DateTimeField()
    text = models.CharField(max_length=160, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["routine", "original_due_at"], name="promise_of_routine"),
            models.Index(fields=["partner", "original_due_at"], name="promise_of_partner"),
        ]

    def __str__(self) -> str:
        return f"{self.routine or self.origin} {self.original_due_at:%Y-%m-%d}"


class NextEntryId(models.Func):
    """Partitioned tables get their numbers from a sequence (identity there needs PostgreSQL 17)."""

    template = "nextval('ledger_entry_id_seq'::regclass)"
    output_field = models.BigIntegerField()


class Entry(models.Model):
    """One line of the book. Partitioned by the month of `recorded_at`; made by SQL in the first migration."""

    pk = models.CompositePrimaryKey("recorded_at", "id")
    recorded_at = models.DateTimeField()
    id = models.BigIntegerField(db_default=NextEntryId())
    promise_id = models.BigIntegerField()
    kind = models.CharField(max_length=9, choices=EntryKind)
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    cause = models.CharField(max_length=7, blank=True, default="")
    reason = models.CharField(max_length=24, blank=True, default="")
    due_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.promise_id}"


def past_deadline(at: datetime) -> Q:
    """Of open standings; one whose clock rests, because the other side has its turn, waits for nobody here."""
    return Q(deadline_at__lte=at, rests_from=None)


class StandingSet(models.QuerySet["Standing"]):
    def open(self) -> StandingSet:
        return self.filter(outcome=None)

    def overdue(self, at: datetime) -> StandingSet:
        return self.open().filter(past_deadline(at))


class Standing(models.Model):
    """How a promise stands now; rebuilt from its entries it must come out the same. `rests_from` is when the other side got
    its turn: until it has answered the promise falls neither late nor missed."""

    promise = models.OneToOneField(
        Promise, primary_key=True, on_delete=models.PROTECT, related_name="standing"
    )
    partner = models.ForeignKey(
        Partner, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    person = models.ForeignKey(
        Account, null=True, on_delete=models.PROTECT, related_name="standings", db_index=False
    )
    due_at = models.DateTimeField()
    deadline_at = models.DateTimeField()
    miss_at = models.DateTimeField()
    outcome = models.CharField(max_length=6, choices=Outcome, null=True)
    outcome_at = models.DateTimeField(null=True)
    cause = models.CharField(max_length=7, blank=True, default="")
    rests_from = models.DateTimeField(null=True)

    objects = StandingSet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["miss_at"], condition=Q(outcome=None), name="standing_open"),
            models.Index(fields=["person", "due_at"], name="standing_of_person"),
            models.Index(fields=["due_at", "promise"], name="standing_by_due"),
            models.Index(
                fields=["person", "deadline_at"], condition=Q(outcome=None), name="standing_open_of_person"
            ),
            models.Index(
                fields=["partner", "due_at"], condition=Q(outcome=None), name="standing_open_of_partner"
            ),
            # Few rest, and every page of Today asks which.
            models.Index(fields=["promise"], condition=Q(rests_from__isnull=False), name="standing_resting"),
        ]


class Tally(models.Model):
    """Outcomes counted by month of due (UTC). Every on-time record is a sum of these rows."""

    month = models.DateField()
    side = models.CharField(max_length=7, choices=Side)
    partner = models.ForeignKey(
        Partner, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    routine = models.CharField(max_length=48)
    person = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    kept_through = models.CharField(max_length=7, choices=Through)
    kept = models.IntegerField(default=0)
    late = models.IntegerField(default=0)
    missed = models.IntegerField(default=0)
    waived = models.IntegerField(default=0)
    late_seconds = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "month", "side", "routine", "person", "kept_through"],
                nulls_distinct=False,
                name="one_tally",
            )
        ]
        indexes = [
            models.Index(fields=["person", "side", "month"], name="tally_of_person"),
            models.Index(fields=["routine", "month"], name="tally_of_routine"),
        ]


class Ask(models.Model):
    """A plea to waive or redate a promise: decided by the side that is owed, or by the director."""

    class Kind(models.TextChoices):
        WAIVE = "waive", "Waive"
        REDATE = "redate", "Redate"

    promise = models.ForeignKey(Promise, on_delete=models.PROTECT, related_name="asks")
    kind = models.CharField(max_length=6, choices=Kind)
    reason = models.CharField(max_length=24)
    note = models.CharField(max_length=300, blank=True)
    new_due_at = models.DateTimeField(null=True)
    asked_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="asks")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    granted = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["promise"], condition=Q(decided_at=None), name="one_open_ask")
        ]


class CommitmentSet(models.QuerySet["Commitment"]):
    def unanswered(self) -> CommitmentSet:
        """Said, and not yet acknowledged by the owner; a declined one is answered."""
        return self.filter(state__in=[Commitment.State.PROPOSED, Commitment.State.QUESTIONED])

    def of(self, origin: str, pk: int) -> CommitmentSet:
        return self.filter(origin=origin, origin_id=pk)


class Commitment(models.Model):
    """What a person of either side undertook by word. It becomes a promise of the book when its owner acknowledges it.

    `origin` and `origin_id` say where it was said (a meeting, a plan, a mail), without a key up.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", "Proposed"
        ACKNOWLEDGED = "acknowledged", "Acknowledged"
        QUESTIONED = "questioned", "Questioned"
        DECLINED = "declined", "Declined"

    text = models.CharField(max_length=160)
    measure = models.CharField(max_length=160, blank=True, default="")
    partner = models.ForeignKey(Partner, null=True, on_delete=models.PROTECT, related_name="commitments")
    person = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="commitments")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.PROTECT, related_name="commitments")
    due_at = models.DateTimeField()
    origin = models.CharField(max_length=10)
    origin_id = models.BigIntegerField(null=True)
    proposed_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State, default=State.PROPOSED)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=300, blank=True, default="")
    wanted_due_at = models.DateTimeField(null=True)
    promise = models.OneToOneField(Promise, null=True, on_delete=models.PROTECT, related_name="commitment")

    objects = CommitmentSet.as_manager()

    class Meta:
        ordering = ["proposed_at", "pk"]
        indexes = [models.Index(fields=["origin", "origin_id"], name="commitment_of_origin")]
        constraints = [
            models.CheckConstraint(
                condition=Q(person=None, contact__isnull=False) | Q(person__isnull=False, contact=None),
                name="commitment_has_one_owner",
            )
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def owner(self) -> Contact | Account:
        owner = self.contact or self.person
        assert owner, "the database holds one owner"
        return owner

    @property
    def owing(self) -> str:
        return Side.PARTNER if self.contact_id else Side.VENDOR

    @property
    def owed(self) -> str:
        return Side.VENDOR if self.contact_id else Side.PARTNER
