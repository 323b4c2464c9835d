"""Which mapping a file is read with: the one that is given, else the one learned from a file of the same layout whose dates
and numbers read the same way, else columns named like fields. When several fit, a person is asked."""

from __future__ import annotations

from collections.abc import Mapping as Map
from dataclasses import asdict, dataclass, field
from itertools import islice

from drumbeat.apps.intake.mappings import Mapping, Places, read_mapping, same_names
from drumbeat.apps.intake.models import LearnedMapping
from drumbeat.apps.intake.rows import RowReader
from drumbeat.apps.intake.shapes import Kind
from drumbeat.apps.intake.streams import Layout, opened
from drumbeat.apps.intake.uploads import Upload
from drumbeat.core.refusal import Refused, insist

SAMPLE = 500
FITS = 0.9
LARGEST_LIST = 200_000
ERROR_COLUMNS = ("error_column", "error_reason", "error_mend")


@dataclass(frozen=True, slots=True)
class Reading:
    """How one file is read. `text` is the mapping as written, empty when columns are named like fields."""

    name: str
    text: str
    mapping: Mapping
    lists: dict[str, dict[str, dict[str, str]]]
    forms: dict[str, str] = field(default_factory=dict)
    is_learned: bool = False


def reading_of(
    kind: Kind, upload: Upload, *, mapping: Upload | None, lists: Map[str, Upload], encoding: str = ""
) -> Reading:
    """Raises Refused when the mapping can't be read, a list is missing, or it isn't clear which mapping fits."""
    if mapping is not None:
        text = _text(mapping)
        name = mapping.name.removesuffix(".yaml")
        read = _read(kind, name, text)
        return Reading(name, text, read, _lists(read, lists, _known_lists(kind, name)))
    fitting = [
        (share, one)
        for one in LearnedMapping.objects.filter(noun=kind.noun).order_by("name")
        if (share := _fit(kind, upload, one)) >= FITS
    ]
    best = [one for share, one in fitting if share == max(found for found, _ in fitting)]
    insist(
        len(best) < 2,
        f"{upload.name} fits several learned mappings: {', '.join(one.name for one in best)}",
        "Name the right one with --mapping",
    )
    if best:
        read = _read(kind, best[0].name, best[0].text)
        return Reading(
            best[0].name, best[0].text, read, _lists(read, lists, best[0].lists), best[0].forms, True
        )
    return _named_alike(kind, upload, encoding)


def layout_json(layout: Layout) -> dict[str, object]:
    """What must be alike: container, delimiter, header. An errors file is laid out like the file it came from."""
    header = [column for column in layout.header if column not in ERROR_COLUMNS]
    return {**asdict(layout), "header": header, "encoding": ""}


def _text(mapping: Upload) -> str:
    try:
        with mapping.opened() as file:
            return file.read(1_000_000).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(f"{mapping.name} is not UTF-8", "Save the mapping as UTF-8") from error


def _read(kind: Kind, name: str, text: str) -> Mapping:
    mapping = read_mapping(name, text, [one.name for one in kind.fields])
    missing = [one for one in kind.needs if one not in mapping.sources]
    insist(
        not missing,
        f"{name} maps no {', '.join(missing)}",
        f"Each row of {kind.noun} needs it: say where it comes from",
    )
    return mapping


def _known_lists(kind: Kind, name: str) -> dict[str, dict[str, dict[str, str]]]:
    known = LearnedMapping.objects.filter(noun=kind.noun, name=name).first()
    return known.lists if known else {}


def _lists(
    mapping: Mapping, given: Map[str, Upload], known: Map[str, dict[str, dict[str, str]]]
) -> dict[str, dict[str, dict[str, str]]]:
    """The lists beside the file, or as they were learned."""
    found = {}
    for name, places in mapping.beside.items():
        if upload := given.get(places.file):
            found[name] = _list(upload, places, _columns_of(mapping, name))
        elif name in known:
            found[name] = known[name]
        else:
            raise Refused(f"The mapping looks things up in {places.file}", "Put that file beside the list")
    return found


def _columns_of(mapping: Mapping, name: str) -> list[str]:
    named = [column for source in mapping.sources.values() for column in source.columns]
    named += [one.by for one in mapping.beside.values()]
    return [column.removeprefix(f"{name}.") for column in named if column.startswith(f"{name}.")]


def _list(upload: Upload, places: Places, columns: list[str]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    with opened(upload, wanted=[places.key, *columns]) as stream:
        at = {column: n for n, column in enumerate(stream.columns)}
        for number, cells in stream.records:
            padded = cells + [""] * (len(at) - len(cells))
            key = padded[at[places.key]].strip()
            insist(
                key not in found,
                f"{upload.name}, row {number}: {places.key} {key!r} is there twice",
                "Keep one",
            )
            insist(
                len(found) < LARGEST_LIST,
                f"{upload.name} is longer than {LARGEST_LIST:,} rows",
                "Load it as a kind of its own",
            )
            found[key] = {column: padded[at[column]].strip() for column in columns}
    return found


def _fit(kind: Kind, upload: Upload, learned: LearnedMapping) -> float:
    """The share of the first rows that this mapping can read; 0 for another layout."""
    mapping = _read(kind, learned.name, learned.text)
    try:
        with opened(
            upload, encoding=mapping.encoding, sheet=mapping.sheet, wanted=mapping.own_columns
        ) as stream:
            if layout_json(stream.layout) != learned.layout:
                return 0.0
            reader = RowReader(kind, mapping, stream.columns, learned.lists, learned.forms)
            sample = [one for one in islice(stream.records, SAMPLE) if not reader.is_skipped(one[1])]
            return sum(not reader.read(*one)[1] for one in sample) / max(1, len(sample))
    except Refused:
        return 0.0


def _named_alike(kind: Kind, upload: Upload, encoding: str) -> Reading:
    with opened(upload, encoding=encoding) as stream:
        mapping = same_names(stream.columns, [one.name for one in kind.fields])
    missing = [one for one in kind.needs if one not in mapping.sources]
    insist(
        not missing,
        f"{upload.name}: no column is called {' or '.join(missing)}, and no learned mapping fits this layout",
        "Name the columns like our fields, or give a mapping with --mapping",
    )
    return Reading("", "", mapping, {})
