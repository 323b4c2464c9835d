"""Reads a drawing back as a stranger would: as XML."""

from xml.etree import ElementTree

SPACE = "{http://www.w3.org/2000/svg}"
HOSTILE = "</text><script>alert(1)</script> \"quoted\" & 'single' \x00\x0b\ud800 日本語 Größe"


def read(drawing: str) -> ElementTree.Element:
    return ElementTree.fromstring(drawing)


def tags(drawing: str) -> set[str]:
    return {node.tag.removeprefix(SPACE) for node in read(drawing).iter()}


def attributes(drawing: str) -> set[str]:
    return {name for node in read(drawing).iter() for name in node.attrib}


def with_class(drawing: str, name: str) -> list[ElementTree.Element]:
    return [node for node in read(drawing).iter() if name in node.get("class", "").split()]


def text_of(drawing: str, tag: str) -> str:
    node = read(drawing).find(SPACE + tag)
    assert node is not None
    return node.text or ""


def numbers(node: ElementTree.Element, *names: str) -> list[float]:
    return [float(node.get(name, "nan")) for name in names]
