"""Editions: reports as they were built, kept with the data they show."""
