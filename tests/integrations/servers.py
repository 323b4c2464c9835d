"""A mail server on this machine whose answers a test may choose."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class Sink:
    """Keeps what it accepts. Answers are chosen by recipient; `hangs_up_on` ends the line after the text has come."""

    answers: dict[str, str] = field(default_factory=dict)
    text_answers: list[str] = field(default_factory=list)
    hangs_up_on: set[str] = field(default_factory=set)
    sender_answer: str = "250 OK"
    letters_a_connection: int = 1000
    accepted: list[Envelope] = field(default_factory=list)
    connections: set[object] = field(default_factory=set)

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.connections.add(session.peer)
        carried = getattr(session, "carried", 0)
        if carried >= self.letters_a_connection:
            return "421 4.7.0 too many letters on this connection"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return self.sender_answer

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.answers.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if set(envelope.rcpt_tos) & self.hangs_up_on:
            assert server.transport
            server.transport.abort()
            await asyncio.sleep(0)
            return "250 OK"
        answer = self.text_answers.pop(0) if self.text_answers else "250 OK"
        if answer.startswith("250"):
            self.accepted.append(envelope)
        session.carried = getattr(session, "carried", 0) + 1  # type: ignore[attr-defined]
        return answer


@contextmanager
def listening(sink: Sink, **settings: Any) -> Iterator[str]:
    """The address of a server that answers as `sink` says, for as long as the block runs."""
    controller = Controller(sink, hostname="127.0.0.1", port=free_port(), **settings)
    controller.start()
    try:
        yield f"smtp://127.0.0.1:{controller.port}?tls=none"
    finally:
        controller.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
