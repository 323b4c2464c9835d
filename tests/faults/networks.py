"""Machines that can be cut off: network namespaces, each with a line to this one. Where the system permits none, a machine is a
process on the loopback, and cut off means that the server ends its connections."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass

import psycopg


def permitted() -> bool:
    """Asks the system by making a namespace and a line into it."""
    probe = Line(99)
    try:
        probe.lay()
    except (OSError, subprocess.CalledProcessError):
        return False
    finally:
        probe.remove()
    return True


@dataclass
class Line:
    """A namespace and a pair of ends: ours has the address that the machine there sees."""

    number: int

    @property
    def ours(self) -> str:
        return f"10.{128 + os.getpid() % 100}.{self.number}.1"

    @property
    def name(self) -> str:
        return f"db{os.getpid() % 100000}n{self.number}"

    @property
    def prefix(self) -> list[str]:
        return ["ip", "netns", "exec", self.name]

    def lay(self) -> None:
        here, there = f"{self.name}a", f"{self.name}b"
        theirs = self.ours.removesuffix("1") + "2"
        _ip("netns", "add", self.name)
        _ip("link", "add", here, "type", "veth", "peer", "name", there, "netns", self.name)
        _ip("addr", "add", f"{self.ours}/30", "dev", here)
        _ip("link", "set", here, "up")
        _ip("-n", self.name, "addr", "add", f"{theirs}/30", "dev", there)
        _ip("-n", self.name, "link", "set", there, "up")

    def remove(self) -> None:
        for what in (("link", "del", f"{self.name}a"), ("netns", "del", self.name)):
            subprocess.run(["ip", *what], capture_output=True, check=False)

    def cut(self, server_url: str) -> None:
        _ip("-n", self.name, "link", "set", f"{self.name}b", "down")

    def mend(self) -> None:
        _ip("-n", self.name, "link", "set", f"{self.name}b", "up")


@dataclass
class NoLine:
    """The same without namespaces."""

    number: int
    prefix: tuple[str, ...] = ()

    @property
    def ours(self) -> str:
        return f"127.{128 + os.getpid() % 100}.{self.number}.1"

    @property
    def name(self) -> str:
        return f"machine{self.number}"

    def lay(self) -> None: ...

    def remove(self) -> None: ...

    def cut(self, server_url: str) -> None:
        with psycopg.connect(server_url, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s",
                [self.name],
            )

    def mend(self) -> None: ...


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)
