"""Questions about goals."""

from __future__ import annotations

from drumbeat.apps.asking import ask


def goal_titles() -> dict[str, str]:
    """Key -> title of every goal."""
    return dict(ask("SELECT key, title FROM goals_goal"))
