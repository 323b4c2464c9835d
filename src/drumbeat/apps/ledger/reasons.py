"""Codes of the reasons for a waiver, a redate or a correction. Both sides see them, so they are few and plain."""

REASONS = {
    "holiday": "Holiday or leave",
    "illness": "Illness",
    "partner_asked": "The partner asked for it",
    "vendor_asked": "The vendor asked for it",
    "no_need": "Nothing to do this time",
    "duplicate": "Already covered elsewhere",
    "system": "Our system was down",
    "wrong_entry": "Entered by mistake",
}

# Given by a rule of the house, never chosen.
REPLANNED = "replanned"
PARTNER_CLOSED = "partner_closed"
PARTNER_MERGED = "partner_merged"
PERSON_LEFT = "person_left"
UPGRADED = "upgraded"
REASONS_BY_RULE = {
    REPLANNED: "Moved before anyone was told",
    PARTNER_CLOSED: "The partner closed",
    PARTNER_MERGED: "The partner became part of another",
    PERSON_LEFT: "Who it was about left",
    UPGRADED: "The routine's new version leaves it out",
    "undo": "Taken back",
    "restarted": "Begun anew by a later event",
    "replaced": "The next one took its place",
    "exit": "The matter came to its end",
}


def reason_words(code: str) -> str:
    return REASONS.get(code) or REASONS_BY_RULE.get(code, code)
