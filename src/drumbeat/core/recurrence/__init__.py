"""Recurrence rules of RFC 5545: read strictly, expanded in local time, said in English.

Knows nothing of zones' gaps and folds (one clock time stays one clock time), nor of working days.
"""

from drumbeat.core.recurrence.expansion import expand, never_occurs
from drumbeat.core.recurrence.rule import Frequency, Rule, RuleError, Weekday, is_subdaily
from drumbeat.core.recurrence.syntax import parse_rule
from drumbeat.core.recurrence.words import describe

__all__ = [
    "Frequency",
    "Rule",
    "RuleError",
    "Weekday",
    "describe",
    "expand",
    "is_subdaily",
    "never_occurs",
    "parse_rule",
]
