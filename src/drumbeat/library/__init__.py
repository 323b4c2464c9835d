"""The routine library, its mail texts, forms and lists of reasons, as files that ship with the product. Reads them; whether
anybody uses them it doesn't know."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from ruamel.yaml import YAML

from drumbeat.core.formreading import read_form
from drumbeat.core.forms import Form
from drumbeat.core.playbook import Shelves
from drumbeat.core.reasonlists import ReasonList, read_reasons

HERE = Path(__file__).parent


@cache
def routine_texts() -> dict[str, str]:
    """Routine key -> text, by key."""
    return _texts("routines")


@cache
def scorecard_texts() -> dict[str, str]:
    """Scorecard key -> text, by key."""
    return _texts("scorecards")


@cache
def forms() -> dict[str, Form]:
    """The forms that ship, by key."""
    return {key: read_form(text, f"{key}.yaml") for key, text in _texts("forms").items()}


@cache
def reason_lists() -> dict[str, ReasonList]:
    """The lists of reasons that ship, by key."""
    return {key: read_reasons(text, f"{key}.yaml") for key, text in _texts("reasons").items()}


def _texts(folder: str) -> dict[str, str]:
    return {file.stem: file.read_text(encoding="utf-8") for file in sorted((HERE / folder).glob("*.yaml"))}


@cache
def message_text(template: str, language: str = "en") -> str:
    """The mail text of a template; KeyError when there is none, in that language or in English."""
    for code in (language.partition("-")[0], "en"):
        file = HERE / "messages" / f"{template}.{code}.md"
        if code in languages() and file.exists():
            return file.read_text(encoding="utf-8")
    raise KeyError(template)


def spoken(language: str) -> str:
    """The language, with its country, if the mail texts ship in it; else English, dates and times too."""
    return language if language.partition("-")[0] in languages() else "en"


@cache
def languages() -> tuple[str, ...]:
    """Those in which every mail text ships."""
    return tuple(sorted({file.name.split(".")[1] for file in (HERE / "messages").glob("*.md")}))


@cache
def word(key: str, language: str = "en") -> str:
    """One of the words that are put together into mails; in English where there is none in that language."""
    known = _loaded("words")[key]
    return next(known[code] for code in (language.partition("-")[0], "en") if code in known)


def agenda_point(text: str, language: str = "en") -> str:
    """A usual point of an agenda in that language; what people wrote, and what ships in English alone, as it is."""
    return _loaded("agenda").get(text, {}).get(language.partition("-")[0], text)


@cache
def _loaded(name: str) -> dict[str, dict[str, str]]:
    loaded: dict[str, dict[str, str]] = YAML(typ="safe", pure=True).load(HERE / f"{name}.yaml")
    return loaded


@cache
def message_templates() -> frozenset[str]:
    """Keys of all mail texts."""
    return frozenset(file.name.split(".")[0] for file in (HERE / "messages").glob("*.md"))


def shelves() -> Shelves:
    """What routines may name of all this; endpoints are the installation's own."""
    return Shelves(message_templates(), forms(), frozenset(reason_lists()))
