"""What optional mail may be about. Mail without a topic belongs to what both sides agreed and can't be unsubscribed."""

from __future__ import annotations

TOPICS = {
    "news": "News and partner letters",
    "products": "New products, before they are public",
    "learning": "Courses and certificates",
    "offers": "Offers to work more together",
}
