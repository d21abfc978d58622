"""Reads files of places row by row: CSV with a header, GeoJSON as one collection or with a feature on each line.

A row that cannot be read is told by its line and skipped. However long a file is, one row of it is held at a time.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from lso.errors import NotUnderstood
from lso.service.address_entry import Unusable
from lso.service.place_collection import features
from lso.service.place_row import columns
from lso.service.table import Lines, unread

GEOJSON = frozenset({".geojson", ".json", ".geojsonl", ".geojsons", ".ndjson"})
SEPARATOR = "\x1e"
"""May stand in front of each line of a sequence (RFC 8142)."""
LINE_MOST = 65_536
"""A place that stands on a line of its own is shorter; what is longer is taken for a collection."""
Advance = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Row:
    """line: in the file; of a collection in one document, the number of the feature. bad: why it cannot be read."""

    line: int
    told: Mapping[str, str]
    bad: str = ""


@dataclass
class Reading:
    """A file being read. unread: columns that nobody reads. counted: what the numbers of its rows count."""

    file: Path
    unread: tuple[str, ...] = ()
    counted: str = "line"

    def rows(self, advance: Advance) -> Iterator[Row]:
        """All rows. advance: told how many bytes were read since it was last told. Raises NotUnderstood for what is no
        such file."""
        with self.file.open("rb") as raw:
            yield from (self._features if self.file.suffix.lower() in GEOJSON else self._table)(raw, advance)

    def _table(self, raw: BinaryIO, advance: Advance) -> Iterator[Row]:
        lines = Lines(raw, advance)
        reader = csv.reader(lines)
        try:
            header = next(reader, None)
        except csv.Error as wrong:
            raise NotUnderstood(f"{self.file.name} is no CSV: {unread(wrong)}.") from wrong
        if not header:
            raise NotUnderstood(f"{self.file.name} has no header.")
        ours, self.unread = columns(header)
        if not ours:
            raise NotUnderstood(f"{self.file.name} has no column that is known.")
        places = [(index, ours[name]) for index, name in enumerate(header) if name in ours]
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as wrong:
                yield Row(lines.number, {}, unread(wrong))
                continue
            if len(cells) > len(header):
                yield Row(lines.number, {}, f"it has {len(cells)} values for {len(header)} columns")
            elif cells:
                yield Row(lines.number, {name: cells[index].strip() for index, name in places if index < len(cells)})

    def _features(self, raw: BinaryIO, advance: Advance) -> Iterator[Row]:
        first = raw.readline(LINE_MOST).strip().removeprefix(SEPARATOR.encode())
        raw.seek(0)
        if _kind(first) == "Feature":
            for number, line in enumerate(Lines(raw, advance), start=1):
                if text := line.strip().removeprefix(SEPARATOR):
                    yield self._row(number, text)
            return
        yield from self._collected(raw, advance)

    def _collected(self, raw: BinaryIO, advance: Advance) -> Iterator[Row]:
        """The features of a collection, each as soon as it is read."""
        self.counted, told = "feature", 0
        for number, feature in enumerate(features(raw), start=1):
            yield self._row(number, feature)
            if (there := raw.tell()) > told:
                advance(there - told)
                told = there
        advance(raw.tell() - told)

    def _row(self, number: int, feature: Any) -> Row:
        try:
            told = _told(orjson.loads(feature) if type(feature) is str else feature)
        except orjson.JSONDecodeError:
            return Row(number, {}, "it is no JSON")
        except Unusable as wrong:
            return Row(number, {}, str(wrong))
        ours, unread = columns(told)
        self.unread = tuple(dict.fromkeys((*self.unread, *unread)))
        return Row(number, {ours[name]: value for name, value in told.items() if name in ours})


def _told(feature: Any) -> dict[str, str]:
    """What a feature says: its properties, its id, and where its point is."""
    if type(feature) is not dict or feature.get("type") != "Feature":
        raise Unusable("it is no feature")
    properties = feature.get("properties") or {}
    if type(properties) is not dict:
        raise Unusable("its properties are no object")
    told = {name: _word(value) for name, value in properties.items() if value is not None}
    if (id := feature.get("id")) is not None and "id" not in told:
        told["id"] = _word(id)
    geometry = feature.get("geometry")
    if geometry is not None:
        where = geometry.get("coordinates") if type(geometry) is dict and geometry.get("type") == "Point" else None
        if type(where) is not list or not 2 <= len(where) <= 3 or not all(type(one) in (int, float) for one in where):
            raise Unusable("its geometry is no point")
        told |= dict(zip(("longitude", "latitude", "elevation"), map(repr, where), strict=False))
    return told


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, str | int | float):
        raise Unusable("a property is neither text nor number")
    return str(value).strip()


def _kind(line: bytes) -> object:
    try:
        found = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    return found.get("type") if type(found) is dict else None
