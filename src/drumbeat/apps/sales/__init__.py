"""Sell-through lines by month."""
