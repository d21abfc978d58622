"""What a table may not say: one function a rule. Each looks at one use of a row set and yields reasons.

path      a place that the specification does not have
overlap   two rows that write one place; a picked-out element in a list that another row carries
key       `by` naming a member that elements lack (error) or may lack (warning)
law       a codec or call that no law test names, or that nobody knows
only      `0` on a list that may hold more, without `only`

Words and shapes are the business of `vocabulary`.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any, NamedTuple

from lso.lens.path import path_text
from lso.lens.route import OURS, THEIRS, Astray, Step, Use, extension, follow, paths, steps
from lso.lens.schema import SchemaNode
from lso.lens.table import EACH, ONLY, Path_, Row, Select, Table

SIDES = (THEIRS, OURS)


class Reason(NamedTuple):
    """Why a row is refused. A warning is printed and does not fail the build."""

    rule: str
    row: Row
    reason: str
    warning: bool = False


def path(table: Table, use: Use) -> Iterator[Reason]:
    """Every path, guard and named member must be in the specification, unless the row is an extension."""
    for row in table.sets[use.name]:
        for side in SIDES:
            if side == THEIRS and extension(row):
                continue
            for one in paths(row, side):
                try:
                    follow(use.nodes[side], one)
                except Astray as why:
                    yield Reason("path", row, str(why))
        for name in _guards(row):
            yield from _own_member(use.nodes[OURS], name, row, "when")
        if "inherit" in row.how and use.parent is not None:
            yield from _own_member(use.parent, str(row.how["inherit"]), row, "inherit")
        for verb, known in (("one", table.sets), ("each", table.sets), ("each_of", table.types),
                            ("words", table.words)):
            if verb in row.how and row.how[verb] not in known:
                yield Reason("path", row, f"{verb} names {row.how[verb]}, which the table does not have")


def only(table: Table, use: Use) -> Iterator[Reason]:
    """`0` says "the only element", so the list may have one at most, or the row says what happens otherwise."""
    for row in table.sets[use.name]:
        if row.how.get("only") in (True, "true"):
            continue
        for side in SIDES:
            for one in paths(row, side):
                for depth, segment in enumerate(one):
                    node = at(use.nodes[side], one[:depth])
                    if segment == ONLY and node is not None and node.items is not None and node.most_items != 1:
                        yield Reason("only", row, f"{_text(one[:depth])} may hold several: say only: true")


def key(table: Table, use: Use) -> Iterator[Reason]:
    """Elements are told apart by a member that they should have."""
    for row in table.sets[use.name]:
        if "by" not in row.how or not row.theirs or not row.ours:
            continue
        items = at(use.nodes[THEIRS], row.theirs[0])
        if items is None or items.opaque:
            continue
        by = str(row.how["by"])
        shapes = tuple(items.cases.values()) or (items,)
        if not any(by in shape.members for shape in shapes):
            yield Reason("key", row, f"by names {by}, which elements do not have")
        elif not all(by in shape.required for shape in shapes):
            yield Reason("key", row, f"{by} is optional: elements without it are told apart by position", warning=True)


def law(tested: frozenset[str], table: Table, use: Use) -> Iterator[Reason]:
    """Conversions in Python are trusted only when a law test names them."""
    for row in table.sets[use.name]:
        for verb in ("as", "call"):
            if verb in row.how and row.how[verb] not in tested:
                yield Reason("law", row, f"{verb} {row.how[verb]} has no law test")


def same(table: Table, use: Use) -> Iterator[Reason]:
    """Where the rest stays the same, what no row names must be on both sides, or it would leak to a partner."""
    if not table.rest_same:
        return
    named = [steps(table.sets[use.name], side).below for side in SIDES]
    for side in SIDES:
        for name in sorted(use.nodes[side].members.keys() - use.nodes[1 - side].members.keys()):
            if name not in named[side]:
                row = Row(((name,),), ((name,),), {}, table.place)
                yield Reason("path", row, f"rest: same carries {name}, which {table.sides[1 - side]} does not have")


def overlap(table: Table, use: Use) -> Iterator[Reason]:
    """In either direction, each place is written by one row."""
    for side in SIDES:
        yield from _crowded(steps(table.sets[use.name], side), (), table.rest_same)


def at(node: SchemaNode, where: Path_) -> SchemaNode | None:
    """The schema at the end of a path, or None where there is none."""
    try:
        return follow(node, where)
    except Astray:
        return None


# -- details ----------------------------------------------------------------------------------------------------


def _crowded(step: Step, at: Path_, rest_same: bool) -> Iterator[Reason]:
    writers = [row for row in step.rows if "drop" not in row.how]
    for first, second in combinations(writers, 2):
        if not _exclusive(first, second):
            yield Reason("overlap", second, f"{_text(at)} is already written by {first.place or 'another row'}")
    carriers = [row for row in writers if "rest" not in row.how]
    if carriers:
        for inside in _rows_below(step):
            yield Reason("overlap", inside, f"{_text(at)} is written whole by {carriers[0].place or 'another row'}")
    picks = [s for s in step.below if isinstance(s, Select) or (s == ONLY and len(step.below) > 1)]
    if picks and (EACH in step.below or rest_same):
        for pick in picks:
            for row in _rows_below(Step({pick: step.below[pick]})):
                yield Reason("overlap", row, f"picks an element out of {_text(at)}, which another row carries whole")
    keys = {s.key if isinstance(s, Select) else s for s in picks}
    if len(keys) > 1:
        for row in _rows_below(Step({pick: step.below[pick] for pick in picks[1:]})):
            ways = ", ".join(sorted(map(str, keys)))
            yield Reason("overlap", row, f"elements of {_text(at)} are picked out by {ways}: one may be meant twice")
    for segment, below in step.below.items():
        yield from _crowded(below, (*at, segment), rest_same)  # type: ignore[arg-type]


def _rows_below(step: Step) -> Iterator[Row]:
    for below in step.below.values():
        yield from (row for row in below.rows if "drop" not in row.how)
        yield from _rows_below(below)


def _exclusive(one: Row, other: Row) -> bool:
    """Guards that cannot both hold."""
    mine, yours = one.how.get("when"), other.how.get("when")
    if not isinstance(mine, dict) or not isinstance(yours, dict):
        return False
    return any(not set(_list(mine[name])) & set(_list(yours[name])) for name in mine.keys() & yours.keys())


def _own_member(node: SchemaNode, name: str, row: Row, verb: str) -> Iterator[Reason]:
    try:
        follow(node, tuple(name.split("/")))
    except Astray as why:
        yield Reason("path", row, f"{verb}: {why}")


def _guards(row: Row) -> list[str]:
    guard = row.how.get("when")
    return [str(name) for name in guard] if isinstance(guard, dict) else []


def _text(where: Path_) -> str:
    return path_text(where) or "the whole"


def _list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [value]
