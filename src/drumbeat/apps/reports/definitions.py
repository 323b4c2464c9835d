"""What the figures of an edition mean: the entries of the metric catalogue that it used, and meanings in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from drumbeat.core.metrics import METRICS

from .models import Edition
from .sections.shapes import Section

DEFINITION_COLUMNS = ("figure", "meaning", "formula", "unit", "window", "zero", "missing", "owner", "version")


def take_meanings(sections: Iterable[Section]) -> tuple[list[str], list[dict[str, Any]]]:
    """Meanings in words and entries of the catalogue, once each; taken out of the sections, which repeat them."""
    parts = [part for section in sections for part in (section, *section.get("figures", []))]
    words = list(dict.fromkeys(meaning for part in parts if (meaning := part.pop("meaning", ""))))
    named = list(dict.fromkeys(name for part in parts for name in part.pop("metrics", ())))
    return [*words, *(_in_words(name) for name in named)], [_entry(name) for name in named]


def _in_words(name: str) -> str:
    metric = METRICS[name]
    return f"{metric.title}: {metric.definition}. {metric.formula}; {metric.zero}."


def _entry(name: str) -> dict[str, Any]:
    metric = METRICS[name]
    kept = ("name", "title", "definition", "formula", "unit", "window", "zero", "missing", "owner", "version")
    return {key: getattr(metric, key) for key in kept}


def definition_rows(edition: Edition) -> list[tuple[Any, ...]]:
    """Under DEFINITION_COLUMNS: the catalogue's entries in full, then what is told in words alone."""
    entries = edition.data.get("metrics", [])
    full = [
        (
            one["title"],
            one["definition"],
            one["formula"],
            one["unit"],
            one["window"],
            one["zero"],
            one["missing"],
            one["owner"],
            one["version"],
        )
        for one in entries
    ]
    told = {f"{one['title']}:" for one in entries}
    words = [text.partition(": ") for text in edition.data["definitions"]]
    return [*full, *((name, meaning) for name, colon, meaning in words if name + colon.strip() not in told)]
