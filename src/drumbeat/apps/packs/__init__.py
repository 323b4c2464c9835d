"""Packs: editions of a review with words of people beside their figures, shown as slides."""
