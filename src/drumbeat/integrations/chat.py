"""The forms in which chats take a message: Slack's Block Kit, an Adaptive Card for Teams' Workflows, and plain JSON. It knows
their limits and their markup, and sends nothing: `webhooks` does.

Slack: 50 blocks, 150 letters in a header, 3000 in a section, and about 13,000 in all, more being refused although each part
is short enough. Teams: 28 KB for the whole message; a card inside a message, since Workflows take no other form.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

SLACK_BLOCKS, SLACK_HEADER, SLACK_SECTION, SLACK_LETTERS = 50, 150, 2900, 12_000
TEAMS_BYTES, TEAMS_BLOCK = 27_000, 4_000
LINK = re.compile(r"\[([^\]\n]*)\]\((https?://[^\s)]+)\)")
BOLD = re.compile(r"\*\*([^*\n]+)\*\*")
CARD = "application/vnd.microsoft.card.adaptive"
CUT = "… and more, in the mail."


@dataclass(frozen=True, slots=True)
class Told:
    """What is to be said: `text` in the Markdown of our letters (paragraphs, lists, **bold**, [links](https://…)); `key` is
    that of the post."""

    key: str
    title: str
    text: str


def payload_of(form: str, told: Told) -> str:
    """The body to post; `form` is slack, teams or plain."""
    return json.dumps(_FORMS[form](told), ensure_ascii=False)


def slack_message(told: Told) -> dict[str, object]:
    """The plain `text` is what notifications and screen readers take."""
    title = _cut(_one_line(told.title), SLACK_HEADER)
    header = {"type": "header", "text": {"type": "plain_text", "text": title}}
    parts = _parts(_slack_markup(told.text), SLACK_SECTION, SLACK_LETTERS, SLACK_BLOCKS - 2)
    sections = [{"type": "section", "text": {"type": "mrkdwn", "text": part}} for part in parts]
    return {"text": _slack_escaped(title), "blocks": [header, *sections]}


def teams_message(told: Told) -> dict[str, object]:
    heading = {
        "type": "TextBlock",
        "text": _one_line(told.title),
        "size": "Medium",
        "weight": "Bolder",
        "wrap": True,
    }
    room = TEAMS_BYTES - len(json.dumps(heading)) - 600
    parts = _parts(
        told.text, TEAMS_BLOCK, room, 100, measure=lambda text: len(json.dumps(text).encode()) + 60
    )
    blocks = [{"type": "TextBlock", "text": part, "wrap": True} for part in parts]
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [heading, *blocks],
        "msteams": {"width": "Full"},
    }
    return {"type": "message", "attachments": [{"contentType": CARD, "contentUrl": None, "content": card}]}


def plain_message(told: Told) -> dict[str, object]:
    return {"kind": "digest", "key": told.key, "title": told.title, "text": told.text}


_FORMS: dict[str, Callable[[Told], dict[str, object]]] = {
    "slack": slack_message,
    "teams": teams_message,
    "plain": plain_message,
}


def _slack_markup(text: str) -> str:
    """Slack's own marks; what would call a whole room (`<!channel>`) is text like any other."""
    links = LINK.sub(lambda found: f"<{found[2]}|{found[1].replace('|', '/')}>", _slack_escaped(text))
    return re.sub(r"(?m)^- ", "• ", BOLD.sub(r"*\1*", links))


def _slack_escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _parts(
    text: str, longest: int, room: int, most: int, *, measure: Callable[[str], int] = len
) -> Iterator[str]:
    """Paragraphs, cut between lines where they are too long; what has no room is named by one line."""
    used = 0
    for number, part in enumerate(_pieces(text, longest)):
        if number == most or used + measure(part) > room - measure(CUT):
            yield CUT
            return
        used += measure(part)
        yield part


def _pieces(text: str, longest: int) -> Iterator[str]:
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        held = ""
        for line in (_cut(line, longest) for line in paragraph.split("\n")):
            if held and len(held) + len(line) + 1 > longest:
                yield held
                held = ""
            held = f"{held}\n{line}" if held else line
        if held.strip():
            yield held


def _one_line(text: str) -> str:
    return " ".join(text.split()) or "Drumbeat"


def _cut(text: str, letters: int) -> str:
    return text if len(text) <= letters else f"{text[: letters - 1]}…"
