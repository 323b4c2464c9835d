"""What an administrator installs is sound: systemd finds nothing wrong with the units, the compose file names real parts."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not on this machine")
def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    """As if installed here: the programs of the units are those of this environment."""
    for unit in DEPLOY.glob("drumbeat*"):
        text = unit.read_text().replace("/opt/drumbeat/.venv/bin", str(Path(sys.executable).parent))
        (tmp_path / unit.name).write_text(text)
    units = sorted(str(unit) for unit in tmp_path.iterdir() if "@" not in unit.name)
    found = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True)
    complaints = [line for line in found.stderr.splitlines() if str(tmp_path) in line or "drumbeat" in line]
    assert not complaints, "\n".join(complaints)
    assert found.returncode == 0, found.stderr


def test_the_compose_file_runs_the_parts_that_serve_runs() -> None:
    services = YAML(typ="safe").load((DEPLOY / "compose.yaml").read_text())["services"]
    assert set(services) == {"database", "migrate", "web", "clock", "worker"}
    for name, queue in (("clock", "clock"), ("worker", "work")):
        assert services[name]["command"][-2:] == ["drumbeat.interfaces.clock.worker", queue]
