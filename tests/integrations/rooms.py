"""Rooms of chats as their makers publish them: a receiver that answers as Slack and Teams do, and says what it minds."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


def slack_faults(body: bytes) -> list[str]:
    """What Slack's Block Kit would refuse: unknown keys, too many blocks, too long texts, no fallback text."""
    told = json.loads(body)
    blocks, faults = told.get("blocks", []), []
    if set(told) - {"text", "blocks"} or not told.get("text"):
        faults.append("no_text")
    if not 1 <= len(blocks) <= 50:
        faults.append(f"invalid_blocks: {len(blocks)}")
    if sum(len(block["text"]["text"]) for block in blocks) > 13_000:
        faults.append("msg_blocks_too_long")
    for block in blocks:
        kind, text = block["text"]["type"], block["text"]["text"]
        most = {("header", "plain_text"): 150, ("section", "mrkdwn"): 3000}.get((block["type"], kind), 0)
        if not 1 <= len(text) <= most or set(block) != {"type", "text"}:
            faults.append(f"invalid_block: {block['type']} of {len(text)}")
        if kind == "mrkdwn" and any(call in text for call in ("<!channel", "<!here", "<!everyone", "<@")):
            faults.append("calls the room")
    return faults


def teams_faults(body: bytes) -> list[str]:
    """What the webhook of a Teams workflow would refuse: anything but one Adaptive Card in a message, or more than 28 KB."""
    told: dict[str, Any] = json.loads(body)
    faults = ["too large"] if len(body) > 28 * 1024 else []
    attachments = told.get("attachments", [])
    if told.get("type") != "message" or len(attachments) != 1:
        return [*faults, "no message with one attachment"]
    [attachment] = attachments
    card = attachment["content"]
    if attachment["contentType"] != "application/vnd.microsoft.card.adaptive":
        faults.append("contentType")
    if (card["type"], card["version"]) != ("AdaptiveCard", "1.4") or not card["body"]:
        faults.append("no card")
    for block in card["body"]:
        if block["type"] != "TextBlock" or not block["text"] or block["wrap"] is not True:
            faults.append(f"block {block['type']}")
    return faults


@dataclass
class Rooms:
    """`/slack` and `/teams` answer as those do; `busy` answers 429 so many times first. What arrived is in `seen`."""

    url: str = ""
    busy: int = 0
    seen: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def take(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        if self.busy:
            self.busy -= 1
            return 429, b"rate_limited"
        self.seen.append((path, headers, body))
        if path == "/gone":
            return 404, b"no_service"
        judge = {"/slack": slack_faults, "/teams": teams_faults}.get(path, lambda _: [])
        if faults := judge(body):
            self.faults += faults
            return 400, b"invalid_payload"
        return {"/slack": (200, b"ok"), "/teams": (202, b"")}.get(path, (204, b""))


@contextmanager
def open_rooms() -> Iterator[Rooms]:
    rooms = Rooms()

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, words = rooms.take(self.path, dict(self.headers), body)
            self.send_response(status)
            self.send_header("Content-Length", str(len(words)))
            self.end_headers()
            self.wfile.write(words)

        def log_message(self, *args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    rooms.url = f"http://127.0.0.1:{server.server_address[1]}"
    yield rooms
    server.shutdown()
    server.server_close()
