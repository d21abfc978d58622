"""What a mapping cannot invent: facts that one dialect requires and another does not have (translation, section 12).

They come from what was agreed with the tenant, from the inventory and from the product rules, and are from then on
ordinary canonical data that everybody sees. Only what is absent is filled in; nothing that was sent is ever changed.
Pure: takes a canonical document that has passed the rules and gives back another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from lso.canonical.tenant import Contact
from lso.canonical.term import Duration, Term
from lso.lifecycle.known import Known
from lso.lifecycle.order import instant
from lso.lifecycle.scene import Document, ProductRule

ORDER_ROLE = "productOrderContact"
ITEM_ROLES = ("buyerProductOrderItemContact", "buyerImplementationContact", "buyerTechnicalContact")
ON_CHANGE = ("add", "modify")


class Quoted(BaseModel):
    """A quote that was given by other means than this service; term: what it binds to, where that is known."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    term: Term | None = None


class Defaults(BaseModel):
    """What a tenant wants said where its own dialect says nothing: the member `order` of a profile's settings."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    contacts: tuple[Contact, ...] = Field((), description="by role; that of the order also serves for any other role")
    billing_account: str | None = None
    term: Term | None = None
    interval_days: int | None = Field(None, ge=0, description="when a delivery is wanted that names no date")
    quote_required: bool = False
    quotes: tuple[str | Quoted, ...] = Field((), description="quotes given by other means than this service")
    terms: tuple[Duration, ...] = Field((), description="for how long products may be bound; empty: any length")

    @property
    def quoted(self) -> dict[str, Term | None]:
        """Quotes by their id, with their terms."""
        return {one if isinstance(one, str) else one.id: None if isinstance(one, str) else one.term
                for one in self.quotes}


@dataclass(slots=True)
class Source:
    """Where facts come from, for one order."""

    author: str
    at: datetime
    defaults: Defaults
    known: Known
    products: Mapping[str, ProductRule]


def enrich(document: Document, source: Source) -> Document:
    """The order with all that MEF requires of one, as far as it can be told."""
    order = dict(document)
    order["items"] = [dict(item) for item in document.get("items", ())]
    _complete(order, source)
    return order


def _complete(order: Document, source: Source) -> None:
    defaults, items = source.defaults, order["items"]
    order["contacts"] = contacts_for(order.get("contacts", ()), (ORDER_ROLE,), defaults)
    if not order["contacts"]:
        del order["contacts"]
    write_notes(order, source)
    wanted = [item for item in items if _meant(item, source.known)]
    if (defaults.interval_days is not None and wanted and "requested_completion_at" not in order
            and not all("requested_completion_at" in item for item in wanted)):
        order["requested_completion_at"] = instant(source.at + timedelta(days=defaults.interval_days))
    for item in items:
        write_notes(item, source)
        if item not in wanted:
            continue
        if contacts := contacts_for(item.get("contacts", ()), ITEM_ROLES, defaults):
            item["contacts"] = contacts
        if item["action"] == "add" and defaults.billing_account:
            item.setdefault("billing_account_id", defaults.billing_account)
        if defaults.term is not None:
            item["requested_term"] = {**defaults.term.model_dump(mode="json", exclude_unset=True),
                                      **item.get("requested_term", {})}
        item["product"] = _product(item["product"], item, source)


def product_of(item: Document, source: Source) -> Document:
    """An item with its product completed, as far as it can be told what is meant."""
    return {**item, "product": _product(item["product"], item, source)} if _meant(item, source.known) else item


def _meant(item: Document, known: Known) -> bool:
    """Whether an item asks for something that MEF could express; one that does not is left as it is, to be rejected."""
    product = item.get("product") or {}
    beside = set(product) - {"offering_id"}
    return item.get("action") in ON_CHANGE and bool(beside or product.get("offering_id") in known.offerings)


def contacts_for(given: Any, roles: tuple[str, ...], defaults: Defaults) -> list[Document]:
    """Those given, each reachable, and one for each role that nobody has; their role serves TM Forum as their id."""
    by_role = {contact.role: contact for contact in defaults.contacts}
    spare = by_role.get(ORDER_ROLE)
    filled = []
    for contact in given:
        stand_in = by_role.get(contact.get("role", ""), spare)
        told = dict(contact)
        if stand_in is not None:
            told.setdefault("role", "relatedParty")
            told.setdefault("name", told.get("party_id", stand_in.name))
            for name in ("email", "phone"):
                told.setdefault(name, getattr(stand_in, name))
        filled.append(told)
    held = {contact.get("role") for contact in given}
    for role in roles:
        stand_in = by_role.get(role, spare)
        if role not in held and stand_in is not None:
            filled.append({**stand_in.model_dump(exclude_none=True), "role": role, "party_id": role})
    return filled


def _product(product: Document, item: Document, source: Source) -> Document:
    """The product with its kind, its offering and a whole configuration, as far as they can be told."""
    told, known = dict(product), source.known
    if item["action"] == "modify" and (fact := known.products.get(product.get("id", ""))) is not None:
        for name in ("offering_id", "schema", "places", *(() if item.get("relations") else ("relations",))):
            if (had := fact.document.get(name)) is not None:
                told.setdefault(name, had)
        told["configuration"] = {**fact.document.get("configuration", {}), **product.get("configuration", {})}
    offering = known.offerings.get(told.get("offering_id", ""))
    if "schema" not in told and offering is not None and len(offering.schemas) == 1:
        told["schema"] = next(iter(offering.schemas))
    if "offering_id" not in told and "schema" in told:
        fitting = [name for name, fact in known.offerings.items() if told["schema"] in fact.schemas]
        if len(fitting) == 1:
            told["offering_id"] = fitting[0]
    rule = source.products.get(known.aliases.get(told.get("schema", ""), told.get("schema", "")))
    if rule is not None:
        told["configuration"] = {**rule.least, **told.get("configuration", {})}
    return told


def write_notes(holder: Document, source: Source) -> None:
    """A note says who wrote it and when (MEF 123, Note)."""
    if notes := holder.get("notes"):
        ours = {"author": source.author, "at": instant(source.at), "side": "buyer"}
        holder["notes"] = [{"id": f"note-{position}", **ours, **note} for position, note in enumerate(notes, 1)]
