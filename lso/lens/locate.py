"""Where a pointer into one document leads in its translation. Derived from the rows alone; elements that are picked
out, and lists of name and value, are looked up in the documents.

What has no counterpart leads to the nearest place that has: a finding about it must still point at something that its
reader knows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lso.lens.guard import guard_of
from lso.lens.path import find, pointer, segments_of
from lso.lens.table import EACH, Path_, Row, Segment, Select, Table
from lso.lens.way import OTHER, RAW

Segments = tuple[str, ...]


@dataclass(frozen=True)
class _Match:
    """How far a path of the source goes along with the pointer. length: of the pointer; whole: the path ends there."""

    row: Row
    target: Path_
    length: int
    whole: bool
    depth: int


def locate(table: Table, text: str, direction: int, *, source: Any, target: Any) -> str:
    """The pointer on the other side. direction: which side the pointer is of, READING for theirs."""
    return pointer(_Locator(table, direction).inside(("main",), segments_of(text), source, target))


@dataclass(frozen=True)
class _Locator:
    table: Table
    side: int

    def inside(self, names: Sequence[str], left: Segments, source: Any, target: Any) -> list[str]:
        """Within an object that one of the row sets describes."""
        if not left:
            return []
        ours = source if self.side else target
        matches = [match for name in names for match in self._matches(name, left, source, ours)]
        whole = [match for match in matches if match.whole]
        if whole:
            return self._follow(max(whole, key=lambda match: match.depth), left, source, target)
        most = max((match.length for match in matches), default=0)
        near = [match.target for match in matches if match.length == most]
        return _resolve(_common(near), target)[0] if most else []

    def _matches(self, name: str, left: Segments, source: Any, ours: Any) -> Iterator[_Match]:
        rows = self.table.sets.get(name, ())
        if self.table.rest_same:
            rows = (*rows, Row(((),), ((),), {"rest": "true"}))
        # Where two rows share a place, the one whose guard holds comes first; of equal ones the first is taken.
        for row in sorted(rows, key=lambda row: not _applies(row, ours)):
            here, there = (row.theirs, row.ours) if self.side == 0 else (row.ours, row.theirs)
            for position, path in enumerate(here if there else ()):
                length = _along(path, left, source)
                end = len(path) - (path[-1:] == (EACH,))
                yield _Match(row, there[position if len(there) == len(here) else 0], length, length == end, end)

    def _follow(self, match: _Match, left: Segments, source: Any, target: Any) -> list[str]:
        """To where the row leads, and on from there."""
        how, rest = match.row.how, left[match.length:]
        path = match.target[:-1] if match.target[-1:] == (EACH,) else match.target
        found, exact = _resolve(path, target)
        if not exact or not rest:
            return found
        here, there = _look(source, left[:match.length]), _look(target, found)
        if "one" in how:
            return found + self.inside((how["one"],), rest, here, there)
        if "each" in how or "each_of" in how:
            return found + self._element(match.row, rest, here, there)
        if "bag" in how:
            return found + self._pair(how["bag"], rest, here, there)
        if "words" in how or "as" in how or "call" in how:
            return found + list(rest[:1] if match.target[-1:] == (EACH,) else ())
        return found + list(rest)

    def _element(self, row: Row, rest: Segments, here: Any, there: Any) -> list[str]:
        index, rest = rest[0], rest[1:]
        if not _is_index(index):
            return []
        one, other = _look(here, (index,)), _look(there, (index,))
        if "each" in row.how:
            return [index, *self.inside((row.how["each"],), rest, one, other)]
        types = self.table.types[row.how["each_of"]]
        tags = types.tag if self.side == 0 else types.tag[::-1]
        if rest == (tags[0],):
            return [index, tags[1]]
        word = one.get(tags[0]) if isinstance(one, dict) else None
        if word == OTHER and rest[:1] == (RAW,):
            return [index, *rest[1:]]
        if isinstance(other, dict) and other.get(tags[1]) == OTHER and RAW in other:
            return [index, RAW, *rest]
        chosen = [case[2] for case in types.cases if case[self.side] == word]
        return [index, *self.inside(chosen[:1] or [case[2] for case in types.cases], rest, one, other)]

    def _pair(self, bag: dict[str, str], rest: Segments, here: Any, there: Any) -> list[str]:
        if isinstance(here, list):
            name = _look(here, (rest[0], bag["name"]))
            return [name, *rest[2:]] if isinstance(name, str) else []
        for position, pair in enumerate(there if isinstance(there, list) else ()):
            if isinstance(pair, dict) and pair.get(bag["name"]) == rest[0] and bag["value"] in pair:
                return [str(position), bag["value"], *rest[1:]]
        return []


def _applies(row: Row, ours: Any) -> bool:
    guard = guard_of(row)
    return guard is None or guard.holds(ours)


def _along(path: Path_, left: Segments, source: Any) -> int:
    """How many segments of a pointer a path goes along with."""
    for position, segment in enumerate(path):
        if position == len(left) or segment == EACH or not _meets(segment, left[position], source):
            return position
        source = _look(source, left[position:position + 1])
    return len(path)


def _meets(segment: Segment, said: str, source: Any) -> bool:
    if isinstance(segment, Select):
        return isinstance(source, list) and said == str(find(source, segment.key, segment.value))
    return said == segment


def _is_index(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _look(document: Any, segments: Sequence[str]) -> Any:
    """What a pointer means in a document, or None."""
    for segment in segments:
        if isinstance(document, dict):
            document = document.get(segment)
        elif isinstance(document, list) and _is_index(segment) and int(segment) < len(document):
            document = document[int(segment)]
        else:
            return None
    return document


def _resolve(path: Path_, target: Any) -> tuple[list[str], bool]:
    """The pointer that a path of the target means in a document; False if an element is not there to be pointed at."""
    found: list[str] = []
    for segment in path:
        if isinstance(segment, Select):
            position = find(target, segment.key, segment.value) if isinstance(target, list) else -1
            if position < 0:
                return found, False
            found.append(str(position))
        else:
            found.append(segment)
        target = _look(target, found[-1:])
    return found, True


def _common(paths: list[Path_]) -> Path_:
    """As far as most of the paths agree."""
    agreed: Path_ = ()
    while True:
        following = Counter(path[len(agreed)] for path in paths
                            if path[:len(agreed)] == agreed and len(path) > len(agreed) and path[len(agreed)] != EACH)
        if not following:
            return agreed
        segment, votes = following.most_common(1)[0]
        if votes * 2 <= len(paths):
            return agreed
        agreed = (*agreed, segment)
