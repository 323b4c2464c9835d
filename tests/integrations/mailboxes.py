"""A real IMAP server on this machine: Debian's Dovecot with a configuration of its own, all of it in one folder."""

from __future__ import annotations

import imaplib
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .servers import free_port

DOVECOT = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
USER, PASSWORD = "answers", "secret"

CONFIGURATION = """
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
log_path = {folder}/log
ssl = no
disable_plaintext_auth = no
mail_location = maildir:{folder}/mail/%u
default_internal_user = {owner}
default_login_user = {owner}
default_internal_group = {group}
first_valid_uid = 1
auth_mechanisms = plain
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={owner} gid={group} home={folder}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    address = 127.0.0.1
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


class Server:
    """A running Dovecot: letters are put in as another mail program would."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port

    @property
    def url(self) -> str:
        return f"imap://{USER}:{PASSWORD}@127.0.0.1:{self.port}/INBOX?tls=none"

    def put(self, text: bytes) -> None:
        with self._connected() as connection:
            connection.append("INBOX", "", imaplib.Time2Internaldate(time.time()), text)

    def flags(self) -> set[bytes]:
        with self._connected() as connection:
            connection.select("INBOX", readonly=True)
            found = connection.fetch("1:*", "(FLAGS)")[1]
            return {flag for line in found if isinstance(line, bytes) for flag in imaplib.ParseFlags(line)}

    @contextmanager
    def _connected(self) -> Iterator[imaplib.IMAP4]:
        connection = imaplib.IMAP4("127.0.0.1", self.port)
        try:
            connection.login(USER, PASSWORD)
            yield connection
        finally:
            connection.shutdown()

    def begin_anew(self) -> None:
        """As after a restored backup: the same letters under the next UIDVALIDITY."""
        folder = self.folder / "mail" / USER
        for name in folder.glob("dovecot.index*"):
            name.unlink()
        numbers = folder / "dovecot-uidlist"
        text = numbers.read_text(encoding="utf-8")
        numbers.write_text(
            re.sub(r"(?<= V)\d+", lambda found: str(int(found[0]) + 1), text, count=1), encoding="utf-8"
        )


@contextmanager
def running(folder: Path, port: int = 0) -> Iterator[Server]:
    """It keeps its letters in the folder, also for the next one that runs there."""
    assert DOVECOT
    port = port or free_port()
    is_root = os.geteuid() == 0
    owner, group = ("nobody", "nogroup") if is_root else (str(os.geteuid()), str(os.getegid()))
    (folder / "mail").mkdir(parents=True, exist_ok=True)
    if is_root:
        subprocess.run(["chown", "-R", f"{owner}:{group}", str(folder / "mail")], check=True)
    text = CONFIGURATION.format(folder=folder, owner=owner, group=group, port=port, password=PASSWORD)
    file = folder / "dovecot.conf"
    file.write_text(text, encoding="utf-8")
    process = subprocess.Popen([DOVECOT, "-F", "-c", str(file)], stderr=subprocess.DEVNULL)
    try:
        _await(port, process)
        yield Server(folder, port)
    finally:
        process.terminate()
        process.wait(timeout=10)


def _await(port: int, process: subprocess.Popen[bytes]) -> None:
    ends = time.monotonic() + 10
    while time.monotonic() < ends and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=0.2).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("Dovecot did not start")
