"""The loss report: what of a document did not reach the other side, where it was, and why. Read off the complement."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple

from lso.lens.complement import Node, keys
from lso.lens.path import pointer
from lso.lens.table import EACH, ONLY, Path_, Row, Segment, Select, Table
from lso.lens.translation import Document
from lso.lens.words import lexicon

Direction = Literal["read", "write"]
Waiting = list[tuple[Path_, Row]]

NO_ROW = "no counterpart"
SPELLED = "spelled differently on the other side"
ELEMENT = "the other side has no place for this element"


class Loss(NamedTuple):
    """at: JSON Pointer into the document. why: a phrase, from the table where it gives one. kept: where it is."""

    at: str
    why: str
    kept: str = "complement"


def losses(complement: Node, table: Table, direction: Direction, document: Document) -> list[Loss]:
    """Every value of the document that the other side cannot hold, in the order of the complement."""
    side = 0 if direction == "read" else 1
    rows = [(path, row) for row in table.sets["main"] for path in _paths(row, side)]
    return [Loss(pointer(at), why) for at, why in _left(complement, document, rows, table, side, ())]


def _left(node: Node, here: Any, rows: Waiting, table: Table, side: int,
          at: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    for name in node.get("rest", {}):
        yield (*at, name), _reason(rows, name)
    for name, value in node.get("spelled", {}).items():
        yield (*at, name), _folded(rows, name, value, table, side)
    for position, _ in node.get("more", ()):
        yield (*at, str(position)), ELEMENT
    for name, child in node.get("in", {}).items():
        inside = here.get(name) if isinstance(here, dict) else None
        yield from _left(child, inside, _below(rows, name, table, side), table, side, (*at, name))
    found = node.get("at", {})
    if found and isinstance(here, list):
        for position, child in _elements(found, here, rows, table, side):
            inner = _inside(rows, table, side)
            yield from _left(child, here[position], inner, table, side, (*at, str(position)))


def _elements(found: dict[str, Node], these: list[Any], rows: Waiting, table: Table,
              side: int) -> Iterator[tuple[int, Node]]:
    """The elements that a list's complement speaks of, whether it names them as pairs, by key or by selector."""
    bag = next((row.how["bag"] for path, row in rows if not path and "bag" in row.how), None)
    if bag is not None:
        names = [one.get(bag["name"]) if isinstance(one, dict) and bag["value"] in one else None for one in these]
        yield from ((names.index(label), child) for label, child in found.items())
        return
    named = keys([one if _known(one, rows, table, side) else {} for one in these], _key(rows, table, side))
    for label, child in found.items():
        if label in named:
            yield named.index(label), child
            continue
        for path, _ in rows:
            if path and isinstance(path[0], Select) and str(path[0]) == label:
                chosen = [i for i, one in enumerate(these)
                          if isinstance(one, dict) and one.get(path[0].key) == path[0].value]
                if chosen:
                    yield chosen[0], child
                break
        else:
            if label == ONLY and these:
                yield 0, child


def _known(one: Any, rows: Waiting, table: Table, side: int) -> bool:
    """Whether an element is of a known type: those that are not have no key on the other side."""
    for path, row in rows:
        if "each_of" in row.how and path[:1] == (EACH,) and isinstance(one, dict):
            types = table.types[row.how["each_of"]]
            return one.get(types.tag[side]) in [case[side] for case in types.cases]
    return True


def _key(rows: Waiting, table: Table, side: int) -> Path_ | None:
    """By what the elements of a list are known: the `by` of its row."""
    for path, row in rows:
        if path[:1] == (EACH,) and "by" in row.how:
            by = row.how["by"]
            for other in _rows_of(row, table):
                if (by,) in other.theirs and _paths(other, side):
                    return _paths(other, side)[0]
            return (by,)
    return None


def _below(rows: Waiting, name: str, table: Table, side: int) -> Waiting:
    """What the rows say about the inside of a member."""
    inside = [(path[1:], row) for path, row in rows if path and path[0] == name]
    for path, row in list(inside):
        if not path and "one" in row.how:
            inside += [(inner, other) for other in _rows_of(row, table) for inner in _paths(other, side)]
    return inside


def _inside(rows: Waiting, table: Table, side: int) -> Waiting:
    """What the rows say about the inside of a list's elements."""
    inside: Waiting = []
    for path, row in rows:
        if not path or not _picks(path[0]):
            continue
        inside.append((path[1:], row))
        if len(path) == 1:
            inside += [(inner, other) for other in _rows_of(row, table) for inner in _paths(other, side)]
    return inside


def _picks(segment: Segment) -> bool:
    return isinstance(segment, Select) or segment in (EACH, ONLY)


def _rows_of(row: Row, table: Table) -> list[Row]:
    """The rows of the sets that a row applies."""
    name = row.how.get("one") or row.how.get("each")
    if name is not None:
        return list(table.sets.get(name, ()))
    types = table.types.get(row.how.get("each_of", ""))
    return [other for case in types.cases for other in table.sets[case[2]]] if types else []


def _reason(rows: Waiting, name: str) -> str:
    """Why a member is not carried: the reason of the row that drops it, or drops what it is part of."""
    named = [row for path, row in rows if path == (name,)]
    around = [row for path, row in rows if not path]
    for row in (*named, *around):
        if "drop" in row.how:
            return str(row.how["drop"])
    guards = [guard for row in named if isinstance(guard := row.how.get("when"), dict)]
    if guards and len(guards) == len(named):
        return "said only where " + ", or where ".join(map(_condition, guards))
    return "cannot be read" if named else NO_ROW


def _condition(guard: Mapping[str, Any]) -> str:
    """A guard as one says it."""
    return " and ".join(f"{name} is {' or '.join(words) if isinstance(words, list) else words}"
                        for name, words in guard.items())


def _folded(rows: Waiting, name: str, value: Any, table: Table, side: int) -> str:
    """What the other side says instead."""
    for row in (row for path, row in rows if path == (name,)):
        if "words" in row.how and len(row.theirs) == len(row.ours) == 1:
            words = lexicon(table.words[row.how["words"]], table.sides[side], table.sides[1 - side], row)
            return f"folded to {words.read(value)}"
    return SPELLED


def _paths(row: Row, side: int) -> tuple[Path_, ...]:
    return row.theirs if side == 0 else row.ours
