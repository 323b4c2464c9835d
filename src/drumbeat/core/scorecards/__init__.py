"""Scorecards: several measures weighed into one figure that adds up, and why it changed. Knows no partner and no database."""

from .changing import Change, Difference, change_between, told, whole_points
from .model import Band, Part, Points, Score, Template
from .reading import FACT, read_scorecard
from .scoring import score

__all__ = [
    "FACT",
    "Band",
    "Change",
    "Difference",
    "Part",
    "Points",
    "Score",
    "Template",
    "change_between",
    "read_scorecard",
    "score",
    "told",
    "whole_points",
]
