"""Routines as texts: what they are made of, how they are read, and what is wrong with them."""

from drumbeat.core.playbook.model import (
    AGENDAS,
    EVENT_PEOPLE,
    NO_INVITATION,
    PARTNER_ROLES,
    PEOPLE_WORDS,
    REPORTS,
    STAFF_ROLES,
    Blackout,
    Cadence,
    Duration,
    Offset,
    Pause,
    PromiseText,
    Routine,
    Second,
    Step,
    Trigger,
    export_text,
    kept_by,
)
from drumbeat.core.playbook.problems import Problem, RoutineErrors
from drumbeat.core.playbook.reading import Reading, read_routine
from drumbeat.core.playbook.shelves import Shelves

__all__ = [
    "AGENDAS",
    "EVENT_PEOPLE",
    "NO_INVITATION",
    "PARTNER_ROLES",
    "PEOPLE_WORDS",
    "REPORTS",
    "STAFF_ROLES",
    "Blackout",
    "Cadence",
    "Duration",
    "Offset",
    "Pause",
    "Problem",
    "PromiseText",
    "Reading",
    "Routine",
    "RoutineErrors",
    "Second",
    "Shelves",
    "Step",
    "Trigger",
    "export_text",
    "kept_by",
    "read_routine",
]
