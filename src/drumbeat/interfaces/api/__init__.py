"""The door for other systems: they sign what they say, and get JSON back. No sessions, no pages."""
