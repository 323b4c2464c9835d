"""What a line of a timeline is called, where it leads, and which way it went between the two sides."""

from __future__ import annotations

from decimal import Decimal

from django.urls import reverse

from drumbeat.apps.ledger.reasons import reason_words
from drumbeat.apps.partners.models import Status, Tier
from drumbeat.apps.stories.queries import Happening
from drumbeat.core.markup import plain_of
from drumbeat.interfaces.kit.addresses import address
from drumbeat.interfaces.kit.money import money_words

# Kind and what -> the word that stands before the title; what isn't here is called by its own word.
WORDS = {
    "mail": {
        "queued": "Mail waiting", "sending": "Mail leaving", "sent": "Mail", "failed": "Mail not sent",
        "uncertain": "Mail, perhaps sent", "dropped": "Mail dropped", "bounced": "Mail came back", "bounce": "Bounce",
        "human reply": "Answer", "auto-reply": "Auto-reply", "complaint": "Complaint",
        "calendar reply": "Calendar answer", "other": "Mail in", "unread": "Mail, not readable",
    },
    "meeting": {"arranged": "Meeting, no outcome", "held": "Meeting held", "cancelled": "Meeting cancelled"},
    "decision": {"decided": "Decided"},
    "commitment": {
        "proposed": "Undertaken", "acknowledged": "Acknowledged", "questioned": "Questioned", "declined": "Declined",
    },
    "form": {"submitted": "Form filled in"},
    "approval": {"sent_back": "Sent back"},
    "file": {"added": "File"},
    "deal": {"submitted": "Deal", "won": "Deal won", "lost": "Deal lost"},
    "person": {
        "contact.joined": "Came", "contact.left": "Left", "contact.bounced": "Address fails",
        "contact.complained": "Wants no mail of ours",
    },
    "manager": {"manager.changed": "Handed over to"},
    "partner": {
        "partner.joined": "Partner added", "partner.tier_changed": "Tier", "partner.status_changed": "Status",
        "partner.merged": "Merged",
    },
    "report": {"built": "Report"},
}  # fmt: skip
TONES = {
    **dict.fromkeys(("late", "redated", "corrected", "questioned", "sent_back", "auto-reply"), "late"),
    **dict.fromkeys(
        ("missed", "failed", "bounced", "bounce", "complaint", "uncertain", "declined", "lost", "contact.bounced", "contact.complained", "contact.left"),
        "missed",
    ),
}  # fmt: skip
ARROWS = {"vendor": ("→", "from us"), "partner": ("←", "from them"), "both": ("↔", "of both")}
PAGES = {name: name for name in ("message", "meeting", "promise", "occurrence", "report", "contact")}


def word_of(row: Happening) -> str:
    known = WORDS.get(row.kind, {}).get(row.what)
    return known or row.what.replace(".", " ").replace("_", " ").capitalize()


def title_of(row: Happening) -> str:
    """Tiers and states by their names on pages; what has no title of its own is called by its word alone."""
    if row.kind != "partner":
        return plain_of(row.title) or "without a subject"
    names = dict(Tier.choices) | dict(Status.choices)
    return " → ".join(str(names.get(word, word)) for word in row.title.split(" → ")).strip()


def note_of(row: Happening) -> str:
    """Reasons and amounts as pages say them; texts on one line."""
    if row.kind == "deal" and row.note:
        amount, _, currency = row.note.partition(" ")
        return money_words(Decimal(amount), currency)
    return (
        reason_words(row.note)
        if row.kind in ("promise", "approval")
        else " ".join(plain_of(row.note).split())
    )


def tone_of(row: Happening) -> str:
    return TONES.get(row.what, "")


def url_of(row: Happening, partner_key: str) -> str:
    noun, _, pk = row.ref.partition(":")
    if noun == "deal":
        return reverse("partner_figures", args=[partner_key])
    return address(PAGES[noun], int(pk)) if noun in PAGES and pk else ""
