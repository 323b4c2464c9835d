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
