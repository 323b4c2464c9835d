"""What a routine is made of, as values. It knows the words a routine may use; it does not read texts or judge them."""

import datetime as dt
import hashlib
from dataclasses import dataclass

from drumbeat.core.playbook.contents import AGENDAS as AGENDAS
from drumbeat.core.playbook.contents import REPORTS as REPORTS
from drumbeat.core.subjects import BELONGS, PERSON
from drumbeat.core.subjects import SUBJECTS as SUBJECTS

STAFF_ROLES = ("channel_manager", "director", "partner_operations", "administrator")
PARTNER_ROLES = (
    "sales_lead",
    "principal",
    "seller",
    "technical_lead",
    "marketing",
    "operations",
    "finance",
    "portal_admin",
)
# Words beside roles that name people: who sits in the routine's meeting, and every active contact of the
# subject (of the partner itself, or of all partners of the manager). What an event is about may name a contact: who
# submitted it, or whom it is about.
EVENT_PEOPLE = ("submitter", "holder")
PEOPLE_WORDS = ("attendees", "partner_contacts", *EVENT_PEOPLE)

SIDES = ("vendor", "partner", "both", "team")
GOALS = ("grow", "reach", "activate", "enable", "retain", "trust", "craft")
BALANCES = ("strategic", "tactical", "reactive")
CALENDARS = ("partner", "manager", "vendor", "both")
ZONES = ("partner", "manager", "vendor")
REENTRIES = ("ignore", "restart", "beside")
OVERLAPS = ("beside", "hold", "replace")
CATCH_UPS = ("late", "skip", "merge")
ROLLS = ("following", "modified_following", "preceding", "modified_preceding", "nearest", "skip", "none")
BLACKOUT_WORDS = ("following", "preceding", "skip")
UNITS = ("bd", "bh", "d", "w", "h", "min")
ANCHORS = ("due", "opened", "period_end")
KINDS = ("task", "mail", "report", "meeting", "approval", "form", "wait", "branch", "subroutine", "webhook")
MACHINE_KINDS = ("mail", "report", "wait", "branch", "subroutine", "webhook")
NO_INVITATION = "none"  # of a form whose link a mail step brings


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time: `bd` and `bh` are counted on the routine's calendar, the rest by the clock."""

    amount: int
    unit: str

    def __str__(self) -> str:
        return f"{self.amount}{self.unit}"


@dataclass(frozen=True, slots=True)
class Offset:
    """A moment told from an anchor: `due`, `opened`, `period_end`, `step.<key>` or a date field such as
    `deal.protected_until`; `at` is a local time."""

    anchor: str
    amount: int
    unit: str
    at: dt.time | None = None

    def __str__(self) -> str:
        anchor = "" if self.anchor == "due" else self.anchor
        length = f"{self.amount:+d}{self.unit}" if self.amount else ""
        clock = f"@{self.at:%H:%M}" if self.at else ""
        return f"{anchor}{length}{clock}" or "0"


# Only to compare lengths of different units: a working day counts as a day, and 8 business hours as a working day.
_ROUGH_MINUTES = {"min": 1, "h": 60, "bh": 180, "d": 1440, "bd": 1440, "w": 10080}


EARLIEST_REMINDER = Duration(10, "bd")


def rough_minutes(length: Duration | Offset) -> int:
    """A length in minutes, near enough to say which of two is the longer."""
    return length.amount * _ROUGH_MINUTES[length.unit]


@dataclass(frozen=True, slots=True)
class Pause:
    """Days on which nothing is opened, both ends included; a yearly pause is kept in the leap year 2000."""

    first: dt.date
    last: dt.date
    yearly: bool

    def covers(self, day: dt.date) -> bool:
        day = day.replace(year=2000) if self.yearly else day
        if self.first <= self.last:
            return self.first <= day <= self.last
        return day >= self.first or day <= self.last


@dataclass(frozen=True, slots=True)
class Blackout:
    """Days on which nothing may fall due; what would, moves to the working day after (`following`) or before
    (`preceding`), or is left out (`skip`)."""

    days: tuple[Pause, ...] = ()
    then: str = "following"

    def covers(self, day: dt.date) -> bool:
        return any(pause.covers(day) for pause in self.days)


@dataclass(frozen=True, slots=True)
class Cadence:
    """When a routine falls due. `rule` is a text that `core.cadences` reads, `offset` and `spread` are working days, `zone` is
    `partner`, `manager`, `vendor` or an IANA name; without `starts_on` the subscription's start anchors INTERVAL."""

    rule: str
    at: dt.time
    zone: str
    roll: str
    offset: int
    spread: int
    starts_on: dt.date | None
    ends_on: dt.date | None
    pause: tuple[Pause, ...]
    blackout: Blackout = Blackout()

    def rests_on(self, day: dt.date) -> bool:
        """Whether a pause or a blackout covers the day."""
        return self.blackout.covers(day) or any(pause.covers(day) for pause in self.pause)


@dataclass(frozen=True, slots=True)
class Trigger:
    """Which events open a routine, and what the next one does while one is open. `exits` are events that close what is
    open, `exit_when` is a rule that does."""

    events: tuple[str, ...]
    when: str | None
    debounce: Duration
    reentry: str
    exits: tuple[str, ...]
    exit_when: str | None


@dataclass(frozen=True, slots=True)
class PromiseText:
    """Who owes whom what; `kept_by` is the key of the step that keeps it."""

    by: str
    to: str
    text: str
    kept_by: str


@dataclass(frozen=True, slots=True)
class Second:
    """The second pair of eyes of an approval: who, and by which rule they are asked at all."""

    approvers: tuple[str, ...]
    when: str | None = None


@dataclass(frozen=True, slots=True)
class Remind:
    """Somebody is reminded of an undone step, so long before the occurrence is due or when it is."""

    before: Duration
    to: str

    def __str__(self) -> str:
        return f"{f'-{self.before}' if self.before.amount else '0'} {self.to}"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a playbook. Fields that its kind does not use are empty.

    `ask` is how long before its due moment a form is sent; `invitation` the mail text that brings its link. `reasons` is the
    key of a list in the library, or the reasons themselves.
    """

    key: str
    kind: str
    title: str
    due: Offset
    by: str
    minutes: int
    needs: tuple[str, ...] = ()
    when: str | None = None
    otherwise: tuple[str, ...] = ()
    promised: bool = False
    to: tuple[str, ...] = ()
    template: str | None = None
    attach: tuple[str, ...] = ()
    report: str | None = None
    attendees: tuple[str, ...] = ()
    agenda: str | None = None
    until: str | None = None
    timeout: Duration | None = None
    routine: str | None = None
    waits: bool = False
    form: str | None = None
    invitation: str | None = None
    ask: Duration | None = None
    pauses_clock: bool = False
    remind: tuple[Remind, ...] = ()
    approvers: tuple[str, ...] = ()
    second: Second | None = None
    reasons: tuple[str, ...] = ()
    endpoint: str | None = None
    checklist: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()

    @property
    def is_by_machine(self) -> bool:
        return self.kind in MACHINE_KINDS

    @property
    def side(self) -> str:
        """`partner` when a contact role does the step, else `vendor`."""
        return "partner" if self.by in PARTNER_ROLES + EVENT_PEOPLE else "vendor"


@dataclass(frozen=True, slots=True)
class Routine:
    """One version of a routine as read from its text; `review_every` is in months. A triggered one has a cadence without
    rule, which only tells the zone of its local times, and is `due` from what its event tells."""

    key: str
    title: str
    purpose: str
    subject: str
    promise: PromiseText
    owner: str
    goals: tuple[str, ...]
    balance: str
    audience: str
    calendar: str
    cadence: Cadence
    grace: Duration
    miss_after: Duration | None
    catch_up: str
    overlap: str
    review_every: int
    articles: tuple[str, ...]
    steps: tuple[Step, ...]
    text: str
    trigger: Trigger | None = None
    due: Offset | None = None
    topic: str | None = None

    @property
    def is_of_person(self) -> bool:
        """Whether an occurrence belongs to a person of the vendor, not to a partner."""
        return BELONGS[self.subject] == PERSON

    @property
    def digest(self) -> str:
        """The identity of this version: SHA-256 of its text, in hexadecimal."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def step(self, key: str) -> Step:
        """The step with this key; KeyError when there is none."""
        return {step.key: step for step in self.steps}[key]


def kept_by(routine: Routine) -> Step:
    """The step whose doing keeps the routine's promise."""
    return routine.step(routine.promise.kept_by)


def export_text(routine: Routine) -> str:
    """The text the routine was read from: reading it again gives the same version."""
    return routine.text
