"""Paths: the text of a table's columns, JSON Pointers, and walking through a document.

A path is a tuple of segments: a member name, `*` (every element, last only), `[member=value]` (the element whose
member says so) or `0` (the only element).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from lso.lens.table import EACH, ONLY, Path_, Segment, Select


@lru_cache(maxsize=4096)
def parse_path(text: str) -> Path_:
    """`place/[role=INSTALL_LOCATION]/id` as segments. Raises ValueError."""
    path = tuple(_segment(part) for part in _split(text))
    for before, segment in zip((None, *path), path, strict=False):
        if is_member(segment):
            continue
        if before is None or not is_member(before):
            raise ValueError(f"{text}: {segment} must follow the member that holds the list")
        if segment == EACH and segment is not path[-1]:
            raise ValueError(f"{text}: {EACH} must come last; what is inside the elements is a row set")
    return path


def _split(text: str) -> list[str]:
    """The parts between slashes; a slash inside brackets is part of a value."""
    parts, inside = [""], False
    for letter in text:
        if letter == "/" and not inside:
            parts.append("")
            continue
        inside = (inside or letter == "[") and letter != "]"
        parts[-1] += letter
    if inside or "" in parts:
        raise ValueError(f"{text!r} is not a path")
    return parts


def _segment(part: str) -> Segment:
    if not part.startswith("["):
        return part
    key, equals, value = part[1:-1].partition("=")
    if not part.endswith("]") or not equals or not key:
        raise ValueError(f"{part}: expected [member=value]")
    return Select(key, value)


def is_member(segment: Segment) -> bool:
    """Whether a segment names a member, rather than elements of a list."""
    return isinstance(segment, str) and segment not in (EACH, ONLY)


def path_text(path: Path_) -> str:
    """The path as a table writes it."""
    return "/".join(str(segment) for segment in path)


def escape(segment: object) -> str:
    """One segment of a JSON Pointer (RFC 6901)."""
    return str(segment).replace("~", "~0").replace("/", "~1")


def pointer(segments: Iterable[object]) -> str:
    """A JSON Pointer."""
    return "".join("/" + escape(segment) for segment in segments)


def segments_of(text: str) -> tuple[str, ...]:
    """The segments of a JSON Pointer."""
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in text.split("/")[1:])


def walk(document: Any, path: Path_) -> Any:
    """What stands at a path of a document, or None."""
    for segment in path:
        if type(document) is dict:
            document = document.get(segment) if type(segment) is str else None
        elif type(document) is list:
            document = _element(document, segment)
        else:
            return None
    return document


def _element(elements: list[Any], segment: Segment) -> Any:
    if isinstance(segment, Select):
        found = find(elements, segment.key, segment.value)
        return elements[found] if found >= 0 else None
    return elements[0] if segment == ONLY and len(elements) == 1 else None


def find(elements: list[Any], key: str, value: str) -> int:
    """The position of the first element whose member says so, or -1."""
    for position, element in enumerate(elements):
        if type(element) is dict and element.get(key) == value:
            return position
    return -1
