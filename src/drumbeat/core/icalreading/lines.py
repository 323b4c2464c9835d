"""iCalendar text as a tree of components and properties, read leniently (RFC 5545, 3.1). Knows no property's meaning."""

from __future__ import annotations

import quopri
import re
from dataclasses import dataclass, field

from drumbeat.core.refusal import Refused, insist

MOST_BYTES = 20_000_000
MOST_LINES = 150_000
LONGEST_VALUE = 100_000
DEEPEST = 8
NAME = re.compile(r"[A-Za-z0-9-]{1,80}(?=[;:])")
PARAMETER = re.compile(r';\s*([A-Za-z0-9-]{1,80})\s*=\s*("[^"]*"?|[^;:,"]*)((?:,(?:"[^"]*"|[^;:,"]*))*)')
# A zone's name that its writer should have quoted: up to the date behind it, over a few other parameters.
BARE_ZONE = re.compile(
    r';\s*TZID\s*=\s*([^"]{0,200}?)\s*'
    r'(?=(?:;\s*[A-Za-z0-9-]{1,80}\s*=(?:"[^"]{0,200}"|[^:;"]{0,200})){0,4}:\s*\d{4}-?\d\d-?\d\d)',
    re.IGNORECASE,
)
# What begins a line of running text whose fold was lost, and is no property.
ADDRESSES = frozenset(["HTTP", "HTTPS", "MAILTO"])
ESCAPED = re.compile(r"\\([\\;,nN:\"])")


@dataclass(frozen=True, slots=True)
class Property:
    """One line: name in capitals, parameters by name in capitals (several values joined by commas), value as written."""

    name: str
    parameters: dict[str, str]
    value: str

    @property
    def text(self) -> str:
        """The value as a reader sees it: escapes undone, also those of vCalendar 1.0 where the line names them."""
        if self.parameters.get("ENCODING", "").upper() == "QUOTED-PRINTABLE":
            return decoded(quopri.decodestring(self.value.encode()))
        return ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], self.value)


@dataclass(slots=True)
class Component:
    """What stands between BEGIN and END: its name, its properties in order, the components inside.

    `broken` are the lines in it that are no properties, such as the rest of one whose fold was lost.
    """

    name: str
    properties: list[Property] = field(default_factory=list)
    parts: list[Component] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def first(self, name: str) -> Property | None:
        return next((one for one in self.properties if one.name == name), None)

    def all(self, name: str) -> list[Property]:
        return [one for one in self.properties if one.name == name]

    def value(self, name: str) -> str:
        found = self.first(name)
        return found.text.strip() if found else ""

    def problems(self) -> list[str]:
        """What is told about its broken lines."""
        if not self.broken:
            return []
        more = f" and {len(self.broken) - 1:,} more" if len(self.broken) > 1 else ""
        return [f"A line is no property and is left out: {self.broken[0][:60]!r}{more}"]


def decoded(raw: bytes) -> str:
    """The text of a file: by its byte order mark, as UTF-8, or as Latin-1, which never fails."""
    insist(len(raw) <= MOST_BYTES, f"The file has {len(raw):,} bytes", f"At most {MOST_BYTES:,} are read.")
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", "replace")
    if b"\x00" in raw[:200]:
        return raw.decode("utf-16-le" if raw[1:2] == b"\x00" else "utf-16-be", "replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def calendars_in(text: str) -> list[Component]:
    """The VCALENDARs of the text, each with what is inside. Lines that can't be read are kept as `broken`.

    Refuses a text without any, and one beyond all measure.
    """
    lines = _unfolded(text)
    insist(
        len(lines) <= MOST_LINES, f"The file has {len(lines):,} lines", f"At most {MOST_LINES:,} are read."
    )
    top = Component("")
    open_ones = [top]
    for line in lines:
        _take(line, open_ones)
    found = [part for part in top.parts if part.name == "VCALENDAR"]
    loose = [part for part in top.parts if part.name != "VCALENDAR"]
    if not found and loose:
        return [Component("VCALENDAR", parts=loose, broken=top.broken)]
    if not found:
        raise Refused("The file holds no calendar", "An iCalendar file begins with BEGIN:VCALENDAR.")
    return found


def _unfolded(text: str) -> list[str]:
    """A line that begins with a blank goes on where the last one ended; some writers fold with wrong line ends."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return [line for line in re.sub(r"\n[ \t]", "", text).split("\n") if line.strip()]


def _take(line: str, open_ones: list[Component]) -> None:
    """One line into the innermost open component; an END closes it, with all that were left open inside."""
    name = NAME.match(line := line.strip())
    read = _property(line, name[0].upper()) if name else None
    if read is None or read.name in ADDRESSES:
        open_ones[-1].broken.append(line)
    elif read.name == "BEGIN":
        insist(
            len(open_ones) <= DEEPEST,
            f"Its components are nested more than {DEEPEST} deep",
            "Close each with END.",
        )
        begun = Component(read.value.strip().upper())
        open_ones[-1].parts.append(begun)
        open_ones.append(begun)
    elif read.name == "END":
        named = [index for index, one in enumerate(open_ones) if one.name == read.value.strip().upper()]
        del open_ones[named[-1] if named and named[-1] else len(open_ones) :]
    else:
        open_ones[-1].properties.append(read)


def _property(line: str, name: str) -> Property | None:
    """None for a line without a value, such as one that was cut."""
    parameters: dict[str, str] = {}
    at = len(name)
    while at < len(line) and line[at] == ";":
        if "TZID" not in parameters and (bare := BARE_ZONE.match(line, at)):
            parameters["TZID"] = bare[1].replace("\\", "")
            at = bare.end()
            continue
        found = PARAMETER.match(line, at)
        if not found:
            break
        more = re.findall(r'"([^"]*)"|([^,"]+)', found[3])
        parameters.setdefault(
            found[1].upper(), ",".join([found[2].strip('"'), *(a or b for a, b in more)])[:1_000]
        )
        at = found.end()
    colon = line.find(":", at)
    return Property(name, parameters, line[colon + 1 :][:LONGEST_VALUE]) if colon >= 0 else None
