"""Puts back what an earlier translation in the other direction could not carry.

Works on the document just written, next to the one it was written from. What has been edited since wins: a spelling
returns only if it still says what the source says, an absence only if nobody has filled it, the leftovers of an object
only while the object is there. The complement may come from anybody, so its shape is not trusted, and it is never
changed: only what the translation has just made is.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Any

from lso.lens.complement import Node, Object, keys
from lso.lens.conversion import same
from lso.lens.joint import Joint
from lso.lens.path import walk
from lso.lens.put_back_list import is_free, list_of, members, put_bag_back, reinsert
from lso.lens.shape import Bag, Each, Leaf, One, Part, Pick, Picks, Shape


@dataclass(slots=True)
class Scope:
    """The objects that a row set connects, and those above. near: just written. far: its source."""

    near: Object
    far: Any
    above: Scope | None = None


def put_back(near: Object, far: Object, complement: Any, shape: Shape) -> None:
    """Puts a complement back into a whole document."""
    if type(complement) is dict:
        _set(complement, shape, Scope(near, far))


def _set(node: Node, shape: Shape, scope: Scope) -> None:
    """Everything of a row set; what is converted together last, since calls may look at all the others."""
    _object(scope.near, node, shape, scope)
    if "spelled" in node or "absent" in node:
        for joint in shape.joints:
            _rejoin(scope.near, node, joint, scope)


def _object(here: Object, node: Node, shape: Shape, scope: Scope) -> None:
    restored = _rest(here, node, shape, scope) if "rest" in node else frozenset()
    if "spelled" in node or "absent" in node:
        _respell(here, node, shape, scope)
    for name, child in members(node, "in").items():
        if name in restored or type(child) is not dict:
            continue
        if (inner := shape.objects.get(name)) is not None:
            _nested(here, name, child, inner, scope)
        elif (part := shape.parts.get(name)) is not None:
            _part(here, name, child, part, scope)


def _rest(here: Object, node: Node, shape: Shape, scope: Scope) -> Set[str]:
    """Members with no counterpart, or that could not be read; the names of those that are back."""
    taken = {name for joint in shape.joints if any(other in here for other in joint.targets) for name in joint.targets}
    restored: set[str] = set()
    for name, value in members(node, "rest").items():
        inner = shape.objects.get(name)
        gone = name not in here and (value is None or name not in taken) and not _live(name, value, shape, scope)
        if gone or name in shape.constants:
            here[name] = value
            restored.add(name)
        elif inner is not None and type(value) is dict and type(here.get(name)) is dict:
            _object(here[name], {"rest": value}, inner, scope)
    return restored


def _live(name: str, value: Any, shape: Shape, scope: Scope) -> bool:
    """Whether a guard that shut a member out now lets it through, so that its absence is meant."""
    part = shape.parts.get(name)
    guards = [(leaf.guard, leaf.back(value) is not None) for leaf in shape.leaves.get(name, ()) if leaf.guard]
    if part is not None and part.guard is not None:
        guards.append((part.guard, _is_readable(value, part)))
    ours = scope.near if shape.ours else scope.far
    return any(readable and guard is not None and guard.holds(ours) for guard, readable in guards)


def _is_readable(value: Any, part: Part) -> bool:
    if isinstance(part, Each):
        return type(value) is list and all(type(one) is dict for one in value)
    return type(value) is (list if isinstance(part, Bag) else dict)


# -- spelling -------------------------------------------------------------------------------------------------------


def _respell(here: Object, node: Node, shape: Shape, scope: Scope) -> None:
    for name, spelling in members(node, "spelled").items():
        leaves = shape.leaves.get(name, ())
        shown = [value for leaf in leaves if (value := walk(scope.far, leaf.source)) is not None]
        if shown and _says_again(spelling, leaves, shown):
            here[name] = spelling
    for name in list_of(node, "absent"):
        if type(name) is not str or name not in here:
            continue
        unfilled = any(same(_derived(leaf, scope), walk(scope.far, leaf.source)) for leaf in shape.leaves.get(name, ()))
        if name in shape.constants or unfilled:
            _remove(here, name, node)


def _says_again(spelling: Any, leaves: Sequence[Leaf], shown: Sequence[Any]) -> bool:
    """Whether a spelling still says what the source shows."""
    for leaf in leaves:
        said = leaf.back(spelling)
        for value in shown:
            if same(said, value):
                return True
    return False


def _derived(leaf: Leaf, scope: Scope) -> Any:
    """What the source shows of a value that is absent here."""
    if leaf.inherited is None or scope.above is None:
        return leaf.default
    inherited = walk(scope.above.near, leaf.inherited)
    return None if inherited is None else leaf.back(inherited)


def _remove(here: Object, name: str, node: Node) -> None:
    """It was absent, or said nothing that can be carried."""
    del here[name]
    rest = members(node, "rest")
    if name in rest:
        here[name] = rest[name]


def _rejoin(here: Object, node: Node, joint: Joint, scope: Scope) -> None:
    """Members that are converted together are put back together."""
    spelled, missing = members(node, "spelled"), list_of(node, "absent")
    if not any(name in spelled or name in missing for name in joint.targets):
        return
    values = tuple(spelled[name] if name in spelled else None if name in missing else here.get(name)
                   for name in joint.targets)
    shown = joint.backward(values, here)
    if shown is None or not same(list(shown), list(joint.values(scope.far, joint.sources))):
        return
    for name, value in zip(joint.targets, values, strict=True):
        if value is not None:
            here[name] = value
        elif name in here:
            _remove(here, name, node)


# -- inside ---------------------------------------------------------------------------------------------------------


def _nested(here: Object, name: str, node: Node, shape: Shape, scope: Scope) -> None:
    if type(here.get(name)) is dict:
        _object(here[name], node, shape, scope)
    elif is_free(node) and name not in here:
        here[name] = {}
        _object(here[name], node, shape, scope)


def _part(here: Object, name: str, node: Node, part: Part, scope: Scope) -> None:
    if isinstance(part, One):
        if type(here.get(name)) is dict:
            _set(node, part.shape, Scope(here[name], walk(scope.far, part.source), scope))
    elif isinstance(part, Each):
        _each(here.get(name), node, part, scope)
    elif isinstance(part, Picks):
        _picks(here, name, node, part, scope)
    elif isinstance(part, Bag):
        put_bag_back(here, name, node, part)


def _each(made: Any, node: Node, each: Each, scope: Scope) -> None:
    source, nodes = walk(scope.far, each.source), members(node, "at")
    if type(made) is not list or type(source) is not list or len(made) != len(source):
        return
    if not nodes:
        return
    for position, key in enumerate(keys(source, each.by)):
        child = nodes.get(key)
        if type(child) is not dict or type(made[position]) is not dict:
            continue
        shape = each.shape
        if each.types is not None:
            shape = _retype(made[position], source[position], child, each)
        if shape is not None:
            _set(child, shape, Scope(made[position], source[position], scope))


def _retype(made: Object, source: Object, node: Node, each: Each) -> Shape | None:
    """The shape of an element that is still of the type its leftovers were of; gives it that type's word."""
    word = node.get("type")
    types = each.types
    if types is None or type(word) is not str or word not in types.cases:
        return None
    here, there = types.tags
    said, shape = types.cases[word]
    now = source.get(there)
    if type(now) is not str or types.read.get(now) != types.read[said]:
        return None
    made[here] = word
    return shape


def _picks(here: Object, name: str, node: Node, part: Picks, scope: Scope) -> None:
    made, nodes = here.get(name), members(node, "at")
    have: dict[str, Object] = {}
    for pick in part.picks:
        found = _picked(made, pick)
        child = nodes.get(pick.label)
        if type(child) is dict:
            if found is None and is_free(child):
                found = {} if pick.key is None else {pick.key: pick.word}
            if found is not None:
                if pick.source is None:
                    _object(found, child, pick.shape, scope)
                else:
                    _set(child, pick.shape, Scope(found, walk(scope.far, pick.source), scope))
        if found is not None:
            have[pick.label] = found
    rank = {label: position for position, label in enumerate(list_of(node, "order")) if type(label) is str}
    out = [have[label] for label in sorted(have, key=lambda label: rank.get(label, len(rank)))]

    def twin(one: Any) -> Any:
        """The picked-out element that one more of the list would be mistaken for; False if it can be for none."""
        for pick in part.picks:
            if pick.key is not None and type(one) is dict and one.get(pick.key) == pick.word:
                return have.get(pick.label)
        return False

    out = reinsert(out, list_of(node, "more"), twin)
    if out or is_free(node):
        here[name] = out


def _picked(made: Any, pick: Pick) -> Object | None:
    """The element that was just written for a pick."""
    for one in made if type(made) is list else ():
        if type(one) is dict and (pick.key is None or one.get(pick.key) == pick.word):
            found: Object = one
            return found
    return None
