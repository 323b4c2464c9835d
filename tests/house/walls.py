"""What imports don't show, asked of a tree of files: each question answers with the breaches, as `place: what`."""

from __future__ import annotations

import ast
import configparser
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

LONGEST_MODULE, LONGEST_TEMPLATE = 300, 150
WRITES = {
    "save", "create", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create",
    "aupdate", "asave", "acreate", "adelete",
}  # fmt: skip
QUERYSET_WORDS = {"objects", "filter", "exclude", "all", "select_for_update"}
TAGS = re.compile(r"{% comment %}.*?{% endcomment %}|{#.*?#}|{%.*?%}|{{.*?}}|<[^>]*>", re.DOTALL)


def oversized(root: Path) -> list[str]:
    """Modules over 300 lines (migrations aside), templates over 150."""
    modules = [
        file
        for folder in ("src", "tests", "bench")
        for file in (root / folder).rglob("*.py")
        if "migrations" not in file.parts
    ]
    templates = list((root / "src/drumbeat/templates").rglob("*.html"))
    return [
        f"{file.relative_to(root)}: {lines} lines"
        for files, longest in ((modules, LONGEST_MODULE), (templates, LONGEST_TEMPLATE))
        for file in sorted(files)
        if (lines := len(file.read_text(encoding="utf-8").splitlines())) > longest
    ]


def writes_outside_verbs(root: Path) -> list[str]:
    """Doors and questions that write rows: only actions and workflows do (and a model's own `save`)."""
    apps = root / "src/drumbeat/apps"
    readers = [
        file
        for name in ("queries", "access", "bridge")
        for pattern in (f"*/{name}.py", f"*/{name}/*.py")
        for file in apps.glob(pattern)
    ]
    doors = (root / "src/drumbeat/interfaces").rglob("*.py")
    return [
        f"{file.relative_to(root)}:{call.lineno}: {ast.unparse(call.func)}()"
        for file in sorted([*readers, *doors])
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and _is_write(call)
    ]


def _is_write(call: ast.Call) -> bool:
    if not isinstance(call.func, ast.Attribute):
        return False
    name, words = call.func.attr, set(_words(call.func.value))
    if ast.unparse(call.func.value) == "cache":  # forgetting is no writing
        return False
    return name in WRITES or (name in {"update", "_raw_delete"} and bool(words & QUERYSET_WORDS))


def _words(node: ast.AST) -> Iterator[str]:
    return (part.attr for part in ast.walk(node) if isinstance(part, ast.Attribute))


def addresses(root: Path) -> list[str]:
    """Places named in the lock files: they must install from any index."""
    return [
        f"{file.relative_to(root)}:{number}: {line.strip()}"
        for file in sorted((root / "requirements").glob("*.txt"))
        for number, line in enumerate(file.read_text().splitlines(), start=1)
        if "://" in line or re.match(r"\s*(-i|-f|--(extra-)?index-url|--find-links|--trusted-host)\b", line)
    ]


def banned_words(root: Path) -> list[str]:
    """Words of the glossary's last column on a page."""
    found = []
    for file in sorted((root / "src/drumbeat/templates").rglob("*.html")):
        text = TAGS.sub(" ", file.read_text(encoding="utf-8"))
        found += [
            f"{file.relative_to(root)}: {word}"
            for word in words_never_shown(root)
            if re.search(rf"\b{re.escape(word)}s?\b", text, re.IGNORECASE)
        ]
    return found


def words_never_shown(root: Path) -> list[str]:
    rows = re.findall(r"^\|[^|]*\|[^|]*\|([^|]*)\|$", (root / "docs/glossary.md").read_text(), re.MULTILINE)
    words = [word.strip() for row in rows for word in row.split(",")]
    return [word for word in words if word and word != "never shown" and set(word) != {"-"}]


def app_order(root: Path) -> dict[str, int]:
    """App -> floor, the highest first, as the contract declares it."""
    contract = configparser.ConfigParser()
    contract.read(root / ".importlinter")
    floors = contract["importlinter:contract:apps"]["layers"].strip().splitlines()
    return {app.strip(): floor for floor, line in enumerate(floors) for app in line.split("|")}


def keys_upwards(edges: Iterable[tuple[str, str]], order: dict[str, int]) -> list[str]:
    """Foreign keys (from app, to app) that don't point down."""
    return [
        f"{source} -> {target}"
        for source, target in edges
        if source != target and order[source] >= order[target]
    ]
