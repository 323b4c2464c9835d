"""Questions to the ledger."""

from .book import months_left, owns_ledger
from .marks import Beat, beats, beats_of_partners
from .records import (
    monthly_counts,
    months_of_routines,
    on_time_record,
    on_time_records,
    record_since,
    records_of_sides,
)

__all__ = [
    "Beat",
    "beats",
    "beats_of_partners",
    "monthly_counts",
    "months_left",
    "months_of_routines",
    "on_time_record",
    "on_time_records",
    "owns_ledger",
    "record_since",
    "records_of_sides",
]
