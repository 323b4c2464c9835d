"""Changes a routine's text as little as possible: one value, one step; comments, order and style of the rest stay.

It works on places in the text that the YAML reader tells; whether the result is a routine, `reading` says.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

from drumbeat.core.playbook.keys import KEYS, keys_of_step
from drumbeat.core.playbook.outline import outline
from drumbeat.core.playbook.writing import INDENT, Tree, Value, write_item, write_tree, write_value

Path: TypeAlias = tuple[str | int, ...]


def values_of(text: str) -> dict[str, Any]:
    """What the text says, untyped: texts, lists of texts, and maps below keys. Raises RoutineErrors when it is no YAML."""
    node = _outline(text)
    return _plain(node) if node is not None and node.id == "mapping" else {}


@lru_cache(maxsize=64)
def _outline(text: str) -> Any:
    """While a text is written it is asked again and again; nodes are read only."""
    return outline(text, "")


def _plain(node: Any) -> Any:
    if node.id == "mapping":
        return {str(key.value): _plain(value) for key, value in node.value}
    if node.id == "sequence":
        return [_plain(value) for value in node.value]
    return str(node.value).strip()


def with_value(text: str, path: Path, value: Value | None) -> str:
    """The text with a value at a path such as ("cadence", "rule") or ("steps", 2, "title"); None takes the key away.

    A key that is not there yet comes where the house's order has it. What stands there already stays untouched.
    """
    text = text.removeprefix("\ufeff")
    root = _outline(text)
    if root is None or root.id != "mapping":
        return text if value is None else text + write_tree(_nested(path, value))
    node = root
    for depth, word in enumerate(path[:-1]):
        child = _child(node, word)
        if child is None or child.id not in ("mapping", "sequence"):
            return (
                text
                if value is None
                else _put(text, node, path[: depth + 1], _nested(path[depth + 1 :], value))
            )
        node = child
    present = _child(node, path[-1])
    if value is None:
        return text if present is None else _without(text, node, path)
    if present is None or (present.id == "scalar" and _is_empty(present)):
        return _put(text, node, path, value)
    if _plain(present) == (value if isinstance(value, str) else list(value)):
        return text
    return _replaced(text, node, present, value)


def _nested(path: Path, value: Value) -> Any:
    told: Any = value
    for word in reversed(path):
        told = {str(word): told}
    return told


def _child(node: Any, word: str | int) -> Any:
    if isinstance(word, int):
        return node.value[word] if node.id == "sequence" and word < len(node.value) else None
    return next((value for key, value in _pairs(node) if key.value == word), None)


def _pairs(node: Any) -> list[tuple[Any, Any]]:
    return list(node.value) if node.id == "mapping" else []


def _is_empty(node: Any) -> bool:
    return not node.value and node.style is None


def _end(node: Any) -> int:
    """Where the text of a node ends; collections in block style claim the lines after them too, so their last child tells."""
    if node.id == "scalar" or node.flow_style or not node.value:
        return int(node.end_mark.index)
    last = node.value[-1]
    return max(_end(last[0]), _end(last[1])) if node.id == "mapping" else _end(last)


def _line_start(text: str, index: int) -> int:
    return text.rfind("\n", 0, index) + 1


def _after_line(text: str, index: int) -> int:
    """The start of the next line; the end of a text whose last line isn't closed."""
    if index and text[index - 1] == "\n":  # a block scalar ends behind its line
        return index
    found = text.find("\n", index)
    return len(text) if found < 0 else found + 1


def _replaced(text: str, parent: Any, node: Any, value: Value) -> str:
    begin, end = int(node.start_mark.index), _end(node)
    in_flow = bool(parent.flow_style)
    if not isinstance(value, str) and node.id == "sequence" and not node.flow_style and not in_flow and value:
        between = "\n" + " " * int(node.start_mark.column) + "- "
        written = "- " + between.join(write_value(one) for one in value)
    else:
        written = write_value(value, in_flow=in_flow)
        if node.id == "scalar" and node.style in ("|", ">"):
            written += "\n"
        elif node.id != "scalar" and not node.flow_style:  # a block below its key becomes a value beside it
            begin = text.rindex(":", 0, begin) + 1
            written = f" {written}"
    return text[:begin] + written + text[end:]


def _put(text: str, parent: Any, path: Path, value: Any) -> str:
    """A new key below a map, behind those that the order has before it."""
    key = str(path[-1])
    present = next(((name, node) for name, node in _pairs(parent) if name.value == key), None)
    if present:  # there, and empty
        colon = text.index(":", int(present[0].end_mark.index)) + 1
        return text[:colon] + _beside(value, parent) + text[colon:]
    order = _order(parent, path)
    rank = order.index(key) if key in order else len(order)
    before = [pair for pair in _pairs(parent) if pair[0].value not in order[rank:]]
    put = _put_in_flow if bool(parent.flow_style) else _put_in_block
    return put(text, parent, key, value, before)


def _order(parent: Any, path: Path) -> Sequence[str]:
    if path[0] == "steps":
        kind = _child(parent, "kind")
        return keys_of_step(str(kind.value) if kind is not None else "")
    return KEYS.get(".".join(str(word) for word in path[:-1]), ())


def _beside(value: Any, parent: Any) -> str:
    if not isinstance(value, Mapping):
        return f" {write_value(value, in_flow=bool(parent.flow_style))}"
    indent = " " * parent.start_mark.column + INDENT
    return "\n" + write_tree(value, indent).rstrip("\n")


def _put_in_block(text: str, parent: Any, key: str, value: Any, before: list[tuple[Any, Any]]) -> str:
    indent = " " * int(parent.start_mark.column)
    written = write_tree({key: value}, indent)
    if not before:
        begin = int(parent.start_mark.index)
        return text[:begin] + written.lstrip(" ") + indent + text[begin:]
    place = _after_line(text, _end(before[-1][1]))
    opened = "" if not place or text[place - 1] == "\n" else "\n"
    return text[:place] + opened + written + text[place:]


def _put_in_flow(text: str, parent: Any, key: str, value: Any, before: list[tuple[Any, Any]]) -> str:
    told = ", ".join(_flow(name, inner) for name, inner in {key: value}.items())
    if before:
        place = _end(before[-1][1])
        return f"{text[:place]}, {told}{text[place:]}"
    place = int(parent.start_mark.index) + 1
    return f"{text[:place]}{told}{', ' if parent.value else ''}{text[place:]}"


def _flow(key: str, value: Any) -> str:
    if isinstance(value, Mapping):
        return f"{key}: {{{', '.join(_flow(name, inner) for name, inner in value.items())}}}"
    return f"{key}: {write_value(value, in_flow=True)}"


def _without(text: str, parent: Any, path: Path) -> str:
    """A map whose only key goes, goes with it; a step stays."""
    if len(_pairs(parent)) == 1 and len(path) > 1 and isinstance(path[-2], str):
        return with_value(text, path[:-1], None)
    return _taken_away(text, parent, str(path[-1]))


def _taken_away(text: str, parent: Any, key: str) -> str:
    pairs = _pairs(parent)
    place = next(n for n, (name, _) in enumerate(pairs) if name.value == key)
    begin, end = int(pairs[place][0].start_mark.index), _end(pairs[place][1])
    if parent.flow_style:
        if place + 1 < len(pairs):
            return text[:begin] + text[int(pairs[place + 1][0].start_mark.index) :]
        return text[: _end(pairs[place - 1][1]) if place else begin] + text[end:]
    line = _line_start(text, begin)
    if text[line:begin].strip() and place + 1 < len(
        pairs
    ):  # behind the dash of an item: the next key takes its place
        return text[:begin] + text[int(pairs[place + 1][0].start_mark.index) :]
    return text[:line] + text[_after_line(text, end) :]


def with_step(text: str, step: Tree, at: int) -> str:
    """The text with a new step before the one at this place."""
    text = _with_block_steps(text)
    stretches = list(_stretches(text))
    if not stretches:
        bare = with_value(text, ("steps",), None)
        return bare + ("" if bare.endswith("\n") or not bare else "\n") + write_tree({"steps": [dict(step)]})
    item = write_item(step, _indent(text))
    place = stretches[at][0] if at < len(stretches) else stretches[-1][1]
    opened = "" if text[:place].endswith("\n") else "\n"
    return text[:place] + opened + item + text[place:]


def without_step(text: str, at: int) -> str:
    """The text without a step and the comment above it."""
    text = _with_block_steps(text)
    begin, end = list(_stretches(text))[at]
    return text[:begin] + text[end:]


def with_step_moved(text: str, at: int, to: int) -> str:
    """The text with a step, and the comment above it, at another place."""
    text = _with_block_steps(text)
    stretches = list(_stretches(text))
    pieces = [text[begin:end].rstrip("\n") + "\n" for begin, end in stretches]
    pieces.insert(to, pieces.pop(at))
    return text[: stretches[0][0]] + "".join(pieces) + text[stretches[-1][1] :]


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    """Where each step begins, with the comment lines above it, and ends."""
    steps = _child(_outline(text), "steps")
    nodes = list(steps.value) if steps is not None and steps.id == "sequence" else []
    begins = [_with_comment(text, _line_start(text, int(node.start_mark.index))) for node in nodes]
    if nodes:
        yield from zip(begins, [*begins[1:], _after_line(text, _end(nodes[-1]))], strict=True)


def _with_comment(text: str, begin: int) -> int:
    while begin:
        above = _line_start(text, begin - 1)
        if not text[above:begin].strip().startswith("#"):
            return begin
        begin = above
    return begin


def _indent(text: str) -> str:
    return " " * int(_child(_outline(text), "steps").start_mark.column)


def _with_block_steps(text: str) -> str:
    """Steps that stand in one line get a line each, so that they can be moved."""
    text = text.removeprefix("\ufeff")
    steps = _child(_outline(text), "steps")
    if steps is None or steps.id != "sequence" or not steps.flow_style:
        return text
    items = [text[int(node.start_mark.index) : int(node.end_mark.index)] for node in steps.value]
    block = "".join(f"\n{INDENT}- {item}" for item in items)
    return text[: int(steps.start_mark.index)].rstrip(" ") + block + text[int(steps.end_mark.index) :]
