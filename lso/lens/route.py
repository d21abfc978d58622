"""Follows the paths of a table through a specification, and row sets into each other.

A row set is written once and used in many places, so everything said about it is said about one *use*: the set
together with the schema it meets on either side.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lso.lens.schema import ANYTHING, SchemaNode
from lso.lens.table import EACH, ONLY, Path_, Row, Select, Table

THEIRS, OURS = 0, 1


@dataclass(frozen=True)
class Use:
    """A row set applied to a pair of schemas. `tags` are the members that chose it, `values` what they say."""

    name: str
    nodes: tuple[SchemaNode, SchemaNode]
    tags: tuple[str | None, str | None] = (None, None)
    values: tuple[str, str] | None = None
    parent: SchemaNode | None = None

    @property
    def key(self) -> tuple[str, ...]:
        """Two uses with the same key have the same problems."""
        above = self.parent.identity if self.parent else ""
        return (self.name, *(node.identity for node in self.nodes), *(self.values or ("", "")), above)


@dataclass
class Step:
    """What rows say about one place of one side, and about the places below it."""

    below: dict[object, Step] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)


class Astray(Exception):
    """A path that the specification does not have."""


def paths(row: Row, side: int) -> tuple[Path_, ...]:
    """The paths of a row on one side."""
    return row.theirs if side == THEIRS else row.ours


def extension(row: Row) -> bool:
    """Whether the row names something that the dialect's specification leaves to its extensions."""
    return row.how.get("ext") in (True, "true")


def steps(rows: tuple[Row, ...], side: int) -> Step:
    """The rows of a set as a tree of places on one side."""
    root = Step()
    for row in rows:
        for path in paths(row, side):
            here = root
            for segment in path:
                here = here.below.setdefault(segment, Step())
            here.rows.append(row)
    return root


def merged(step: Step) -> Step:
    """What the rows say about the elements of a list, picked out or not, taken together."""
    together = Step()
    for segment, found in step.below.items():
        together.rows += found.rows
        if isinstance(segment, Select):
            together.below.setdefault(segment.key, Step()).rows.append(Row((), (), {"tag": True}))
        _merge(together, found)
    return together


def _merge(into: Step, other: Step) -> None:
    for segment, found in other.below.items():
        here = into.below.setdefault(segment, Step())
        here.rows += found.rows
        _merge(here, found)


def follow(node: SchemaNode, path: Path_) -> SchemaNode:
    """The schema at the end of a path; inside an opaque object every path exists. Raises Astray."""
    for segment in path:
        if node.opaque:
            return node.extra if isinstance(node.extra, SchemaNode) else node
        if isinstance(segment, Select) or segment == EACH or (segment == ONLY and node.items is not None):
            if node.items is None:
                raise Astray(f"{segment} needs a list")
            node = node.items
            if isinstance(segment, Select) and not node.opaque:
                key = member(node, segment.key)
                if key.words is not None and segment.value not in key.words:
                    raise Astray(f"{segment.value} is not a word of {segment.key}")
        else:
            node = member(node, segment)
    return node


def member(node: SchemaNode, name: str) -> SchemaNode:
    """A member by name, whichever case of a polymorphic object has it. Raises Astray."""
    for shape in (node, *node.cases.values()):
        if name in shape.members:
            return shape.members[name]
    if isinstance(node.extra, SchemaNode):
        return node.extra
    raise Astray(f"{name} is not a member of {node.identity}")


def inner(table: Table, use: Use, row: Row) -> Iterator[Use]:
    """The uses of other row sets that a row makes. Raises Astray where its paths do."""
    name = row.how.get("one") or row.how.get("each") or row.how.get("each_of")
    if name is None or not row.theirs or not row.ours:
        return
    theirs = ANYTHING if extension(row) else follow(use.nodes[THEIRS], row.theirs[0])
    ends = theirs, follow(use.nodes[OURS], row.ours[0])
    parent = use.nodes[OURS]
    if "each_of" not in row.how:
        if name in table.sets:
            keys = [path[-1].key if isinstance(path[-1], Select) else None for path in (row.theirs[0], row.ours[0])]
            yield Use(name, ends, (keys[THEIRS], keys[OURS]), parent=parent)
        return
    types = table.types.get(name)
    if types is None:
        return
    for case in types.cases:
        nodes = theirs.cases.get(case[THEIRS], theirs), ends[OURS].cases.get(case[OURS], ends[OURS])
        if case[2] in table.sets:
            yield Use(case[2], nodes, types.tag, case[:2], parent)


def uses(table: Table, theirs: SchemaNode, ours: SchemaNode) -> list[Use]:
    """Every use of every row set that is reached from the top, each once."""
    found: dict[tuple[str, ...], Use] = {}
    waiting = [Use("main", (theirs, ours))]
    while waiting:
        use = waiting.pop()
        if use.key in found:
            continue
        found[use.key] = use
        for row in table.sets[use.name]:
            try:
                waiting += inner(table, use, row)
            except Astray:
                continue
    return list(found.values())
