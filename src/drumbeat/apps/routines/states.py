"""The states of a step, and which of them are open or settled."""

from __future__ import annotations

from django.db import models


class StepState(models.TextChoices):
    HELD = "held", "Held"  # a branch or a condition decides whether it runs
    OPEN = "open", "Open"
    HANDED = "handed", "Handed over"  # in the outbox: done when a server accepts it
    DONE = "done", "Done"
    SKIPPED = "skipped", "Left out"
    LAPSED = "lapsed", "Lapsed"  # never done, and its time is over
    FAILED = "failed", "Failed"
    UNCERTAIN = "uncertain", "Uncertain"  # sent or not: a person must say


OPEN_STATES = (StepState.HELD, StepState.OPEN, StepState.HANDED, StepState.FAILED, StepState.UNCERTAIN)
SETTLED_STATES = (StepState.DONE, StepState.SKIPPED)
