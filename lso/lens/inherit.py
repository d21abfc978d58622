"""Inherited values on the way in.

What an element of theirs does not say, and would be made to say on the way back because the object above says it, is
remembered as absent. Looked into when the translation is complete: what is above may only just have been put back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lso.lens.complement import Node, Object, absent, keys
from lso.lens.path import walk
from lso.lens.shape import Each, Heir, One


@dataclass(frozen=True)
class _Pair:
    """An object of ours and the one it was read from."""

    ours: Any
    theirs: Any


def remember_absent(ours: Object, theirs: Object, node: Node | None, heirs: tuple[Heir, ...]) -> Node | None:
    """The complement of theirs, with what would be inherited marked as absent."""
    for heir in heirs:
        if heir.is_deep or not heir.above.isdisjoint(ours):
            pair = _Pair(ours, theirs)
            node = _one(pair, node, heir) if isinstance(heir.part, One) else _each(pair, node, heir, heir.part)
    return node


def _one(above: _Pair, node: Node | None, heir: Heir) -> Node | None:
    pair = _Pair(walk(above.ours, heir.path), walk(above.theirs, heir.part.source))
    if type(pair.ours) is not dict or type(pair.theirs) is not dict:
        return node
    child = _heir(above, pair, _look(node, heir), heir)
    return node if child is None else _put(node, heir, child)


def _each(above: _Pair, node: Node | None, heir: Heir, each: Each) -> Node | None:
    ours, theirs = walk(above.ours, heir.path), walk(above.theirs, each.source)
    if type(ours) is not list or type(theirs) is not list or len(ours) != len(theirs):
        return node
    known = (_look(node, heir) or {}).get("at", {})
    found = {key: child for key, pair in _pairs(ours, theirs, each)
             if (child := _heir(above, pair, known.get(key), heir)) is not None}
    return _put(node, heir, {"at": found}) if found else node


def _pairs(ours: list[Any], theirs: list[Any], each: Each) -> Iterator[tuple[str, _Pair]]:
    for key, mine, yours in zip(keys(theirs, each.by), ours, theirs, strict=True):
        yield key, _Pair(mine, yours)


def _heir(above: _Pair, pair: _Pair, node: Node | None, heir: Heir) -> Node | None:
    """The complement of one object that inherits from the one above, or holds some that do."""
    for leaf in heir.leaves:
        said = walk(pair.theirs, leaf.source)
        inherited = walk(above.ours, leaf.inherited) if leaf.inherited else None
        silent = said is None or leaf.read(said) is None
        if silent and inherited is not None and leaf.back(inherited) is not None:
            node = absent(node, str(leaf.source[0]))
    return remember_absent(pair.ours, pair.theirs, node, heir.shape.heirs)


def _look(node: Node | None, heir: Heir) -> Node | None:
    for name in heir.part.source:
        node = node.get("in", {}).get(name) if node is not None else None
    return node


def _put(node: Node | None, heir: Heir, child: Node) -> Node:
    """The complement with that of a part in its place."""
    node = {} if node is None else node
    here = node
    for name in heir.part.source:
        here = here.setdefault("in", {}).setdefault(name, {})
    here |= child
    return node
