"""What may be asked beside an order: each kind of request is a file of rules, and they are obeyed here.

Some are about an order (a cancellation), others stand for themselves and have items as an order has (a qualification).
Pure: takes canonical documents and gives back others, or what is wrong with them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from lso.canonical.event import EventKind
from lso.errors import Finding
from lso.lifecycle.amendment import Free
from lso.lifecycle.enrichment import Source, contacts_for, product_of, write_notes
from lso.lifecycle.known import Known
from lso.lifecycle.machine import MACHINES, ORDER_MACHINE
from lso.lifecycle.plan import Plan, run, without
from lso.lifecycle.rules import Action, Requirement, Rule, RuleError, Written, catalogue, folder, make
from lso.settings import read_yaml

Document = dict[str, Any]
SELLER_ROLE = "sellerContact"
ENDED = "the order has come to its end"
WAITS = "the order waits for the end of something else, or for an answer to a charge"


class Contacts(Written):
    """Roles of those to contact."""

    buyer: str
    seller: str


class PlacingRule(Requirement):
    """One rule, as written."""

    of: Literal["request", "item"] = "request"
    when: tuple[Action, ...] = ()


class PlacingRules(Written):
    """The whole of a file; its members are explained in cancellation.yaml and qualification.yaml."""

    owned: frozenset[str]
    item_owned: frozenset[str] = frozenset()
    item_history: bool = True
    usual_term: bool = False
    defaults: Mapping[str, Any] = {}
    usual: Mapping[str, Mapping[str, Any]] = {}
    contacts: Contacts | None = None
    stamped: str | None = None
    created: EventKind | None = None
    order_states: frozenset[str] | None = None
    item_states: frozenset[str] = frozenset()
    free: Mapping[str, Free] = {}
    like_orders: Mapping[str, str] = {}
    rules: tuple[PlacingRule, ...]


@dataclass(frozen=True)
class Placing:
    """How one kind of request is placed. plans: by family of dialects and phase."""

    kind: str
    rules: PlacingRules
    plans: Mapping[tuple[str, str], Plan]

    @property
    def about_orders(self) -> bool:
        """Whether requests of the kind are about an order."""
        return self.rules.order_states is not None

    def ended(self, document: Document) -> bool:
        """Whether nothing will happen to the request any more."""
        return document.get("state") in MACHINES[self.kind][0].ends

    def strip(self, document: Document, dialect: str) -> Document:
        """The document without the members that only the seller writes; its items say what is to be done."""
        kept = without(document, self.rules.owned, self.rules.item_owned)
        if catalogue().completes(dialect) and type(items := kept.get("items")) is list:
            kept["items"] = [{"action": _presumed(item), **item} if type(item) is dict else item for item in items]
        return kept

    def examine(self, document: Document, dialect: str, known: Known) -> tuple[Finding, ...]:
        """What is wrong with a request that came in a dialect, taken by itself. Never raises."""
        return run(self.plans[catalogue().family_of[dialect], "door"], document, catalogue().products, known)

    def examine_later(self, document: Document) -> tuple[Finding, ...]:
        """What an accepted request lacks, whatever dialect it came in."""
        return run(self.plans["", "later"], document, catalogue().products, Known())

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
        if order.get("state") not in (self.rules.order_states or ()):
            return (Finding("/order_id", "invalidValue", ENDED if order.get("state") in ORDER_MACHINE.ends else WAITS),)
        if busy:
            return (Finding("/order_id", "invalidValue", "another request about the order is still open"),)
        item = _item(order, document)
        if item is not None and item.get("state") not in self.rules.item_states:
            return (Finding("/item_id", "invalidValue", "the item is in a state in which that cannot be asked"),)
        return ()

    def meant(self, document: Document, dialect: str) -> Document:
        """With what is meant where nothing was said."""
        return {**self.rules.defaults, **self.rules.usual.get(catalogue().family_of[dialect], {}), **document}

    def complete(self, document: Document, dialect: str, source: Source) -> Document:
        """The same, and with contacts, ids and products where the dialect cannot know of them."""
        full = self.meant(document, dialect)
        if not catalogue().completes(dialect):
            return full
        if self.rules.contacts is not None:
            contacts = contacts_for(document.get("contacts", ()), (self.rules.contacts.buyer,), source.defaults)
            full |= {"contacts": contacts} if contacts else {}
        if "items" in document:
            taken = {item.get("id") for item in document["items"]}
            spare = (name for number in range(1, 2 * len(document["items"]) + 1) if (name := str(number)) not in taken)
            full["items"] = [product_of({**item, "id": item["id"] if "id" in item else next(spare)}, source)
                             for item in document["items"]]
        for holder in (full, *full.get("items", ())):
            write_notes(holder, source)
        if self.rules.usual_term and source.defaults.term is not None:
            usual = source.defaults.term.model_dump(mode="json", exclude_unset=True)
            for item in full.get("items", ()):
                if item.get("action") in ("add", "modify"):
                    item["requested_term"] = {**usual, **item.get("requested_term", {})}
        return full

    def acknowledge(self, document: Document, *, id: str, at: str, contacts: Sequence[Document] = ()) -> Document:
        """The request as accepted at the door: what is to be answered at once has no state before it is.

        contacts: the seller's; the one for it, else the one for everything.
        """
        accepted = {**document, "id": id}
        if document.get("instant") is not True:
            accepted |= self._begun(document, at)
        if self.rules.stamped is not None:
            accepted[self.rules.stamped] = at
        if self.rules.contacts is not None:
            by_role = {contact["role"]: contact for contact in contacts}
            role = self.rules.contacts.seller
            ours = by_role.get(role) or by_role.get(SELLER_ROLE)
            if ours is not None:
                accepted["contacts"] = [*document.get("contacts", ()), {**ours, "role": role}]
        return accepted

    def _begun(self, document: Document, at: str) -> Document:
        """The states with which a request and its items begin."""
        whole, of_item = MACHINES[self.kind]
        state = whole.after(None, "acknowledge")
        if of_item is None:
            return {"state": state}
        of_items = of_item.after(None, "acknowledge")
        said = {"state": of_items} | ({"history": [{"state": of_items, "at": at}]} if self.rules.item_history else {})
        return {"state": state, "history": [{"state": state, "at": at}],
                "items": [{**item, **said} for item in document.get("items", ())]}


@lru_cache(maxsize=16)
def placing(kind: str) -> Placing:
    """How requests of a kind are placed; raises FileNotFoundError for what nobody places."""
    written = PlacingRules.model_validate(read_yaml(folder() / f"{kind}.yaml"))
    of_orders = {rule.rule: rule for rule in catalogue().rules}
    if strangers := set(written.like_orders) - set(of_orders):
        raise RuleError(f"{kind}: orders have no rule {', '.join(sorted(strangers))}")
    rules: list[Rule | PlacingRule] = [of_orders[name].model_copy(update={"cites": cites})
                                       for name, cites in written.like_orders.items()]
    made = [(rule, make(rule)) for rule in (*rules, *written.rules)]
    plans = {(family, "door"): Plan((rule, one) for rule, one in made if rule.applies.get(family) == "door")
             for family in set(catalogue().family_of.values())}
    plans["", "later"] = Plan((rule, one) for rule, one in made if "later" in rule.applies.values())
    return Placing(kind, written, plans)


def _presumed(item: Document) -> str:
    """What an item is about whose dialect has no word for that: what exists already is to be changed."""
    product = item.get("product")
    return "modify" if type(product) is dict and "id" in product else "add"


def _item(order: Document, document: Document) -> Document | None:
    items: list[Document] = order.get("items", [])
    return next((item for item in items if item.get("id") == document.get("item_id")), None)
