"""What was promised, and what became of it: written here once, append-only."""
