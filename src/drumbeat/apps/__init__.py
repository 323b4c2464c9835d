"""The nouns: one Django app each, in one order (see .importlinter)."""
