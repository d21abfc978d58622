"""What the shape of a subject alone tells of a check: that it has nothing to say.

A shape is the members that say something, of an item also those of its product, `product/places` for one. What was
left empty (None) is not there: no check tells it from what is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

Document = dict[str, Any]
Members = tuple[str, ...]
Shape = tuple[str | None, Members, Members]
"""Of an item, or of the whole: its action, its members and those of its product."""
Speaks = Callable[[AbstractSet[str]], bool]
"""Whether a check may say something of a subject with these members."""
NO_MEMBERS: Members = ()
PRODUCT = "product"


def shape(item: Document) -> Shape:
    """The shape of an item."""
    action, product = item.get("action"), item.get(PRODUCT)
    return (action if type(action) is str else None, tuple(item) if all(item.values()) else _told(item),
            NO_MEMBERS if type(product) is not dict else tuple(product) if all(product.values()) else _told(product))


def _told(members: Document) -> Members:
    """What was told of members that are not all true: most are only false."""
    return tuple(members) if None not in members.values() else tuple(
        name for name, value in members.items() if value is not None)


def heads(paths: Iterable[str]) -> frozenset[str]:
    """What paths lead into: as far down as the shape goes."""
    return frozenset("/".join(path.split("/")[:2 if path.startswith(f"{PRODUCT}/") else 1]) for path in paths)


def silent_without(paths: Iterable[str]) -> Speaks:
    """Of a check that has nothing to say of a subject with none of the members."""
    about = heads(paths)
    return lambda there: not about.isdisjoint(there)


def silent_with(paths: Iterable[str]) -> Speaks:
    """Of a check that has nothing to say of a subject with all of the members: where the shape goes as far as they."""
    wanted = heads(paths)
    return lambda there: not wanted <= there if wanted == frozenset(paths) else True


def silent_with_one(paths: Iterable[str]) -> Speaks:
    """Of a check that has nothing to say of a subject with just one of the members, likewise."""
    wanted = heads(paths)
    return lambda there: len(wanted & there) != 1 if wanted == frozenset(paths) else True


def silent_unless(values: Mapping[str, Any]) -> Speaks:
    """Of a check that looks only where members have these values."""
    held = heads(path for path, value in values.items() if value is not None)
    return lambda there: held <= there
