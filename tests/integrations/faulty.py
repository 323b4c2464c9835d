"""A mail server on this machine that fails at one chosen point of a letter's way, so many times, and is well afterwards."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from .servers import Sink, free_port

FOR_EVER = 1.5
POINTS = ("greeting", "sender", "recipient", "go_ahead", "halfway", "before_keeping", "after_keeping")


@dataclass
class Faulty(Sink):
    """At `point` it does `fault`: `silence` (no word until the client gives up), `hang up`, or an answer to give instead."""

    point: str = ""
    fault: str = "hang up"
    times: int = 1

    async def strikes(self, point: str, server: SMTP) -> str:
        """The answer to give instead, empty for none; doesn't come back from a fault of the line."""
        if point != self.point or self.times <= 0:
            return ""
        self.times -= 1
        if self.fault not in ("hang up", "silence"):
            return self.fault
        line = server.transport
        assert line
        try:
            await asyncio.sleep(FOR_EVER if self.fault == "silence" else 0)
        finally:
            line.abort()
        await asyncio.sleep(FOR_EVER)
        raise AssertionError("the line is gone")

    async def handle_MAIL(self, server: SMTP, *rest: Any) -> str:
        return await self.strikes("sender", server) or await super().handle_MAIL(server, *rest)

    async def handle_RCPT(self, server: SMTP, *rest: Any) -> str:
        return await self.strikes("recipient", server) or await super().handle_RCPT(server, *rest)

    async def handle_DATA(self, server: SMTP, *rest: Any) -> str:
        if answer := await self.strikes("before_keeping", server):
            return answer
        kept = await super().handle_DATA(server, *rest)
        return await self.strikes("after_keeping", server) or kept


class Line(SMTP):
    """The points that handlers don't see: before the greeting, before the word to go ahead, and in the midst of the text."""

    async def _handle_client(self) -> None:
        await self.event_handler.strikes("greeting", self)
        await super()._handle_client()

    async def smtp_DATA(self, arg: str) -> None:
        if answer := await self.event_handler.strikes("go_ahead", self):
            await self.push(answer)
            return
        if self.event_handler.point == "halfway" and self.event_handler.times > 0:
            await self.push("354 go ahead")
            await self._reader.readuntil(b"\r\n")
            await self.event_handler.strikes("halfway", self)
        await super().smtp_DATA(arg)


class FaultyController(Controller):
    lines: list[SMTP] = []

    def factory(self) -> SMTP:
        line = Line(self.handler, **self.SMTP_kwargs)
        self.lines = [*self.lines, line]
        return line

    def stop_when_quiet(self) -> None:
        """The loop must have seen each line end, or its sockets stay open."""
        ends = time.monotonic() + FOR_EVER
        while any(line.transport for line in self.lines) and time.monotonic() < ends:
            time.sleep(0.01)
        self.stop()


@contextmanager
def failing(sink: Faulty, **settings: Any) -> Iterator[str]:
    """Its address, for as long as the block runs."""
    controller = FaultyController(sink, hostname="127.0.0.1", port=free_port(), ready_timeout=10, **settings)
    point, sink.point = sink.point, ""  # the controller itself calls once, to see that it listens
    controller.start()
    sink.point = point
    try:
        yield f"smtp://127.0.0.1:{controller.port}?tls=none"
    finally:
        controller.stop_when_quiet()
