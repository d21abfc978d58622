"""The verbs of the rule files: each makes, from what a rule says, a check of an order or of one of its items.

A check gets the scene (the whole order and what is known beside it), what it is to look at, and the pointer to that; it
gives back what is wrong, or nothing. The document may be malformed, for schema errors and rules are reported together:
a check passes over what is not of the type it needs, and never raises.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any

from lso.lifecycle.known import ENDED, ProductFact
from lso.lifecycle.scene import Check, Document, Found, Scene

NOTHING: tuple[Found, ...] = ()
EACH = "*"
NUMBERS = (int, float, Decimal)
MISSING, UNWANTED = "it is missing", "it does not belong here"
"""A reason does not name the member: the pointer does, once it has become one into the caller's document."""


def needs(paths: Sequence[str], at: str | None = None) -> Check:
    """Each member is there."""
    ways = [(path.split("/"), f"/{at or path}") for path in paths]

    def check(_scene: Scene, subject: Document, base: str) -> Iterable[Found]:
        return [(base + pointer, "missingProperty", MISSING) for way, pointer in ways if get(subject, way) is None]

    return check


def bars(paths: Sequence[str]) -> Check:
    """None of the members is there."""
    ways = [(path.split("/"), f"/{path}") for path in paths]

    def check(_scene: Scene, subject: Document, base: str) -> Iterable[Found]:
        return [(base + pointer, "unexpectedProperty", UNWANTED) for way, pointer in ways
                if get(subject, way) is not None]

    return check


def roles(wanted: Sequence[str]) -> Check:
    """There is a contact for each of the roles."""
    every = frozenset(wanted)

    def check(_scene: Scene, subject: Document, base: str) -> Iterable[Found]:
        contacts = subject.get("contacts")
        held = {role for contact in contacts if type(contact) is dict and type(role := contact.get("role")) is str} \
            if type(contacts) is list else frozenset[str]()
        if every <= held:
            return NOTHING
        missing = ", ".join(role for role in wanted if role not in held)
        return [(f"{base}/contacts", "missingProperty", f"there is no contact with role {missing}")]

    return check


def item_roles(wanted: Sequence[str], actions: Sequence[str], standing: bool = False) -> Check:
    """Each item with one of the actions has a contact for each of the roles; `standing`: if it stands somewhere.

    Of the whole, so that it can hang on what the whole says.
    """
    one = roles(wanted)

    def check(scene: Scene, _subject: Document, _base: str) -> Iterable[Found]:
        asked = [(index, item) for index, item in scene.items if item.get("action") in actions
                 and not (standing and not get(item, ["product", "places"]))]
        return [found for index, item in asked for found in one(scene, item, f"/items/{index}")]

    return check


def unique(path: str) -> Check:
    """A member of the items has a different value in each."""
    name = path.rpartition("/")[2]

    def check(scene: Scene, _subject: Document, _base: str) -> Iterable[Found]:
        if len(scene.by_id) == len(scene.items):
            return NOTHING
        seen: set[str] = set()
        found = []
        for index, item in scene.items:
            value = item.get(name)
            if type(value) is str and value in seen:
                found.append((f"/items/{index}/{name}", "invalidValue", f"another item has this {name} already"))
            elif type(value) is str:
                seen.add(value)
        return found

    return check


def same(name: str) -> Check:
    """A member of the items has the same value in each that has it."""

    def check(scene: Scene, _subject: Document, _base: str) -> Iterable[Found]:
        given = [(index, item[name]) for index, item in scene.items if type(item.get(name)) is str]
        return [(f"/items/{index}/{name}", "invalidValue", f"it differs from that of item {given[0][0]}")
                for index, value in given if value != given[0][1]]

    return check


def positive(paths: Sequence[str], zero: bool = False) -> Check:
    """Each of the numbers, where it is there, is more than nothing; `zero`: or nothing. `/*/`: of each in a list."""
    ways = [(path.split("/"), f"/{path}") for path in paths]
    said = "it has to be nothing or more" if zero else "it has to be more than nothing"

    def check(_scene: Scene, subject: Document, base: str) -> Iterable[Found]:
        found: list[Found] = []
        for way, pointer in ways:
            if EACH in way:
                given = _at(subject, way, base)
            elif (value := get(subject, way)) is not None:
                given = [(base + pointer, value)]
            else:
                continue
            found += [(at, "invalidValue", said) for at, value in given
                      if type(value) in NUMBERS and (value < 0 or (value == 0 and not zero))]
        return found

    return check


def known(path: str, among: str, beside: Sequence[str] | None = None) -> Check:
    """A reference names something we know. `beside`: only where one of these members accompanies it."""
    way = path.split("/")
    what = among.replace("_", " ").removesuffix("s")

    def check(scene: Scene, subject: Document, base: str) -> Iterable[Found]:
        value = get(subject, way)
        if type(value) is not str or value in getattr(scene.known, among):
            return NOTHING
        if beside is not None and all(get(subject, [*way[:-1], name]) is None for name in beside):
            return NOTHING
        return [(f"{base}/{path}", "referenceNotFound", f"no {what} of that id is known")]

    return check


def owned(path: str) -> Check:
    """A product named by its id is in the buyer's inventory and has not ended. It is also of a kind that the dialect
    knows, or that products of such a kind relate to; any other is not there for its callers."""
    head, _, tail = path.partition("/*/")
    way = head.split("/")

    def check(scene: Scene, subject: Document, base: str) -> Iterable[Found]:
        value = get(subject, way)
        named = [(f"/{head}", value)] if not tail else [
            (f"/{head}/{index}/{tail}", element.get(tail)) for index, element in elements(value)]
        found = []
        for pointer, product_id in named:
            if type(product_id) is not str:
                continue
            fact = scene.known.products.get(product_id)
            if fact is None or not _visible(fact, scene, related=bool(tail)):
                found.append((base + pointer, "referenceNotFound", "no product of that id is in the inventory"))
            elif fact.status in ENDED:
                found.append((base + pointer, "invalidValue", f"that product is {fact.status}"))
        return found

    return check


def refers(name: str) -> Check:
    """Elements of a list name other items of the same order."""

    def check(scene: Scene, subject: Document, base: str) -> Iterable[Found]:
        given = subject.get(name)
        if type(given) is not list:
            return NOTHING
        here, by_id, found = subject.get("id"), scene.by_id, []
        for index, element in enumerate(given):
            if type(element) is dict and type(item_id := element.get("item_id")) is str and (
                    item_id not in by_id or item_id == here):
                found.append((f"{base}/{name}/{index}/item_id", "referenceNotFound",
                              "no item beside this one has that id"))
        return found

    return check


def get(subject: Any, way: Sequence[str]) -> Any:
    """The value at a path, None where there is none."""
    for name in way:
        if type(subject) is not dict:
            return None
        subject = subject.get(name)
    return subject


def _at(subject: Any, way: Sequence[str], base: str) -> list[tuple[str, Any]]:
    """What is at a path, through lists, with pointers."""
    if EACH not in way:
        return [("/".join((base, *way)), get(subject, way))]
    each = way.index(EACH)
    base = "/".join((base, *way[:each]))
    return [found for index, one in elements(get(subject, way[:each]))
            for found in _at(one, way[each + 1:], f"{base}/{index}")]


def text(value: Any, name: str) -> str:
    """A member that is a text, else nothing that any table has."""
    member = value.get(name) if type(value) is dict else None
    return member if type(member) is str else ""


def elements(value: Any) -> Sequence[tuple[int, Document]]:
    """The objects of a list, with their positions."""
    return [(index, one) for index, one in enumerate(value) if type(one) is dict] if type(value) is list else ()


def _visible(fact: ProductFact, scene: Scene, *, related: bool) -> bool:
    if fact.schema is None:
        return True
    urn, known = scene.known.aliases.get(fact.schema, fact.schema), scene.known.schemas
    rules = [rule for name, rule in scene.products.items() if name in known] if related else []
    return urn in known or any(relation.to == urn for rule in rules for relation in rule.relations.values())


VERBS: dict[str, Callable[..., Check]] = {
    "needs": needs, "bars": bars, "roles": roles, "item_roles": item_roles, "unique": unique, "same": same,
    "positive": positive, "known": known, "owned": owned, "refers": refers,
}
