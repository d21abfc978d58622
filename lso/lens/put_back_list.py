"""Putting back into lists: elements that were not asked for, and pairs of name and value. Also: reading a complement
that is not trusted.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lso.lens.complement import Node, Object
from lso.lens.shape import Bag


def members(node: Node, name: str) -> dict[str, Any]:
    """A member of a node that should be an object."""
    found = node.get(name)
    return found if type(found) is dict else {}


def list_of(node: Node, name: str) -> list[Any]:
    """A member of a node that should be a list."""
    found = node.get(name)
    return found if type(found) is list else []


def is_free(node: Node) -> bool:
    """Whether nothing of it had reached the other side."""
    return node.get("free") is True


def reinsert(these: list[Any], more: list[Any], twin: Callable[[Any], Any]) -> list[Any]:
    """Elements with those put back where they were that nobody had asked for.

    twin: the one of `these` that comes first of those alike; None if it is gone, which was meant for all alike, so
    that the second does not pass for the first; False for an element that is like no other.
    """
    out: list[Any] = []
    late: dict[int, list[Any]] = {id(one): [] for one in these}
    waiting = iter(these)
    for entry in more:
        if type(entry) is not list or len(entry) != 2 or type(entry[0]) is not int:
            continue
        position, one = entry
        while len(out) < position and (following := next(waiting, out)) is not out:
            out += [following, *late.pop(id(following))]
        first = twin(one)
        if first is not None and first is not False and id(first) in late:
            late[id(first)].append(one)
        elif first is not None:
            out.append(one)
    for one in waiting:
        out += [one, *late.pop(id(one))]
    return out


def put_bag_back(here: Object, name: str, node: Node, bag: Bag) -> None:
    """Members of pairs that are neither name nor value, second pairs of a name, and what is no pair."""
    made = here.get(name)
    if type(made) is not list:
        return
    pairs = {pair[bag.key]: pair for pair in made}
    for key, child in members(node, "at").items():
        if key in pairs and type(child) is dict:
            pair = pairs[key]
            pair |= {other: value for other, value in members(child, "rest").items() if other not in pair}

    def twin(one: Any) -> Any:
        """The first pair of that name."""
        said = one.get(bag.key) if type(one) is dict and bag.held in one else None
        return pairs.get(said) if type(said) is str else False

    here[name] = reinsert(made, list_of(node, "more"), twin)
