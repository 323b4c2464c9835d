"""Codes of the reasons for a lasting difference of a subscription. Few and plain, because both sides see them."""

OVERRIDE_REASONS = {
    "partner_asked": "The partner asked for it",
    "vendor_asked": "We asked for it",
    "season": "Season or holidays",
    "no_need": "Nothing to do for now",
    "people_changed": "People changed",
    "other_channel": "Done in another way",
    "trial": "Tried out",
    "other": "Something else, see the note",
}
