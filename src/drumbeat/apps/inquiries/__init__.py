"""Questions in SQL: what may be read, by which role, and the log of who asked what."""
