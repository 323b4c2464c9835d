"""Meetings with their attendees and agenda."""
