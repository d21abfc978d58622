"""Why a translated document says what it says: for each value its source, the row that carried it, and what it did.

Nothing is translated a second time: the lens makes the document, the locator finds the sources, the table is read for
the rows. What did *not* arrive is the business of `losses`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

from lso.lens.check import show_row
from lso.lens.path import pointer
from lso.lens.table import EACH, ONLY, Path_, Row, Segment, Select, Table
from lso.lens.translation import Document, Mapping

Direction = Literal["read", "write"]


class Trace(NamedTuple):
    """One value of a translated document.

    target: where it is. source: pointer into the document it was made of; "" where the row made it up.
    row: the row and its place, `sonata/order.yaml:9: [state, state, {words: order_state}]`.
    conversion: what the row does with it.
    """

    target: str
    source: str
    row: str
    conversion: str


def explain(mapping: Mapping, direction: Direction, document: Document) -> list[Trace]:
    """Traces of every value that a document has on the other side, in the order of that side."""
    reading = direction == "read"
    made = (mapping.read if reading else mapping.write)(document).document
    traces = []
    for segments, value in _leaves(made, ()):
        at = pointer(segments)
        row, conversion = _carrier(mapping.table, 1 if reading else 0, made, segments)
        source = ""
        if conversion != "constant":
            source = (mapping.locate(at, ours=made, theirs=document) if reading
                      else mapping.locate_back(at, ours=document, theirs=made))
            if _at(document, source) is None:
                source, conversion = "", _made_up(row, value)
        traces.append(Trace(at, source, f"{row.place}: {show_row(row)}" if row else "", conversion))
    return traces


def _carrier(table: Table, side: int, made: Document, segments: tuple[str, ...]) -> tuple[Row | None, str]:
    """The row that writes a place, and its verb in words."""
    rows, here, left = table.sets["main"], made, segments
    carrier: Row | None = None
    while True:
        found = _longest(rows, side, here, left)
        if found is None:
            picker = _picker(rows, side, here, left)
            if picker is not None:
                return picker, "constant"
            return carrier, "chosen by type" if carrier is not None and "each_of" in carrier.how else "passed on"
        carrier, here, left = found
        name = _row_set(table, carrier, side, here)
        if name is None or not left:
            return carrier, conversion(carrier)
        rows = table.sets[name]


def _longest(rows: tuple[Row, ...], side: int, here: Any,
             segments: tuple[str, ...]) -> tuple[Row, Any, tuple[str, ...]] | None:
    """The row whose path leads furthest along the segments, with what is there and the segments left."""
    best: tuple[int, Row, Any] | None = None
    for row in rows:
        for path in _paths(row, side):
            whole = path[:-1] if path[-1:] == (EACH,) and len(path) > len(segments) else path
            reached = _walk(here, whole, segments)
            if reached is not None and (best is None or len(path) > best[0]):
                best = len(path), row, reached[0]
    return None if best is None else (best[1], best[2], segments[best[0]:])


def _picker(rows: tuple[Row, ...], side: int, here: Any, segments: tuple[str, ...]) -> Row | None:
    """The row that made an element to put something in, where the place is the member that the element is picked by."""
    for row in rows:
        for path in _paths(row, side):
            for depth, segment in enumerate(path, start=1):
                picked_by = isinstance(segment, Select) and segments[depth:] == (segment.key,)
                if picked_by and _walk(here, path[:depth], segments) is not None:
                    return row
    return None


def _paths(row: Row, side: int) -> tuple[Path_, ...]:
    """The places that a row writes."""
    if "drop" in row.how or ("const" not in row.how and not (row.theirs and row.ours)):
        return ()
    return row.theirs if side == 0 else row.ours


def _walk(here: Any, path: Path_, segments: tuple[str, ...]) -> tuple[Any] | None:
    if len(path) > len(segments):
        return None
    for segment, said in zip(path, segments, strict=False):
        if not _meets(segment, said, here):
            return None
        here = here[int(said)] if isinstance(here, list) else here[said]
    return (here,)


def _meets(segment: Segment, said: str, here: Any) -> bool:
    if isinstance(here, dict):
        return segment == said and said in here
    if not isinstance(here, list) or not said.isdigit():
        return False
    if isinstance(segment, Select):
        return isinstance(here[int(said)], dict) and here[int(said)].get(segment.key) == segment.value
    return segment in (EACH, ONLY)


def _row_set(table: Table, row: Row, side: int, here: Any) -> str | None:
    name = row.how.get("one") or row.how.get("each")
    if name is None and "each_of" in row.how and isinstance(here, dict):
        types = table.types[row.how["each_of"]]
        return next((case[2] for case in types.cases if here.get(types.tag[side]) == case[side]), None)
    return name


def conversion(row: Row) -> str:
    """What a row does with a value, in a few words."""
    for verb, text in (("const", "constant"), ("words", "words {}"), ("as", "as {}"), ("call", "call {}"),
                       ("bag", "names and values"), ("rest", "everything else, verbatim")):
        if verb in row.how:
            return text.format(row.how[verb])
    return "copied"


def _made_up(row: Row | None, value: Any) -> str:
    if row is not None and row.how.get("default", value) == value and "default" in row.how:
        return "default"
    return "inherited" if row is not None and "inherit" in row.how else "made up"


def _leaves(value: Any, at: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(value, dict) and value:
        for name, one in value.items():
            yield from _leaves(one, (*at, name))
    elif isinstance(value, list) and value:
        for position, one in enumerate(value):
            yield from _leaves(one, (*at, str(position)))
    elif at:
        yield at, value


def _at(document: Any, at: str) -> Any:
    for segment in at.split("/")[1:]:
        name = segment.replace("~1", "/").replace("~0", "~")
        if isinstance(document, dict):
            document = document.get(name)
        elif isinstance(document, list) and name.isdigit() and int(name) < len(document):
            document = document[int(name)]
        else:
            return None
    return document
