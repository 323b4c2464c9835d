"""Routines, their versions, and what the beat makes of them: moments, occurrences, steps."""
