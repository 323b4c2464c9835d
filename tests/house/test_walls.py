"""The walls that no import contract can hold, and plants in a copy of the house that each of them must find."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.urls import get_resolver

from . import walls

ROOT = Path(__file__).resolve().parents[2]
OWN = "drumbeat.apps."

IMPORT_CORE_ALONE = """
import importlib, pkgutil, sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"django", "psycopg", "procrastinate"}:
            raise ModuleNotFoundError(f"{name} is absent")

sys.meta_path.insert(0, Absent())
import drumbeat.core
for module in pkgutil.walk_packages(drumbeat.core.__path__, "drumbeat.core."):
    importlib.import_module(module.name)
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    house = copied_house(tmp_path_factory.mktemp("house"))
    assert run(house, "lint-imports", "--no-cache").returncode == 0
    return house


@pytest.fixture
def plant(copy: Path) -> Iterator[object]:
    """Appends a text to a file of the copied house, and takes it away after the test."""
    before: dict[Path, str | None] = {}

    def append(path: str, text: str) -> None:
        file = copy / path
        before.setdefault(file, file.read_text() if file.exists() else None)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text((before[file] or "") + text)

    yield append
    for file, text in before.items():
        file.write_text(text) if text is not None else file.unlink()


def copied_house(folder: Path) -> Path:
    for part in ("src", "requirements", "docs"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__", "fonts"))
    for file in (".importlinter", "pyproject.toml"):
        shutil.copy(ROOT / file, folder / file)
    return folder


def run(folder: Path, *words: str, text: str | None = None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(folder / "src"), "COLUMNS": "200"}
    command = [str(Path(sys.executable).parent / words[0]), *words[1:]]
    return subprocess.run(
        command, cwd=folder, env=environment, input=text, capture_output=True, text=True, check=False
    )


# --- what imports don't show -----------------------------------------------------------------------------------------


def test_no_module_or_template_is_too_long() -> None:
    assert walls.oversized(ROOT) == []


def test_a_long_module_and_a_long_template_are_found(copy, plant) -> None:
    plant("src/drumbeat/interfaces/desk/endless.py", "x = 1\n" * 301)
    plant("src/drumbeat/templates/desk/endless.html", "<p>\n" * 151)
    assert {
        "src/drumbeat/interfaces/desk/endless.py: 301 lines",
        "src/drumbeat/templates/desk/endless.html: 151 lines",
    } <= set(walls.oversized(copy))


def test_only_verbs_write() -> None:
    assert walls.writes_outside_verbs(ROOT) == []


@pytest.mark.parametrize(
    "statement",
    [
        "partner.save()",
        "Partner.objects.create(name='X')",
        "Partner.objects.filter(pk=1).update(name='X')",
        "partner.contacts.all().delete()",
        "Partner.objects.bulk_create([])",
    ],
)
@pytest.mark.parametrize("place", ["interfaces/desk/planted.py", "apps/people/queries/planted.py"])
def test_a_write_elsewhere_is_found(copy, plant, place: str, statement: str) -> None:
    plant(f"src/drumbeat/{place}", f"def planted(partner, Partner):\n    {statement}\n")
    assert [f"src/drumbeat/{place}", "2"] in [
        breach.split(":")[:2] for breach in walls.writes_outside_verbs(copy)
    ]


def test_a_dictionary_may_be_updated(copy, plant) -> None:
    plant("src/drumbeat/interfaces/desk/planted.py", "context = {}\ncontext.update(a=1)\n")
    assert not any("planted" in breach for breach in walls.writes_outside_verbs(copy))


def test_locks_name_no_place() -> None:
    assert walls.addresses(ROOT) == []


@pytest.mark.parametrize("line", ["--index-url mirror.example", "thing @ https://files.example/thing.whl"])
def test_a_place_in_a_lock_is_found(copy, plant, line: str) -> None:
    plant("requirements/run.txt", f"{line}\n")
    assert len(walls.addresses(copy)) == 1


def test_pages_use_the_words_of_the_glossary() -> None:
    assert len(walls.words_never_shown(ROOT)) > 20
    assert walls.banned_words(ROOT) == []


def test_a_banned_word_on_a_page_is_found(copy, plant) -> None:
    plant(
        "src/drumbeat/templates/desk/planted.html",
        "{% comment %}SLA{% endcomment %}<p class=sla>Your SLAs</p>",
    )
    assert "src/drumbeat/templates/desk/planted.html: SLA" in walls.banned_words(copy)


def test_keys_point_down() -> None:
    edges = [
        (model._meta.app_label, field.related_model._meta.app_label)
        for model in apps.get_models()
        if model.__module__.startswith(OWN)
        for field in model._meta.get_fields()
        if field.concrete and field.is_relation and field.related_model.__module__.startswith(OWN)
    ]
    labels = {config.label: config.name.removeprefix(OWN) for config in apps.get_app_configs()}
    named = [(labels[source], labels[target]) for source, target in edges]
    assert len(named) > 20
    assert walls.keys_upwards(named, walls.app_order(ROOT)) == []


def test_a_key_that_points_up_or_sideways_is_found() -> None:
    edges = [("ledger", "routines"), ("partners", "goals"), ("routines", "ledger"), ("people", "people")]
    assert walls.keys_upwards(edges, walls.app_order(ROOT)) == ["ledger -> routines", "partners -> goals"]


def test_the_file_of_a_page_is_found_by_its_url() -> None:
    """The module's name, singular or plural, stands in the route; the front page goes to the log-in."""
    places = [
        (str(pattern.pattern), pattern.callback.__module__.rpartition(".")[2])
        for pattern in get_resolver().url_patterns[0].url_patterns
        if pattern.callback.__module__.startswith("drumbeat.interfaces.desk")
    ]
    assert [place for place in places if place[1].removesuffix("s") not in place[0]] == [
        ("", "login"),
        ("asks/<int:pk>/decision/", "promises"),
    ]


# --- core stands alone -----------------------------------------------------------------------------------------------


def test_core_imports_where_django_is_absent() -> None:
    done = run(ROOT, "python", "-c", IMPORT_CORE_ALONE)
    assert done.returncode == 0, done.stderr


def test_a_core_that_needs_django_is_found(copy, plant) -> None:
    plant("src/drumbeat/core/facts.py", "\nimport django\n")
    done = run(copy, "python", "-c", IMPORT_CORE_ALONE)
    assert "django is absent" in done.stderr


# --- the import contracts --------------------------------------------------------------------------------------------

PLANTS = {
    "a floor imports up": ("floors", "workflows/planted.py", "from drumbeat.interfaces.kit import clock"),
    "a package without a floor": ("floors", "odds/__init__.py", ""),
    "core knows Django": ("core", "core/planted.py", "import django.db"),
    "a workflow opens a socket": ("network", "workflows/planted.py", "import smtplib"),
    "an app imports up": ("apps", "apps/ledger/planted.py", "from drumbeat.apps.routines import models"),
    "neighbours know each other": ("apps", "apps/goals/planted.py", "from drumbeat.apps.partners import models"),
    "an app without a place": ("apps", "apps/gadgets/__init__.py", ""),
    "nouns call verbs": ("inside", "apps/deals/models.py", "from drumbeat.apps.deals import actions"),
    "the clock knows the desk": ("doors", "interfaces/clock/planted.py", "from drumbeat.interfaces.desk import urls"),
    "two modules know each other": (
        "cycles", "core/rules.py", "def late():\n    from drumbeat.core import playbook",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PLANTS)
def test_a_breach_of_an_import_contract_is_refused(copy, plant, name: str) -> None:
    contract, path, statement = PLANTS[name]
    plant(f"src/drumbeat/{path}", f"\n{statement}\n")
    done = run(copy, "lint-imports", "--no-cache", "--contract", contract)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "0 kept, 1 broken" in done.stdout


def test_the_house_keeps_its_import_contracts() -> None:
    done = run(ROOT, "lint-imports")
    assert done.returncode == 0, done.stdout


# --- what the linter bans --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "from django.utils import timezone\n\nx = timezone.now()\n",
        "from datetime import UTC, datetime\n\nx = datetime.now(UTC)\n",
        "from datetime import date\n\nx = date.today()\n",
        "import random\n\nx = random.random()\n",
        "import random\n\nx = random.choice([1])\n",
        "import os\n\nx = os.environ['HOME']\n",
        "from urllib.request import urlopen\n\nx = urlopen\n",
    ],
)
def test_clock_chance_environment_and_network_are_banned(text: str) -> None:
    for place in ("workflows", "apps/ledger", "core", "interfaces/desk"):
        done = run(
            ROOT, "ruff", "check", "--stdin-filename", f"src/drumbeat/{place}/planted.py", "-", text=text
        )
        assert "TID251" in done.stdout, place
