"""The verbs of intake: files are loaded whole or not at all, and undone whole."""

from .loading import Outcome, load_file
from .partners import load_partners
from .undoing import undo_load

__all__ = ["Outcome", "load_file", "load_partners", "undo_load"]
