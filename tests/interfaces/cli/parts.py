"""Processes for the supervisor's tests: `supervise FOLDER KIND`, and the child it runs: `hold FOLDER` or `fall FOLDER`.

A child writes its pid and that of its own child, which nobody stops but the group's end.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from drumbeat.interfaces.cli.supervisor import Child, Fallen, supervise, until_signal


def main(task: str, folder: Path, kind: str = "") -> None:
    {"supervise": run, "hold": hold, "fall": fall}[task](folder, kind)


def run(folder: Path, kind: str) -> None:
    def announce() -> None:
        (folder / "announced").touch()

    child = Child("part", [__spec__.name, kind, str(folder)])
    with until_signal():
        try:
            supervise(
                [child], is_well=lambda: True, is_ready=lambda: (folder / "pids").exists(), announce=announce
            )
        except Fallen as error:
            raise SystemExit(str(error)) from None


def hold(folder: Path, _kind: str) -> None:
    grandchild = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    pids = folder / "pids.new"
    pids.write_text(f"{subprocess.os.getpid()} {grandchild.pid}")
    pids.rename(folder / "pids")
    time.sleep(60)


def fall(folder: Path, _kind: str) -> None:
    with (folder / "falls").open("a") as falls:
        falls.write("x")
    (folder / "pids").touch()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), *sys.argv[3:])
