"""The sections of reports: each a small function from a scope to plain JSON, one file a subject."""
