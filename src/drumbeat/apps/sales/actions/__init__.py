"""The verbs of sales: figures recorded by month, lines taken in by the file and taken back."""

from .lines import Taken, check_lines, take_back_lines, take_lines
from .recording import record_sell_through

__all__ = ["Taken", "check_lines", "record_sell_through", "take_back_lines", "take_lines"]
