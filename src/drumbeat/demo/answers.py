"""What partners of the demo write into forms: something fitting for every field, told by chance from the step's name."""

from __future__ import annotations

from random import Random
from typing import Any

from drumbeat.core.forms import Field, Form

WORDS = {
    "points": "The open deals first, then who helps us with the new release.",
    "decision": "Whether we do the customer day together.",
    "wish": "Answer our technical questions within a day.",
    "changes": "The second quarter is too high for us, please shift some of it to autumn.",
    "why": "The customer decides after the holidays.",
}
ANYTHING = "As we said on the phone."


def answers_for(form: Form, luck: Random) -> dict[str, Any]:
    """Raw texts as a browser would send them; files are left out."""
    return {field.key: _one(field, luck) for field in form.fields if field.type != "file"}


def _one(field: Field, luck: Random) -> Any:
    if field.type in ("choice", "choices"):
        return luck.choice(list(field.options))
    if field.type == "yes_no":
        return luck.choice(["yes", "no"])
    if field.type in ("number", "money"):
        most = int(field.most) if isinstance(field.most, int) else None
        return str(
            luck.randint(6, most or 10) if field.type == "number" else luck.randrange(5_000, 90_000, 500)
        )
    return "2027-01-15" if field.type == "date" else WORDS.get(field.key, ANYTHING)
