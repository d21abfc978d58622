"""What a translation could not hold of its input: builds the nodes of a complement.

A node describes an object or a list of the input. It is plain JSON, every member optional:

    rest     {name: value}   members with no counterpart, or whose value could not be read
    spelled  {name: value}   members that were read, but come back spelled differently
    absent   [name]          members that were not there, but come back
    in       {name: node}    what is left of members that are objects or lists
    at       {key: node}     what is left of list elements, by key
    more     [[i, element]]  list elements that nobody asked for, with their position
    order    [key]           the order of picked-out elements, where it is not the table's
    type     word            what chose the row set of this element; it is put back only onto the same
    free     true            nothing of this reached the other side: it comes back even if what held it is gone

Generated code calls these functions only where something is left over; None is "nothing so far".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lso.lens.path import walk
from lso.lens.table import Path_

Node = dict[str, Any]
Object = dict[str, Any]


def hold(node: Node | None, name: str, value: Any) -> Node:
    """A member that does not reach the other side."""
    node = {} if node is None else node
    node.setdefault("rest", {})[name] = value
    return node


def spell(node: Node | None, name: str, value: Any) -> Node:
    """The original spelling of a member that does."""
    node = {} if node is None else node
    node.setdefault("spelled", {})[name] = value
    return node


def absent(node: Node | None, name: str) -> Node:
    """A member that is not there, and would be on the way back."""
    node = {} if node is None else node
    node.setdefault("absent", []).append(name)
    return node


def leftover(node: Node | None, source: Object, known: frozenset[str]) -> Node | None:
    """Members that no row names, and nulls."""
    return _hold_all(node, {name: value for name, value in source.items() if value is None or name not in known})


def unpoured(node: Node | None, source: Object, known: frozenset[str], dropped: frozenset[str]) -> Node | None:
    """Where all other members are poured: those dropped, and nulls of those that rows name."""
    return _hold_all(node, {name: value for name, value in source.items()
                            if name in dropped or (value is None and name in known)})


def _hold_all(node: Node | None, these: Object) -> Node | None:
    if not these:
        return node
    if node is None:
        return {"rest": these}
    node["rest"] = {**node.get("rest", {}), **these}
    return node


def nest(node: Node | None, name: str, child: Node) -> Node:
    """The complement of a list, or of an object that certainly reached the other side."""
    node = {} if node is None else node
    node.setdefault("in", {})[name] = child
    return node


def nest_object(node: Node | None, name: str, source: Object, child: Node | None, reached: int) -> Node:
    """The complement of an object, `reached` of whose members were carried over, perhaps as nothing."""
    return nest(node, name, _unreached(source) if _is_free(child, reached) else child or {})


def element(source: Object, child: Node | None, reached: int, key: str | None) -> Node | None:
    """The complement of a picked-out element, `reached` of whose members were carried over, its key not counted."""
    if _is_free(child, reached):
        return _unreached({name: value for name, value in source.items() if name != key})
    return child


def _is_free(child: Node | None, reached: int) -> bool:
    inside = child.get("in", {}).values() if child else ()
    return reached <= sum(1 for one in inside if "free" in one)


def _unreached(source: Object) -> Node:
    return {"free": True, "rest": dict(source)} if source else {"free": True}


def elements(found: dict[int, Node], target: list[Any], by: Path_ | None) -> Node:
    """The complement of a list, one for one with `target`; `found` by position."""
    named = keys(target, by)
    return {"at": {named[position]: node for position, node in found.items()}}


def keys(these: list[Any], by: Path_ | None) -> list[str]:
    """A key for every element: what the member says, made unique; its position, if there is no such text."""
    named: list[str] = []
    for one in these:
        said = None
        if by is not None:
            said = one.get(by[0]) if len(by) == 1 and type(one) is dict else walk(one, by)
        named.append(said if type(said) is str else f"#{len(named)}")
    return named if len(named) == 1 or len(set(named)) == len(named) else _unique(named)


def _unique(named: list[str]) -> list[str]:
    seen: set[str] = set()
    again: dict[str, int] = {}
    for position, stem in enumerate(named):
        key = stem
        while key in seen:
            again[stem] = again.get(stem, 0) + 1
            key = f"{stem}#{again[stem]}"
        seen.add(key)
        named[position] = key
    return named


def picked(source: list[Any], picks: Sequence[tuple[int, str, Node | None]]) -> Node | None:
    """The complement of a list out of which elements were picked: (position, label, their own complement)."""
    node: Node = {}
    taken = {position for position, _, _ in picks}
    if inner := {label: child for _, label, child in picks if child is not None}:
        node["at"] = inner
    if len(taken) != len(source):
        node["more"] = [[position, one] for position, one in enumerate(source) if position not in taken]
    found = [position for position, _, _ in picks]
    if found != sorted(found):
        node["order"] = [label for _, label, _ in sorted(picks, key=lambda pick: pick[0])]
    if all(child is not None and "free" in child for _, _, child in picks):
        node["free"] = True
    return node or None


def only(child: Node) -> Node:
    """The complement of a list whose only element has this one."""
    return {"at": {"0": child}, "free": True} if "free" in child else {"at": {"0": child}}
