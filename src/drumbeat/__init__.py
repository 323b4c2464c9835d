"""Drumbeat: the operating rhythm of partner channels."""
