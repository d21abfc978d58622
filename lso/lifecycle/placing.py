"""What may be asked beside an order, about one: each kind of request is a file of rules, and they are obeyed here.

Pure: takes canonical documents and gives back others, or what is wrong with them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from lso.canonical.event import EventKind
from lso.errors import Finding
from lso.lifecycle.enrichment import Defaults, contacts_for
from lso.lifecycle.known import Known
from lso.lifecycle.machine import TASK_MACHINE
from lso.lifecycle.rules import FOLDER, Requirement, Written, catalogue, make
from lso.lifecycle.verbs import Check, Scene
from lso.settings import read_yaml

Document = dict[str, Any]
SELLER_ROLE = "sellerContact"
SCENE = Scene((), {}, {}, Known())


class Contacts(Written):
    """Roles of those to contact."""

    buyer: str
    seller: str


class PlacingRules(Written):
    """The whole of a file; its members are explained in cancellation.yaml."""

    owned: frozenset[str]
    defaults: Mapping[str, Any] = {}
    contacts: Contacts | None = None
    stamped: str | None = None
    created: EventKind | None = None
    order_states: frozenset[str]
    item_states: frozenset[str] = frozenset()
    rules: tuple[Requirement, ...]


@dataclass(frozen=True)
class Placing:
    """How one kind of request is placed. checks: by family of dialects, with what they cite."""

    rules: PlacingRules
    checks: Mapping[str, tuple[tuple[Check, str], ...]]

    def strip(self, document: Document) -> Document:
        """The document without the members that only the seller writes."""
        return {name: value for name, value in document.items() if name not in self.rules.owned}

    def examine(self, document: Document, dialect: str) -> tuple[Finding, ...]:
        """What is wrong with a request that came in a dialect, taken by itself. Never raises."""
        return tuple(Finding(pointer, code, f"{text} ({cites})")
                     for check, cites in self.checks.get(catalogue().family_of[dialect], ())
                     for pointer, code, text in check(SCENE, document, ""))

    def refer(self, document: Document, order: Document | None) -> tuple[Finding, ...]:
        """What it refers to and is not there. order: the one that it names, if there is such an order.

        That it names one at all is for the schema to demand.
        """
        if "order_id" not in document:
            return ()
        if order is None:
            return (Finding("/order_id", "referenceNotFound", "no order of that id is known"),)
        if "item_id" in document and _item(order, document) is None:
            return (Finding("/item_id", "referenceNotFound", "the order has no item of that id"),)
        return ()

    def bar(self, document: Document, order: Document, *, busy: bool) -> tuple[Finding, ...]:
        """Why the order cannot bear the request now. busy: another request about it is open."""
        if order.get("state") not in self.rules.order_states:
            return (Finding("/order_id", "invalidValue", "the order is in a state in which that cannot be asked"),)
        if busy:
            return (Finding("/order_id", "invalidValue", "another request about the order is still open"),)
        item = _item(order, document)
        if item is not None and item.get("state") not in self.rules.item_states:
            return (Finding("/item_id", "invalidValue", "the item is in a state in which that cannot be asked"),)
        return ()

    def complete(self, document: Document, dialect: str, defaults: Defaults) -> Document:
        """With what is meant where nothing was said, and with contacts where the dialect cannot know of them."""
        full = {**self.rules.defaults, **document}
        if self.rules.contacts is not None and catalogue().completes(dialect):
            contacts = contacts_for(document.get("contacts", ()), (self.rules.contacts.buyer,), defaults)
            full |= {"contacts": contacts} if contacts else {}
        return full

    def acknowledge(self, document: Document, *, id: str, at: str, contacts: Sequence[Document] = ()) -> Document:
        """The request as accepted at the door. contacts: the seller's; the one for it, else the one for everything."""
        accepted = {**document, "id": id, "state": TASK_MACHINE.after(None, "acknowledge")}
        if self.rules.stamped is not None:
            accepted[self.rules.stamped] = at
        if self.rules.contacts is not None:
            by_role = {contact["role"]: contact for contact in contacts}
            role = self.rules.contacts.seller
            ours = by_role.get(role) or by_role.get(SELLER_ROLE)
            if ours is not None:
                accepted["contacts"] = [*document.get("contacts", ()), {**ours, "role": role}]
        return accepted


@lru_cache(maxsize=16)
def placing(kind: str) -> Placing:
    """How requests of a kind are placed; raises FileNotFoundError for what nobody places."""
    written = PlacingRules.model_validate(read_yaml(FOLDER / f"{kind}.yaml"))
    checks = {family: tuple((make(rule), rule.cites) for rule in written.rules if rule.applies.get(family) == "door")
              for family in set(catalogue().family_of.values())}
    return Placing(written, checks)


def _item(order: Document, document: Document) -> Document | None:
    items: list[Document] = order.get("items", [])
    return next((item for item in items if item.get("id") == document.get("item_id")), None)
