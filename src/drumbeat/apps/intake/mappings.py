"""How the columns of a foreign file become the fields of ours, as a readable text. The format is told in
docs/guide/intake.md. It knows neither rows nor the database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from drumbeat.core.refusal import Refused

KEYS = ("title", "encoding", "sheet", "amounts", "skip", "places", "beside", "fields")
PLACES_KEYS = ("file", "key", "by")
SOURCE_KEYS = (
    "column", "columns", "join", "constant", "values", "otherwise", "respell", "date", "number", "round",
)  # fmt: skip
AMOUNTS = ("converted", "reporting")
PLACES = "places."


@dataclass(frozen=True, slots=True)
class Source:
    """Where a field's text comes from: columns (several are joined, one a line), or the same for every row."""

    columns: tuple[str, ...] = ()
    constant: str | None = None
    values: dict[str, str] = field(default_factory=dict)
    otherwise: str | None = None
    date_form: str = ""
    number_form: str = ""
    rounds: bool = False
    join: str = "\n"
    respell: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Places:
    """A second file, such as that of the places: its rows are found by `key`, from the column `by` of the first."""

    file: str
    key: str
    by: str


@dataclass(frozen=True, slots=True)
class Mapping:
    title: str
    sources: dict[str, Source]
    encoding: str = ""
    places: Places | None = None
    beside: dict[str, Places] = field(default_factory=dict)
    sheet: str = ""
    skip: dict[str, tuple[str, ...]] = field(default_factory=dict)
    amounts_are_reporting: bool = False

    @property
    def own_columns(self) -> tuple[str, ...]:
        """The columns read from the file itself, not from the lists beside it."""
        lists = [one.by for one in self.beside.values()]
        named = (
            [column for source in self.sources.values() for column in source.columns]
            + lists
            + list(self.skip)
        )
        return tuple(dict.fromkeys(name for name in named if name.partition(".")[0] not in self.beside))

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns read, those of the places as `places.City`."""
        named = [column for source in self.sources.values() for column in source.columns]
        return tuple(dict.fromkeys(named + ([self.places.by] if self.places else [])))


def same_names(columns: Iterable[str], fields: Iterable[str]) -> Mapping:
    """The mapping of a file whose columns are called like our fields, however they write spaces and capitals."""
    known = set(fields)
    folded = {column.casefold().replace(" ", "_").replace("-", "_"): column for column in columns}
    sources = {name: Source((column,)) for name, column in folded.items() if name in known}
    return Mapping("Columns named like fields", sources)


def read_mapping(name: str, text: str, fields: Iterable[str]) -> Mapping:
    """The mapping in this text. Raises Refused with file and line."""
    return _Reader(name, tuple(fields)).read(text)


class _Reader:
    """Goes through the nodes of one text; every scalar counts as text, so that NO stays Norway's code."""

    def __init__(self, name: str, fields: tuple[str, ...]) -> None:
        self.name, self.fields = name, fields

    def read(self, text: str) -> Mapping:
        top = self._map(self._node(text), KEYS)
        if "fields" not in top:
            raise Refused(f"{self.name}: there are no fields", "Write fields: and under it one field a line")
        sources = self._map(top["fields"], self.fields)
        return Mapping(
            title=self._text(top["title"]) if "title" in top else self.name,
            sources={name: self._source(node) for name, node in sources.items()},
            encoding=self._text(top["encoding"]) if "encoding" in top else "",
            places=self._places(top["places"]) if "places" in top else None,
            beside=self._beside(top["beside"]) if "beside" in top else {},
            sheet=self._text(top["sheet"]) if "sheet" in top else "",
            skip=self._skip(top["skip"]) if "skip" in top else {},
            amounts_are_reporting=self._word(top["amounts"], AMOUNTS) == "reporting"
            if "amounts" in top
            else False,
        )

    def _node(self, text: str) -> Any:
        try:
            return YAML(typ="rt", pure=True).compose(text)
        except MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            raise Refused(
                f"{self.name}, line {line}: {error.problem}", "Write it as YAML, key: value"
            ) from error
        except (YAMLError, RecursionError) as error:
            raise Refused(f"{self.name} is no YAML", "Save it as plain UTF-8 text") from error

    def _places(self, node: Any) -> Places:
        found = {key: self._text(value) for key, value in self._map(node, PLACES_KEYS).items()}
        for key in PLACES_KEYS:
            if key not in found:
                raise self._refused(node, f"places has no {key}", f"Add a line {key}: …")
        return Places(**found)

    def _beside(self, node: Any) -> dict[str, Places]:
        return {name: self._places(one) for name, one in self._map(node).items()}

    def _skip(self, node: Any) -> dict[str, tuple[str, ...]]:
        return {name: tuple(map(self._text, self._list(one))) for name, one in self._map(node).items()}

    def _source(self, node: Any) -> Source:
        if node.id == "scalar":
            return Source((self._text(node),))
        found = self._map(node, SOURCE_KEYS)
        if len({"column", "columns", "constant"} & set(found)) != 1:
            raise self._refused(
                node, "a field comes from one of column, columns, constant", "Give exactly one"
            )
        return Source(
            columns=self._columns(found),
            constant=self._text(found["constant"]) if "constant" in found else None,
            values=self._values(found["values"]) if "values" in found else {},
            otherwise=self._text(found["otherwise"]) if "otherwise" in found else None,
            date_form=self._text(found["date"]) if "date" in found else "",
            number_form=self._text(found["number"]) if "number" in found else "",
            rounds="round" in found and self._word(found["round"], ("yes", "no")) == "yes",
            join=str(found["join"].value) if "join" in found else "\n",
            respell=self._values(found["respell"]) if "respell" in found else {},
        )

    def _columns(self, found: dict[str, Any]) -> tuple[str, ...]:
        if "column" in found:
            return (self._text(found["column"]),)
        return tuple(self._text(one) for one in self._list(found["columns"])) if "columns" in found else ()

    def _values(self, node: Any) -> dict[str, str]:
        return {key: self._text(value) for key, value in self._map(node).items()}

    def _map(self, node: Any, known: tuple[str, ...] | None = None) -> dict[str, Any]:
        if node is None or node.id != "mapping":
            raise self._refused(node, "here belongs a map", "Write key: value, one a line")
        found: dict[str, Any] = {}
        for key_node, value in node.value:
            key = self._text(key_node)
            if key in found:
                raise self._refused(key_node, f"{key} is given twice", "Keep one")
            if known is not None and key not in known:
                raise self._refused(key_node, f"{key} is not known here", _nearest(key, known))
            found[key] = value
        return found

    def _list(self, node: Any) -> list[Any]:
        if node.id != "sequence":
            raise self._refused(node, "here belongs a list", "Write [one, other]")
        return list(node.value)

    def _word(self, node: Any, known: tuple[str, ...]) -> str:
        found = self._text(node)
        if found not in known:
            raise self._refused(node, f"{found} is not known here", f"Use one of {', '.join(known)}")
        return found

    def _text(self, node: Any) -> str:
        if node.id != "scalar":
            raise self._refused(node, "here belongs a text", "Write it in one line")
        return str(node.value).strip()

    def _refused(self, node: Any, what: str, mend: str) -> Refused:
        line = node.start_mark.line + 1 if node is not None else 1
        return Refused(f"{self.name}, line {line}: {what}", mend)


def _nearest(word: str, known: tuple[str, ...]) -> str:
    near = get_close_matches(word, known, n=1)
    return f"Did you mean {near[0]}?" if near else f"Use one of {', '.join(known)}"
