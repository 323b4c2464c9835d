"""Figures: the one place where metrics are computed."""
