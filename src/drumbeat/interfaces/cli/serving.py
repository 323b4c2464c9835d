"""`serve`: one installation in one process group, web and worker and clock on a database that is ours alone."""

from __future__ import annotations

import os
import signal
import socket
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from drumbeat.core.refusal import Refused

from .running import bring_up_to_date, leave_database, point_at
from .supervisor import Child, Fallen, supervise, until_signal


def address_options(command: Callable[..., None]) -> Callable[..., None]:
    port = click.option("--port", default=8000, show_default=True, help="Where the pages are.")
    host = click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
    return host(port(command))


@click.command()
@address_options
def serve(host: str, port: int) -> None:
    """Run web, worker and clock until Ctrl-C."""
    os.environ.setdefault("DRUMBEAT_URL", url_of(host, port).rstrip("/"))
    with until_signal():
        refuse_running(port)
        with held_database() as is_well:
            bring_up_to_date()
            leave_database()
            run_parts(host, port, is_well, lambda: click.echo(f"Drumbeat answers on {url_of(host, port)}"))


def refuse_running(port: int) -> None:
    """Two installations can't share a port, nor an embedded database."""
    from drumbeat.config.database import embedded_server, named_url

    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            raise Refused(
                f"Port {port} is taken by another program", "Stop it, or choose another with --port."
            )
    server = embedded_server()
    if named_url() is None and server.is_answering():
        raise Refused(f"The database in {server.folder} is in use", "Stop the drumbeat that runs it first.")


@contextmanager
def held_database() -> Iterator[Callable[[], bool]]:
    """The database for a whole installation, and whether it still runs."""
    from drumbeat.config.database import embedded_server, named_url

    if url := named_url():
        point_at(url)
        yield lambda: True
        return
    server = embedded_server()
    server.start()
    try:
        point_at(server.url())
        yield lambda: server.process is not None and server.process.poll() is None
    finally:
        server.stop()


def run_parts(host: str, port: int, is_well: Callable[[], bool], announce: Callable[[], None]) -> None:
    """Start the parts, say so when the pages answer, and stay until a signal."""
    try:
        supervise(parts(host, port), is_well=is_well, is_ready=lambda: is_healthy(port), announce=announce)
    except Fallen as error:
        raise Refused(f"Drumbeat stopped: {error}", "Mend that, then start again.") from None


def parts(host: str, port: int) -> list[Child]:
    web = "granian --interface wsgi --workers 1 --blocking-threads 4 --log-level warning --workers-kill-timeout 5"
    pages = [*web.split(), "--host", host, "--port", str(port), "drumbeat.config.wsgi:application"]
    return [
        Child("web", pages, signal.SIGTERM),
        Child("worker", ["drumbeat.interfaces.clock.worker", "work"]),
        Child("clock", ["drumbeat.interfaces.clock.worker", "clock"]),
    ]


def is_healthy(port: int) -> bool:
    host = os.environ.get("DRUMBEAT_HOSTS", "127.0.0.1").split(",")[0].lstrip(".*") or "127.0.0.1"
    request = urllib.request.Request(f"http://127.0.0.1:{port}/healthz", headers={"Host": host})
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def url_of(host: str, port: int) -> str:
    return f"http://{host}:{port}/"
