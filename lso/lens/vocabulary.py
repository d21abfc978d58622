"""What a table may not say about words and shapes: the two sides of a row must be able to say the same things.

Like `refusal`: one function a rule, each looks at one use of a row set and yields reasons.
"""

from __future__ import annotations

from collections.abc import Iterator

from lso.lens.path import path_text
from lso.lens.refusal import SIDES, Reason, at
from lso.lens.route import THEIRS, Astray, Use, extension, member, paths
from lso.lens.schema import SchemaNode
from lso.lens.table import Row, Table

VERBS = ("words", "as", "one", "each", "each_of", "rest", "bag", "const", "drop", "call")
UNKNOWN_CASE = "other"


def words(table: Table, use: Use) -> Iterator[Reason]:
    """A vocabulary and the specification list the same words; types and their cases likewise."""
    for row in table.sets[use.name]:
        if row.how.get("words") in table.words:
            for side in SIDES:
                for position, one in enumerate(paths(row, side)):
                    node = None if side == THEIRS and extension(row) else at(use.nodes[side], one)
                    if node is not None:
                        yield from _vocabulary(table, row, side, position, node)
        elif "each_of" in row.how:
            yield from _cases(table, use, row)
        elif "const" in row.how:
            for side in SIDES:
                for one in paths(row, side):
                    node = at(use.nodes[side], one)
                    if node is not None and node.words is not None and row.how["const"] not in node.words:
                        yield Reason("words", row, f"{row.how['const']!r} is not a word of {path_text(one)}")


def shape(table: Table, use: Use) -> Iterator[Reason]:
    """A row without a verb copies: both places must hold the same kind of thing, in the same words."""
    for row in table.sets[use.name]:
        if any(verb in row.how for verb in VERBS) or not row.theirs or not row.ours or extension(row):
            continue
        if len(row.theirs) > 1 or len(row.ours) > 1:
            yield Reason("shape", row, "several places on one side need words or a call")
            continue
        theirs, ours = (at(use.nodes[side], paths(row, side)[0]) for side in SIDES)
        if theirs is not None and ours is not None:
            yield from _alike(row, theirs, ours)


# -- details ----------------------------------------------------------------------------------------------------


def _vocabulary(table: Table, row: Row, side: int, position: int, node: SchemaNode) -> Iterator[Reason]:
    known = table.words[row.how["words"]]
    column = table.sides[side]
    if column not in known.columns:
        yield Reason("words", row, f"{row.how['words']} has no column {column}")
        return
    cells = [line[known.columns.index(column)] for line in known.rows]
    said = {cell[position] if isinstance(cell, (list, tuple)) else cell for cell in cells} - {None}
    if node.words is None:
        return
    for word in sorted(map(str, said - set(node.words))):
        yield Reason("words", row, f"{row.how['words']}: {word} is not a word of {column}")
    if column not in known.open:
        for word in sorted(map(str, set(node.words) - said)):
            yield Reason("words", row, f"{row.how['words']}: {column} has the word {word}, which stands in no row")


def _cases(table: Table, use: Use, row: Row) -> Iterator[Reason]:
    types = table.types.get(row.how["each_of"])
    for side in SIDES:
        node = at(use.nodes[side], paths(row, side)[0]) if types and paths(row, side) else None
        if node is None or types is None or node.opaque:
            continue
        tag = types.tag[side]
        said = {case[side] for case in types.cases}
        try:
            listed = set(node.cases) if node.tag == tag else set(member(node, tag).words or said)
        except Astray as why:
            yield Reason("path", row, f"the tag: {why}")
            continue
        for word in sorted(said - listed):
            yield Reason("words", row, f"{word} is not a case of {tag}")
        for word in sorted(listed - said - {UNKNOWN_CASE}):
            yield Reason("words", row, f"{tag} may be {word}, for which there is no case")


def _alike(row: Row, theirs: SchemaNode, ours: SchemaNode) -> Iterator[Reason]:
    if theirs.opaque or ours.opaque:
        return
    if theirs.types and ours.types and not _compatible(theirs.types, ours.types):
        yield Reason("shape", row, f"{'/'.join(sorted(theirs.types))} is copied as {'/'.join(sorted(ours.types))}")
    if theirs.items is not None and ours.items is not None:
        yield from _alike(row, theirs.items, ours.items)
    elif theirs.members or ours.members:
        odd = theirs.members.keys() ^ ours.members.keys()
        if odd:
            yield Reason("shape", row, f"is copied whole, only one side has {', '.join(sorted(odd))}: use a row set")
        for name in theirs.members.keys() & ours.members.keys():
            yield from _alike(row, theirs.members[name], ours.members[name])
    elif set(theirs.words or ()) != set(ours.words or ()):
        odd_words = sorted(map(str, set(theirs.words or ()) ^ set(ours.words or ())))
        yield Reason("words", row, f"is copied, and only one side lists {', '.join(odd_words)}: use words")


def _compatible(one: frozenset[str], other: frozenset[str]) -> bool:
    wide = {"integer": {"integer", "number"}, "number": {"integer", "number"}}
    return any(wide.get(kind, {kind}) & other for kind in one)
