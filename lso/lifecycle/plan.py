"""Rules made ready to run: which checks a request and its items undergo, and running them. Whose rules, is not known
here: orders, qualifications and quotes are examined alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from lso.errors import Finding
from lso.lifecycle.known import Known
from lso.lifecycle.verbs import Check, Document, ProductRule, Scene

ACTIONS = ("add", "modify", "delete", "no_change")
Cited = tuple[Check, str]


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


@dataclass(frozen=True, slots=True)
class Plan:
    """The checks of one family and phase, with what they cite: those of the whole, those of an item by its action.

    of_any: for items whose action cannot be told.
    """

    of_whole: tuple[Cited, ...]
    of_item: Mapping[Any, tuple[Cited, ...]]
    of_any: tuple[Cited, ...]


def plan(rules: Iterable[tuple[Ruled, Check]]) -> Plan:
    """The plan of rules and the checks that they ask for."""
    rules = tuple(rules)
    of_item = {action: tuple((check, rule.cites) for rule, check in rules
                             if rule.of == "item" and (not rule.when or action in rule.when)) for action in ACTIONS}
    return Plan(tuple((check, rule.cites) for rule, check in rules if rule.of != "item"), of_item,
                tuple((check, rule.cites) for rule, check in rules if rule.of == "item" and not rule.when))


def run(plan: Plan, document: Document, products: Mapping[str, ProductRule], known: Known) -> tuple[Finding, ...]:
    """All that is wrong with a canonical document. Never raises."""
    given = document.get("items")
    items = [(index, item) for index, item in enumerate(given) if type(item) is dict] if type(given) is list else []
    by_id = {item_id: item for _, item in items if type(item_id := item.get("id")) is str}
    scene = Scene(items, by_id, products, known)
    found = [Finding(pointer, code, f"{text} ({cites})")
             for check, cites in plan.of_whole for pointer, code, text in check(scene, document, "")]
    for index, item in items:
        action = item.get("action")
        checks = plan.of_item.get(action, plan.of_any) if type(action) is str else plan.of_any
        base = f"/items/{index}"
        for check, cites in checks:
            if wrong := check(scene, item, base):
                found += [Finding(pointer, code, f"{text} ({cites})") for pointer, code, text in wrong]
    return tuple(found)


def without(document: Document, owned: frozenset[str], of_items: frozenset[str]) -> Document:
    """The document without the members, of itself and of its items, that only the seller writes."""
    kept = {name: value for name, value in document.items() if name not in owned}
    if of_items and type(items := kept.get("items")) is list:
        kept["items"] = [{name: value for name, value in item.items() if name not in of_items}
                         if type(item) is dict else item for item in items]
    return kept
