"""How much of a specification a table accounts for, place by place.

A place is *named* by a row, covered by a *rest*, or *dropped* with a reason; what is none of these is *missing*.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from lso.lens.route import Astray, Step, Use, inner, merged, steps
from lso.lens.schema import SchemaNode, leaves
from lso.lens.table import EACH, ONLY, Row, Select, Table

Kind = Literal["named", "rest", "dropped", "missing"]
TAG = Row((), (), {"tag": True})


@dataclass(frozen=True)
class Coverage:
    """One side of a table held against its specification."""

    specification: str
    places: Mapping[str, Kind]

    def count(self, kind: Kind) -> int:
        """How many places are of this kind."""
        return sum(1 for found in self.places.values() if found == kind)

    @property
    def missing(self) -> tuple[str, ...]:
        """The places nobody accounts for."""
        return tuple(place for place, kind in self.places.items() if kind == "missing")

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return 1.0 if not self.places else 1 - len(self.missing) / len(self.places)

    def __str__(self) -> str:
        return (f"{self.specification}: {len(self.places)} places, {self.count('named')} named, "
                f"{self.count('rest')} rest, {self.count('dropped')} dropped, {len(self.missing)} missing: "
                f"{self.share:.0%}")


def cover(table: Table, top: Use, side: int) -> Coverage:
    """Holds one side of a table against its specification."""
    return Coverage(table.specs[side], _Walk(table, side).use(top, "", frozenset()))


class _Walk:
    def __init__(self, table: Table, side: int) -> None:
        self.table, self.side = table, side

    def use(self, use: Use, at: str, above: frozenset[tuple[str, ...]]) -> dict[str, Kind]:
        """The places below one use of a row set; a use inside itself counts as one named place."""
        key = use.key[:5]
        if key in above:
            return {at: "named"}
        root = steps(self.table.sets[use.name], self.side)
        tag = use.tags[self.side]
        if tag is not None:
            root.below.setdefault(tag, Step()).rows.append(TAG)
        default: Kind = "rest" if self.table.rest_same else "missing"
        node = use.nodes[self.side]
        cases = {f"{at}<{value}>": case for value, case in node.cases.items()} or {at: node}
        return {place: kind for where, case in cases.items()
                for place, kind in self.place(use, root, case, at=where, default=default, above=above | {key}).items()}

    def place(self, use: Use, step: Step, node: SchemaNode, *, at: str, default: Kind,
              above: frozenset[tuple[str, ...]]) -> dict[str, Kind]:
        """The places at and below a node, given what the rows say about it."""
        for row in step.rows:
            if "drop" in row.how:
                default = "dropped"
            elif "rest" in row.how:
                default = "rest"
            elif row is not TAG and ("one" in row.how or "each" in row.how or "each_of" in row.how):
                return self.nested(use, row, at, above)
            else:
                return dict.fromkeys(leaves(node, at), "named")
        if not step.below:
            return dict.fromkeys(leaves(node, at), default)
        if node.items is not None and all(isinstance(s, Select) or s in (EACH, ONLY) for s in step.below):
            return self.place(use, merged(step), node.items, at=f"{at}/*", default=default, above=above)
        if not node.members:
            return {at: "named"}
        found: dict[str, Kind] = {}
        for name, member in node.members.items():
            below = step.below.get(name, Step())
            found |= self.place(use, below, member, at=f"{at}/{name}" if at else name, default=default, above=above)
        return found

    def nested(self, use: Use, row: Row, at: str, above: frozenset[tuple[str, ...]]) -> dict[str, Kind]:
        found: dict[str, Kind] = {}
        try:
            for one in inner(self.table, use, row):
                found |= self.use(one, f"{at}<{one.values[self.side]}>" if one.values else at, above)
        except Astray:
            pass
        return found or {at: "named"}
