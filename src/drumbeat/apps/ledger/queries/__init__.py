"""Questions to the ledger."""

from .book import months_left, owns_ledger
from .marks import Beat, beats, beats_of_partner, beats_of_partners, beats_of_person
from .partner_records import records_of_partners
from .records import (
    monthly_counts,
    months_of_routines,
    on_time_record,
    on_time_records,
    overdue_of,
    record_since,
    records_of_sides,
)
from .undertaken import commitments_of, open_commitments, open_commitments_of, unanswered_since

__all__ = [
    "Beat",
    "beats",
    "beats_of_partner",
    "beats_of_partners",
    "beats_of_person",
    "commitments_of",
    "monthly_counts",
    "months_left",
    "months_of_routines",
    "on_time_record",
    "on_time_records",
    "open_commitments",
    "open_commitments_of",
    "overdue_of",
    "owns_ledger",
    "record_since",
    "records_of_partners",
    "records_of_sides",
    "unanswered_since",
]
