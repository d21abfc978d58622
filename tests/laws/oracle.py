"""A naive interpreter of mapping tables: slow, plain, without complement, findings or put-back.

It says what document a table makes of another, one row after the other, and serves as oracle of the compiler. What it
makes and takes back again is the same document exactly when a translation has nothing to remember.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from lso.lens.codec import Call, Codec
from lso.lens.path import parse_path, walk
from lso.lens.table import EACH, ONLY, Path_, Row, Select, Table, Words

Document = dict[str, Any]


class Oracle:
    """One direction of a table."""

    def __init__(self, table: Table, codecs: Mapping[str, Codec], calls: Mapping[str, Call], reading: bool) -> None:
        self.table, self.codecs, self.calls, self.reading = table, codecs, calls, reading
        self.others = [Row(((),), ((),), {"rest": "true"})] if table.rest_same else []
        self.arranged = cache(self.arrange)

    def __call__(self, document: Document) -> Document:
        return self.row_set("main", document, None)

    def sides(self, row: Row) -> tuple[tuple[Path_, ...], tuple[Path_, ...]]:
        return (row.theirs, row.ours) if self.reading else (row.ours, row.theirs)

    def row_set(self, name: str, source: Document, above: Document | None, tag: str | None = None,
                chosen: tuple[str, str] | None = None) -> Document:
        """The object that a row set makes. tag, chosen: the members that chose it, in the source and in the target."""
        made: Document = {chosen[0]: chosen[1]} if chosen else {}
        rows, plain, several = self.arranged(name, tag, chosen)
        for row in plain:
            if self.applies(row, made if self.reading else source):
                self.carry(row, rows, source, above, made)
        for row in several:
            self.carry_several(row, source, made)
        for row in rows:
            for path in self.sides(row)[1] if "const" in row.how else ():
                holder = walk(made, path[:-1])
                if isinstance(holder, dict):
                    holder[path[-1]] = row.how["const"]
        return made

    def arrange(self, name: str, tag: str | None,
                chosen: tuple[str, str] | None) -> tuple[list[Row], list[Row], list[Row]]:
        """The rows of a set: all that count there, and of them those that carry one value, and several."""
        rows = [row for row in (*self.table.sets[name], *self.others) if (tag,) not in self.sides(row)[0]
                and ((chosen[0],) if chosen else None) not in self.sides(row)[1]]
        carried = [row for row in rows if all(self.sides(row))]
        several = [row for row in carried if "call" in row.how or max(map(len, self.sides(row))) > 1]
        plain = [row for row in carried if row not in several]
        return rows, sorted(plain, key=lambda row: "when" in row.how), several

    def columns(self, words: Words) -> tuple[int, int]:
        theirs, ours = (words.columns.index(side) for side in self.table.sides)
        return (theirs, ours) if self.reading else (ours, theirs)

    def applies(self, row: Row, ours: Document) -> bool:
        guard = row.how.get("when", {})
        return all(walk(ours, parse_path(name)) in (words if isinstance(words, list) else [words])
                   for name, words in guard.items())

    def carry(self, row: Row, rows: list[Row], source: Document, above: Document | None, made: Document) -> None:
        (here,), (there,) = self.sides(row)
        how = row.how
        listed = here[-1:] == (EACH,)
        value = fetch(source, here[:-1] if listed else here)
        tag = here[-1].key if here and isinstance(here[-1], Select) else None
        chosen = (there[-1].key, there[-1].value) if there and isinstance(there[-1], Select) else None
        if value is None:
            value = self.absent(row, above)
        elif "rest" in how:
            value = self.rest(rows, here, there, value)
        elif "bag" in how:
            value = self.bag(how["bag"]["name"], how["bag"]["value"], value)
        elif "one" in how:
            value = self.row_set(how["one"], value, source, tag, chosen) if isinstance(value, dict) else None
        elif "each" in how or "each_of" in how:
            objects = isinstance(value, list) and all(isinstance(one, dict) for one in value)
            value = [self.element(row, one, source) for one in value] if objects else None
        elif listed and not {"as", "words"}.isdisjoint(how):
            found = [self.convert(row, one) for one in value] if isinstance(value, list) else [None]
            value = None if None in found else found
        else:
            value = self.convert(row, value)
        if value is not None:
            put(made, there[:-1] if listed else there, value)

    def absent(self, row: Row, above: Document | None) -> Any:
        """What stands for a member that is not there; our side has defaults, theirs inherits."""
        if not self.reading and "inherit" in row.how:
            found = walk(above, parse_path(row.how["inherit"]))
            return None if found is None else self.convert(row, found)
        return row.how.get("default") if self.reading else None

    def convert(self, row: Row, value: Any) -> Any:
        if "words" in row.how:
            return self.word(row, value)
        if "as" in row.how:
            codec = self.codecs[row.how["as"]]
            try:
                return codec.read(value) if self.reading else codec.write(value)
            except (ValueError, TypeError, KeyError, OverflowError):
                return None
        return value

    def word(self, row: Row, value: Any) -> Any:
        words = self.table.words[row.how["words"]]
        here, there = self.columns(words)
        if not isinstance(value, str):
            return None
        for cells in words.rows:
            if cells[here] == value and cells[there] is not None:
                return cells[there]
        return value if row.how.get("open") == "true" or words.open & set(self.table.sides) else None

    def element(self, row: Row, one: Document, source: Document) -> Any:
        if "each" in row.how:
            return self.row_set(row.how["each"], one, source)
        types = self.table.types[row.how["each_of"]]
        here, there = (0, 1) if self.reading else (1, 0)
        for case in types.cases:
            if one.get(types.tag[here]) == case[here]:
                return self.row_set(case[2], one, source, types.tag[here], (types.tag[there], case[there]))
        return one["raw"] if wrappings(one, types, here) % 2 else {types.tag[there]: "other", "raw": one}

    def rest(self, rows: list[Row], here: Path_, there: Path_, value: Any) -> Any:
        if not isinstance(value, dict):
            return None
        named, taken = (
            {path[len(start)] for row in rows for path in self.sides(row)[side]
             if path[:len(start)] == start and len(path) > len(start)} for side, start in ((0, here), (1, there)))
        return {name: one for name, one in value.items() if name not in named | taken} or None

    def bag(self, name: str, value: str, found: Any) -> Any:
        if not self.reading:
            return [{name: key, value: one} for key, one in found.items()] if isinstance(found, dict) else None
        if not isinstance(found, list):
            return None
        made: Document = {}
        for pair in found:
            if isinstance(pair, dict) and isinstance(pair.get(name), str) and value in pair:
                made.setdefault(pair[name], pair[value])
        return made

    def carry_several(self, row: Row, source: Document, made: Document) -> None:
        here, there = self.sides(row)
        values = tuple(source.get(path[0]) for path in here)
        if "call" in row.how:
            call = self.calls[row.how["call"]]
            before = tuple(self.convert(row, one) if one is not None and self.reading else one for one in values)
            if any(new is None and old is not None for new, old in zip(before, values, strict=True)):
                return
            try:
                found = (call.read if self.reading else call.write)(before, source)
            except (ValueError, TypeError, KeyError):
                return
            after = found if self.reading else tuple(None if one is None else self.convert(row, one) for one in found)
            if any(new is None and old is not None for new, old in zip(after, found, strict=True)):
                return
        else:
            after = self.closest(row, values)
        for path, one in zip(there, after, strict=True):
            if one is not None:
                put(made, path, one)

    def closest(self, row: Row, values: tuple[Any, ...]) -> tuple[Any, ...]:
        words = self.table.words[row.how["words"]]
        columns = self.columns(words)
        cells = [tuple(one if isinstance(one, tuple) else (one,) for one in (cells[column] for column in columns))
                 for cells in words.rows]
        fitting = [(said, other) for said, other in cells
                   if all(word is None or word == value for word, value in zip(said, values, strict=True))]
        if not fitting or all(value is None for value in values):
            return (None,) * len(self.sides(row)[1])
        return max(fitting, key=lambda pair: sum(word is not None for word in pair[0]))[1]


def fetch(source: Any, path: Path_) -> Any:
    """What stands at a path; an element that is not an object has nothing inside."""
    for segment in path:
        if isinstance(segment, Select) or segment == ONLY:
            source = walk(source, (segment,)) if isinstance(source, list) else None
        else:
            source = source.get(segment) if isinstance(source, dict) else None
    return source


def put(made: Any, path: Path_, value: Any) -> None:
    """Puts a value at a path and makes what holds it."""
    if not path:
        made.update(value)
        return
    for segment, after in zip(path, (*path[1:], None), strict=True):
        if isinstance(segment, Select) or segment == ONLY:
            found = walk(made, (segment,))
            if after is None:
                made.append(value)
            elif found is None:
                made.append({segment.key: segment.value} if isinstance(segment, Select) else {})
                found = made[-1]
            made = found
        elif after is None:
            made[segment] = {**made[segment], **value} if isinstance(made.get(segment), dict) else value
        else:
            made = made.setdefault(segment, [] if isinstance(after, Select) or after == ONLY else {})


def wrappings(one: Any, types: Any, side: int) -> int:
    """How often an element of unknown type has been wrapped; see `lso.lens.unknown`."""
    inside = one.get("raw") if one.get(types.tag[side]) == "other" and len(one) == 2 else None
    if not isinstance(inside, dict) or inside.get(types.tag[1 - side]) in [case[1 - side] for case in types.cases]:
        return 0
    return 1 + wrappings(inside, types, 1 - side)
