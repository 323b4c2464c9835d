"""The metrics by name, what they may be split by, and what a question about them is. Knows no SQL: that is computed in one
place, which holds an expression for every metric here."""

from .catalogue import METRICS
from .dimensions import DIMENSIONS, Dimension
from .metric import Metric
from .question import Asked, Fiscal, Question, asked, insist_on_sense

__all__ = [
    "DIMENSIONS",
    "METRICS",
    "Asked",
    "Dimension",
    "Fiscal",
    "Metric",
    "Question",
    "asked",
    "insist_on_sense",
]
