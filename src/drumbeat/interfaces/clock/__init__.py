"""Time passing: a tick calls the same verbs as a click."""
