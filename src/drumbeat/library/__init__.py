"""The routine library and the texts of its mails, as files that ship with the product. Reads them; knows no meaning."""

from __future__ import annotations

from functools import cache
from pathlib import Path

HERE = Path(__file__).parent


@cache
def routine_texts() -> dict[str, str]:
    """Routine key -> text, by key."""
    return {
        file.stem: file.read_text(encoding="utf-8") for file in sorted((HERE / "routines").glob("*.yaml"))
    }


@cache
def message_text(template: str, language: str = "en") -> str:
    """The mail text of a template; KeyError when there is none, in that language or in English."""
    for code in (language, language.partition("-")[0], "en"):
        file = HERE / "messages" / f"{template}.{code}.md"
        if file.exists():
            return file.read_text(encoding="utf-8")
    raise KeyError(template)


@cache
def message_templates() -> frozenset[str]:
    """Keys of all mail texts."""
    return frozenset(file.name.split(".")[0] for file in (HERE / "messages").glob("*.md"))
