"""Rules made ready to run: which checks a request and its items undergo, and running them. Whose rules, is not known
here: orders, qualifications and quotes are examined alike.

Most checks say nothing of an item that has none of the members they are about, or all that they ask for, or where they
were not agreed to. So items of one shape undergo the same few checks, which are chosen once a shape: most items that
come look like others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

from lso.errors import Finding
from lso.lifecycle.known import Known
from lso.lifecycle.scene import Check, Document, Found, ProductRule, Scene
from lso.lifecycle.shape import PRODUCT, Members, Speaks, shape

ACTIONS = frozenset({"add", "modify", "delete", "no_change"})
SHAPES = 1024
Cited = tuple[Check, str]


@dataclass(frozen=True, slots=True)
class Made:
    """A check that is ready. speaks: what shapes it may have something to say of; all of these have to agree.
    policy: what has to be agreed."""

    check: Check
    speaks: tuple[Speaks, ...] = ()
    policy: str | None = None

    def asked(self, policies: frozenset[str], there: AbstractSet[str]) -> bool:
        """Whether there is any use in asking it."""
        return self.policy in (None, *policies) and all(speaks(there) for speaks in self.speaks)


class Ruled(Protocol):
    """What a rule says of its check: whether it looks at each item, for which actions (all, where none is named)."""

    @property
    def of(self) -> str:
        """`item`, or what the request as a whole is called."""

    @property
    def when(self) -> tuple[Any, ...]:
        """Actions."""

    @property
    def cites(self) -> str:
        """The clause."""


class Plan:
    """The checks of one family and phase, with what they cite. Those of items whose action cannot be told are those
    for any action."""

    def __init__(self, rules: Iterable[tuple[Ruled, Made]]) -> None:
        rules = tuple(rules)
        self._whole = tuple((rule, made) for rule, made in rules if rule.of != "item")
        self._item = tuple((rule, made) for rule, made in rules if rule.of == "item")
        self.of_whole = lru_cache(maxsize=SHAPES)(self._of_whole)
        self.of_item = lru_cache(maxsize=SHAPES)(self._of_item)

    def _of_whole(self, policies: frozenset[str], _action: str | None, members: Members,
                  of_product: Members) -> tuple[Cited, ...]:
        """For requests of a shape, which is what it is of an item."""
        there = _there(members, of_product)
        return tuple((made.check, rule.cites) for rule, made in self._whole if made.asked(policies, there))

    def _of_item(self, policies: frozenset[str], action: str | None, members: Members,
                 of_product: Members) -> tuple[Cited, ...]:
        """For items of a shape: their action, their members and those of their products."""
        action = action if action in ACTIONS else None
        there = _there(members, of_product)
        return tuple((made.check, rule.cites) for rule, made in self._item
                     if (not rule.when or action in rule.when) and made.asked(policies, there))


def run(plan: Plan, document: Document, products: Mapping[str, ProductRule], known: Known) -> tuple[Finding, ...]:
    """All that is wrong with a canonical document. Never raises."""
    given = document.get("items")
    items = [(index, item) for index, item in enumerate(given) if type(item) is dict] if type(given) is list else []
    by_id = {item_id: item for _, item in items if type(item_id := item.get("id")) is str}
    scene = Scene(items, by_id, products, known)
    policies = known.policies
    found: list[Finding] = []
    for check, cites in plan.of_whole(policies, *shape(document)):
        if wrong := check(scene, document, ""):
            found += _cited(wrong, cites)
    for index, item in items:
        base = f"/items/{index}"
        for check, cites in plan.of_item(policies, *shape(item)):
            if wrong := check(scene, item, base):
                found += _cited(wrong, cites)
    return tuple(found)


def _there(members: Members, of_product: Members) -> frozenset[str]:
    return frozenset((*members, *(f"{PRODUCT}/{name}" for name in of_product)))


def _cited(wrong: Iterable[Found], cites: str) -> list[Finding]:
    return [Finding(pointer, code, f"{text} ({cites})") for pointer, code, text in wrong]


def without(document: Document, owned: frozenset[str], of_items: frozenset[str]) -> Document:
    """The document without the members, of itself and of its items, that only the seller writes."""
    kept = {name: value for name, value in document.items() if name not in owned}
    if of_items and type(items := kept.get("items")) is list:
        kept["items"] = [{name: value for name, value in item.items() if name not in of_items}
                         if type(item) is dict else item for item in items]
    return kept
